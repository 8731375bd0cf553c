// node page_test.mjs KEISEI STAGE [PICTURES]: the page in Chromium, served by the program over runs that STAGE made.
// Every view at three widths, light and dark: no console error, nothing wider than the screen, nothing that axe objects
// to; hostile names stay text; news arrives; a server that goes and comes again is found again. Exit code 0, 1, or
// 77 where there is no Chromium. With PICTURES, a folder, what was seen is kept there.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [keisei, stage, pictures] = process.argv.slice(2);
const browserPath = '/usr/bin/chromium';
const patienceMs = 60000; // far beyond what anything takes on a loaded machine
if (!existsSync(browserPath)) {
  console.log('skipped: there is no Chromium');
  process.exit(77);
}

const folder = mkdtempSync(join(tmpdir(), 'keisei-page-'));
const runs = join(folder, 'runs');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
execFileSync(stage, [runs]);

let server = null;
async function serve(port) {
  server = spawn(keisei, ['serve', '--savedir', runs, '--port', String(port), '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    let text = '';
    server.stdout.on('data', (part) => (text += part).includes('\n') && resolve(text));
    server.on('exit', (code) => reject(new Error(`keisei serve ended with ${code}`)));
  });
  return JSON.parse(line);
}
const stop = () => new Promise((resolve) => (server.removeAllListeners('exit'), server.on('exit', resolve), server.kill('SIGTERM')));

let browser = null;
const faults = [];
let deaf = false; // while the server is down, failing requests are what is wanted

async function newPage(options) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  page.on('console', (message) => message.type() === 'error' && !deaf && faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => (faults.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.hostname !== '127.0.0.1') faults.push(`asked elsewhere: ${url.href}`);
  });
  await page.addInitScript(() => {
    window.refusals = [];
    addEventListener('securitypolicyviolation', (event) => window.refusals.push(`${event.violatedDirective} ${event.blockedURI}`));
  });
  return page;
}

/** Waits for a condition in the page. waitForFunction() would need eval, which the page's policy forbids. */
async function until(page, condition, argument) {
  for (const end = Date.now() + patienceMs; !(await page.evaluate(condition, argument)); ) {
    assert.ok(Date.now() < end, `never came: ${condition}`);
    await page.waitForTimeout(50);
  }
}

async function settled(page) {
  await until(page, () => document.querySelector('.link.live') && document.querySelector('main h1') && !document.querySelector('main > p.empty'));
  // Quiet for a while: what came last may have asked for more.
  for (let quiet = 0; quiet < 4; ) {
    await page.waitForTimeout(80);
    quiet = (await page.evaluate(() => document.documentElement.hasAttribute('data-asking'))) ? 0 : quiet + 1;
  }
}

async function judge(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wide <= 0, `${what}: the page is ${wide} px wider than the screen`);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  const told = violations.map((one) => `${one.id}: ${one.help} (${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary ?? ''}`).join('; ')})`);
  assert.deepEqual(told, [], `${what}: axe`);
  assert.deepEqual(await page.evaluate(() => window.refusals), [], `${what}: content policy`);
  assert.equal(await page.evaluate(() => window.pwned), undefined, `${what}: script of a name was run`);
}

const views = ['overview', 'training', 'strength', 'safeguards', 'games', 'runs'];

async function everyView(url) {
  for (const [width, height] of [[1280, 900], [768, 1024], [390, 844]]) {
    for (const colorScheme of ['light', 'dark']) {
      const page = await newPage({ viewport: { width, height }, colorScheme });
      for (const view of [...views, 'games/steady/3']) {
        await page.goto(`${url}#/${view.includes('/') ? view : `${view}/steady`}`);
        await settled(page);
        await judge(page, `${view} at ${width} ${colorScheme}`);
        if (pictures) await page.screenshot({ path: join(pictures, `${view.replaceAll('/', '-')}-${width}-${colorScheme}.png`), fullPage: true });
      }
      await page.context().close();
    }
  }
}

