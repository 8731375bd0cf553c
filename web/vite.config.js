import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

// Everything is a file of its own: the page's policy allows no inline script, style or data.
export default defineConfig({
  plugins: [svelte({ compilerOptions: { css: 'external' } })],
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: false, reportCompressedSize: false },
});
