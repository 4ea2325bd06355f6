// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the page share: workspaces, pages made from them, a browser that notes everything that goes wrong.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHROMIUM = process.env.HCB_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(CHROMIUM)) {
  console.log(`skipped: ${CHROMIUM} is not there`);
  process.exit(77);
}
const require = createRequire(join(process.env.HCB_PAGE_MODULES, 'none.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const folder = mkdtempSync(join(tmpdir(), 'hcbroker-page-'));
const pictures = process.env.HCB_PICTURES;
mkdirSync(pictures, { recursive: true });
export const picture = (name) => join(pictures, name);
/** The whole page as a picture; JPEG, which takes a tenth of the time of PNG. */
export const wholePage = (page, name) => page.screenshot({ path: picture(`${name}.jpg`), type: 'jpeg', quality: 80, fullPage: true });
export const path = (...names) => join(folder, ...names);
export const json = (...names) => JSON.parse(readFileSync(path(...names), 'utf8'));

export function hcbroker(...args) {
  return execFileSync(process.env.HCBROKER, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 1e8 });
}

/** The page of a result as a file. */
export function report(from, name, ...options) {
  hcbroker(...options, 'report', '--from', path(from), '--out', path(name));
  return path(name);
}

let browser = null;
export async function open(file, { width = 1280, height = 900, ...options } = {}) {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.problems = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('dialog', (dialog) => { page.problems.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (!/^(file|data|blob):/.test(request.url())) page.problems.push(`request: ${request.url()}`); });
  await page.goto(`file://${file}`);
  await page.waitForSelector('body[data-ready]', { timeout: 20000 });
  return page;
}

/** Everything drawn, as a reader who scrolled through has it. */
export async function unroll(page) {
  const height = await page.evaluate(() => document.body.scrollHeight);
  for (let y = 0; y < height; y += 700) {
    // Two frames: what comes into view is noticed in the first and drawn in the second.
    await page.evaluate((to) => new Promise((done) => { scrollTo(0, to); requestAnimationFrame(() => requestAnimationFrame(done)); }), y);
  }
  await page.evaluate(() => scrollTo(0, 0));
}

/** No finding that axe-core calls serious or critical. The page's policy refuses a script tag, so it comes through the debugger. */
export async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
    .map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
  assert.deepEqual(bad, [], name);
  return found.violations.length;
}

/** What axe-core cannot see: text that is cut off to the side. */
export async function fits(page) {
  const [wide, has] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(wide <= has, `the page is ${wide} px wide in a window of ${has} px`);
}

export async function test(name, body) {
  const began = Date.now();
  try {
    await body();
    console.log(`ok ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${name}\n${error.stack}`);
  }
}

export async function close() {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
}
export { assert };