async function hostileNames(url) {
  const page = await newPage({ viewport: { width: 1280, height: 900 } });
  for (const view of views) {
    await page.goto(`${url}#/${view}/hostile`);
    await settled(page);
    await judge(page, `${view} of the hostile run`);
  }
  await page.goto(`${url}#/strength/hostile`);
  await settled(page);
  const text = await page.evaluate(() => document.querySelector('main').textContent);
  for (const payload of ['<script>window.pwned=1</script>', '<img src=x onerror=window.pwned=1>', '&lt;script&gt;', '{window.pwned=1}', '__proto__']) {
    assert.ok(text.includes(payload), `${payload} is not shown as text`);
  }
  for (let game = 1; game <= 60; game += 7) {
    await page.goto(`${url}#/games/hostile/${game}`);
    await settled(page);
    await judge(page, `hostile game ${game}`);
  }
  await page.goto(`${url}#/runs/steady`);
  await settled(page);
  const named = '<img src=x onerror=window.pwned=1>';
  await page.getByRole('link', { name: named, exact: true }).click();
  await settled(page);
  assert.ok((await page.title()).includes(named));
  await judge(page, 'a run with a hostile name');
  await page.context().close();
}

/** What was recorded of evaluations and of self-play is there, and what has not settled is not called good. */
async function decisionsAndGames(url) {
  const page = await newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${url}#/strength/steady`);
  await settled(page);
  await page.getByText('accept_h1: LLR 3.02 between -3.00 and 3.00').first().waitFor();
  await page.locator('ol[aria-labelledby="promotions-title"]', { hasText: 'the disk is nearly full' }).waitFor();
  await page.goto(`${url}#/games/steady`);
  await settled(page);
  await page.locator('ul[aria-label="Self-play"] li', { hasText: 'Black wins' }).first().waitFor();
  assert.equal(await page.locator('ul[aria-label="Self-play"] li').count(), 1, 'a position that cannot be read is left out');
  await page.goto(`${url}#/overview/steady`);
  await settled(page);
  await page.locator('.health li.none', { hasText: 'Cost of evaluation' }).filter({ hasText: 'limit 5.0 %' }).waitFor();
  await page.goto(`${url}#/safeguards/steady`);
  await settled(page);
  await page.locator('section[aria-labelledby="impact-title"] p.big', { hasText: 'not measured' }).waitFor();
  await page.context().close();
}

const shows = (text) => [...document.querySelectorAll('article.metric')].some((one) => one.textContent.includes(text));

async function newsAndKeys(url, port) {
  const page = await newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${url}#/training/steady`);
  await settled(page);
  const entropy = page.locator('article', { has: page.getByRole('heading', { name: 'entropy', exact: true }) }).locator('.value');
  execFileSync(stage, [runs, 'add', '2000001']);
  await until(page, shows, '2 M');
  assert.equal((await entropy.textContent()).trim(), '2 M');

  await page.keyboard.press('5');
  await page.waitForURL(/#\/games\/steady/);
  await page.locator('.gallery a').first().click();
  await page.getByText('0 / 8').waitFor();
  await page.keyboard.press('End');
  await page.getByText('8 / 8').waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByText('7 / 8').waitFor();

  await page.getByRole('button', { name: '日本語' }).click();
  await page.getByRole('link', { name: '対局', exact: true }).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'ja');
  await judge(page, 'Japanese');
  await page.getByRole('button', { name: 'English' }).click();

  deaf = true;
  await stop();
  await page.locator('.link.lost').waitFor();
  await serve(port);
  await page.locator('.link.live').waitFor();
  await settled(page);
  deaf = false;
  await page.goto(`${url}#/training/steady`);
  await settled(page);
  execFileSync(stage, [runs, 'add', '3000001']);
  await until(page, shows, '3 M');
  await page.context().close();
}

let failed = false;
try {
  const { url, port, page } = await serve(0);
  if (!page) {
    console.log('skipped: this build has no page');
    await stop();
    rmSync(folder, { recursive: true, force: true });
    process.exit(77);
  }
  browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  for (const [name, part] of Object.entries({ everyView, hostileNames, decisionsAndGames, newsAndKeys })) {
    await part(url, port);
    assert.deepEqual(faults, [], name);
    console.log(`${name}: passed`);
  }
} catch (fault) {
  failed = true;
  console.log(fault.message ?? fault);
  if (faults.length) console.log(faults.join('\n'));
} finally {
  await browser?.close();
  if (server && server.exitCode === null) await stop().catch(() => {});
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
