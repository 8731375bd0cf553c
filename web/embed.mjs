// node embed.mjs DIST OUT: the built files as a C++ table of bytes, plain and compressed. The same files give the same
// text, so the program can be built again bit for bit.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

const types = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  txt: 'text/plain; charset=utf-8',
};

const [dist, out] = process.argv.slice(2);
const files = (folder) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? files(path) : [path]))
    .sort();

const bytesPerLine = 24;
function array(name, bytes) {
  const lines = [];
  for (let at = 0; at < bytes.length; at += bytesPerLine) {
    lines.push(`  ${[...bytes.subarray(at, at + bytesPerLine)].join(',')},`);
  }
  return `constexpr unsigned char ${name}[] = {\n${lines.join('\n')}\n};\n`;
}

let arrays = '';
const rows = [];
for (const [number, file] of files(dist).entries()) {
  const bytes = readFileSync(file);
  const path = '/' + relative(dist, file);
  const type = types[file.split('.').pop()];
  if (!type) throw new Error(`no media type for ${path}`);
  const gzip = gzipSync(bytes, { level: 9 });
  const smaller = gzip.length < bytes.length * 0.95;
  arrays += array(`plain_${number}`, bytes);
  if (smaller) arrays += array(`gzip_${number}`, gzip);
  const etag = createHash('sha256').update(bytes).digest('hex').slice(0, 20);
  const text = (name) => `std::string_view(reinterpret_cast<const char*>(${name}), sizeof ${name})`;
  const shown = path === '/index.html' ? '/' : path;
  rows.push(
    `      WebAsset{"${shown}", "${type}", "\\"${etag}\\"", ${text(`plain_${number}`)},\n               ` +
      `${smaller ? text(`gzip_${number}`) : 'std::string_view()'}, ${path.startsWith('/assets/')}},`,
  );
}

writeFileSync(
  out,
  `// Made from web/ by embed.mjs.
#include <array>

#include "dashboard/web_assets.h"

namespace keisei::dashboard {
namespace {
${arrays}
}  // namespace

std::span<const WebAsset> web_assets() {
  static const std::array<WebAsset, ${rows.length}> all = {
${rows.join('\n')}
  };
  return all;
}

const WebAsset* find_web_asset(std::string_view path) {
  for (const WebAsset& asset : web_assets()) {
    if (asset.path == path) return &asset;
  }
  return nullptr;
}

}  // namespace keisei::dashboard
`,
);
