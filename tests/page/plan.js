// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a plan: what is drawn, what it says when it is asked, and that this is what summary.json says.
import { cpSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { accessible, assert, close, fits, hcbroker, json, open, path, picture, report, test, unroll, wholePage } from './browser.js';

hcbroker('init', path('county'));
hcbroker('-C', path('county'), 'generate', '--scenario', 's1', '--queue', '60', '--seed', '1');
hcbroker('-C', path('county'), 'allocate', '--out', path('plan'), '--baseline');
const summary = json('plan', 'summary.json');
const file = report('plan', 'plan.html', '-C', path('county'));
const page = await open(file);
await unroll(page);

/** The figures that the panel shows, by key. */
const shown = async () => page.$$eval('.details [data-key]', (all) => Object.fromEntries(all.map((dd) => [dd.dataset.key, dd.dataset.value])));
const expected = (row) => Object.fromEntries(Object.entries(row).filter(([key]) => !['zone_id', 'name'].includes(key)).map(([key, value]) => [key, String(value)]));

await test('the map has every zone', async () => {
  const zones = await page.$$eval('path.zone[data-zone]', (all) => all.map((p) => [p.dataset.zone, p.getBBox().width]));
  assert.deepEqual(zones.map(([id]) => id), summary.by_zone.map((z) => z.zone_id));
  assert.equal(zones.length, 14);
  assert.ok(zones.every(([, width]) => width > 10));
});

await test('a click on a zone shows its figures, those of summary.json', async () => {
  for (const zone of summary.by_zone) {
    // A point inside: the middle of the box may lie in a neighbour.
    const at = await page.evaluate((id) => {
      const shape = document.querySelector(`path.zone[data-zone="${id}"]`), box = shape.getBoundingClientRect();
      document.querySelector('.map').scrollIntoView({ block: 'center', behavior: 'instant' });
      const b = shape.getBoundingClientRect();
      for (let i = 1; i < 40; i++) for (let j = 1; j < 40; j++) {
        const x = b.left + (b.width * i) / 40, y = b.top + (b.height * j) / 40;
        if (document.elementFromPoint(x, y) === shape) return [x, y];
      }
      return [box.x, box.y];
    }, zone.zone_id);
    await page.mouse.click(...at);
    assert.equal(await page.getAttribute('.details h3', 'data-zone'), zone.zone_id);
    assert.deepEqual(await shown(), expected(zone));
  }
});

await test('so does Enter on a zone, and the list of zones', async () => {
  await page.focus('path.zone[data-zone="07"]');
  await page.keyboard.press('Enter');
  assert.deepEqual(await shown(), expected(summary.by_zone.find((z) => z.zone_id === '07')));
  await page.getByLabel('Zone', { exact: true }).selectOption('11');
  assert.deepEqual(await shown(), expected(summary.by_zone.find((z) => z.zone_id === '11')));
});

await test('tiles and aims are those of summary.json', async () => {
  const tiles = await page.$$eval('.tile [data-key]', (all) => Object.fromEntries(all.map((dd) => [dd.dataset.key, dd.dataset.value])));
  for (const key of ['placed', 'waiting', 'carer_minutes_placed', 'weekly_cost_pence', 'travel_minutes', 'placements_fixed']) {
    assert.equal(tiles[key], String(summary[key]), key);
  }
  assert.equal(tiles.baseline_placed, String(summary.baseline.placed));
  for (const level of summary.levels) assert.equal(await page.getAttribute(`td[data-key="${level.name}"]`, 'data-value'), String(level.value));
  assert.match(await page.textContent('h1'), new RegExp(`^${summary.placed} of ${summary.packages} people can be placed; ${summary.waiting} go on waiting$`));
});

await test('every toggle of the map draws and takes away', async () => {
  const count = (what) => page.$$eval(what, (all) => all.length);
  const drawn = { 'Names of zones': '.zone-name', 'People served today': 'path.dot.served', 'People placed by this plan': 'path.dot.placed', 'People waiting': '.leaflet-marker-icon.waits', 'Offices of providers': '.office' };
  for (const [label, what] of Object.entries(drawn)) {
    const box = page.getByLabel(label);
    await box.check();
    assert.ok(await count(what) > 0, label);
    await box.uncheck();
    assert.equal(await count(what), 0, label);
  }
  // Small areas are drawn on a canvas.
  const inked = () => page.evaluate(() => [...document.querySelectorAll('.map canvas')].some((c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v)));
  assert.equal(await inked(), false);
  await page.getByLabel('Small areas by price band').check();
  await page.waitForTimeout(100);
  assert.equal(await inked(), true);
  for (const label of Object.keys(drawn)) await page.getByLabel(label).check();
  await (await page.$('.map-frame')).screenshot({ path: picture('map-with-everything.png') });
  await page.getByLabel('Small areas by price band').uncheck();
});

await test('zones can be shaded by another figure', async () => {
  const steps = () => page.$$eval('path.zone', (all) => all.map((p) => /shade-(\d)/.exec(p.getAttribute('class'))?.[1]).join());
  const before = await steps();
  await page.getByLabel('Shade zones by').selectOption('hours');
  assert.notEqual(await steps(), before);
  const most = summary.by_zone.reduce((a, b) => (a.carer_minutes_fixed + a.carer_minutes_placed > b.carer_minutes_fixed + b.carer_minutes_placed ? a : b));
  assert.match(await page.getAttribute(`path.zone[data-zone="${most.zone_id}"]`, 'class'), /shade-5/);
  await page.getByLabel('Shade zones by').selectOption('waiting');
});

await test('a provider shows the zones it covers', async () => {
  const rows = readFileSync(path('county', 'coverage.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
  await page.getByLabel('Provider', { exact: true }).selectOption('P001');
  assert.deepEqual(await page.$$eval('path.zone.covered', (all) => all.map((p) => p.dataset.zone)), rows.filter(([id]) => id === 'P001').map(([, zone]) => zone).sort());
  await page.getByLabel('Provider', { exact: true }).selectOption('');
});

const tableOf = (label) => page.locator('.table', { has: page.getByLabel(`Find in ${label}`) });
const cells = (table, field) => table.locator(`.tabulator-row .tabulator-cell[tabulator-field="${field}"]`).allTextContents();

await test('tables sort by their headings, with the mouse and the keyboard', async () => {
  const zones = tableOf('zones');
  await zones.scrollIntoViewIfNeeded();
  await zones.getByRole('button', { name: 'Go on waiting' }).click();
  const up = (await cells(zones, 'waiting')).map(Number);
  assert.deepEqual(up, summary.by_zone.map((z) => z.waiting).sort((a, b) => a - b));
  await zones.getByRole('button', { name: 'Go on waiting' }).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual((await cells(zones, 'waiting')).map(Number), up.reverse());
  assert.equal(await zones.locator('.tabulator-col[tabulator-field="waiting"]').getAttribute('aria-sort'), 'descending');
});

await test('tables filter, and save what is left as CSV with whole pence', async () => {
  const zones = tableOf('zones');
  await page.getByLabel('Find in zones').fill('charnwood');
  await page.waitForTimeout(400);
  assert.deepEqual((await cells(zones, 'zone_id')).sort(), ['02', '03']);
  const [download] = await Promise.all([page.waitForEvent('download'), zones.getByRole('button', { name: /Save as CSV/ }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  const keys = lines[0].split(','), row = summary.by_zone.find((z) => z.zone_id === '02');
  assert.equal(lines.length, 3);
  assert.deepEqual(lines.find((line) => line.startsWith('02')).split(','), keys.map((key) => String(row[key])));
  await page.getByLabel('Find in zones').fill('');
});

await test('nothing is wrong for those who do not see or use a mouse', async () => {
  await accessible(page, 'light');
  assert.deepEqual(await page.$$eval('main h2', (all) => all.map((h) => h.textContent)), ['At a glance', 'Map', 'Who waits, and why', 'How good the plan is', 'Charts', 'Tables']);
});

await test('light, dark, phone and 200 % zoom', async () => {
  await wholePage(page, 'plan-light');
  for (const [name, options] of [['dark-phone', { colorScheme: 'dark', width: 390, height: 844, hasTouch: true }], ['zoom-200', { width: 640, height: 450, deviceScaleFactor: 2 }]]) {
    const other = await open(file, options);
    await unroll(other);
    if (name === 'dark-phone') await accessible(other, name);
    await fits(other);
    await other.screenshot({ path: picture(`plan-${name}.png`), });
    assert.deepEqual(other.problems, []);
    await other.context().close();
  }
});

await test('A4: all pages of that size, with the map and whole tables', async () => {
  await page.pdf({ path: picture('plan.pdf'), preferCSSPageSize: true });
  const pdf = readFileSync(picture('plan.pdf'), 'latin1');
  const boxes = [...pdf.matchAll(/\/MediaBox \[([^\]]+)\]/g)].map((m) => m[1].trim().split(/\s+/).map(Number));
  assert.ok(boxes.length >= 3 && boxes.length <= 12, `${boxes.length} pages`);
  for (const [, , width, height] of boxes) assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `${width} x ${height}`);
  const printed = await page.evaluate(() => {
    dispatchEvent(new Event('beforeprint'));
    const map = document.querySelector('.map').getBoundingClientRect(), zones = [...document.querySelectorAll('path.zone')].map((p) => p.getBoundingClientRect());
    const rows = document.querySelectorAll('table.print-only tbody tr').length;
    dispatchEvent(new Event('afterprint'));
    return { inside: zones.every((z) => z.left >= map.left && z.right <= map.right && z.top >= map.top && z.bottom <= map.bottom), rows };
  });
  assert.equal(printed.inside, true);
  assert.ok(printed.rows >= 14 + 53);
});

await test('an explanation opens in its card', async () => {
  hcbroker('-C', path('county'), 'report', '--from', path('plan'), '--out', path('explained.html'), '--explain', '1');
  const other = await open(path('explained.html'));
  assert.equal(await other.locator('.card details').count(), 1);
  await other.locator('.card summary').focus();
  await other.keyboard.press('Enter');
  const card = other.locator('.card', { has: other.locator('details[open]') });
  const told = hcbroker('-C', path('county'), 'explain', await card.locator('h3').innerText().then((text) => text.replace(/[^A-Z0-9]/g, '')), '--plan', path('plan')).split('\n').slice(1).map((line) => line.trim()).filter(Boolean);
  assert.deepEqual(await card.locator('details p').allTextContents(), told);
  assert.deepEqual(other.problems, []);
  await other.context().close();
});

await test('nothing was said on the console and nothing left the page', async () => assert.deepEqual(page.problems, []));

await test('ids with markup are text', async () => {
  const evil = '<img src=x onerror=alert(1)>';
  cpSync(process.env.HCB_SMALL, path('ws'), { recursive: true });
  for (const name of ['providers.csv', 'coverage.csv', 'placements.csv', 'packages.csv']) {
    writeFileSync(path('ws', name), readFileSync(path('ws', name), 'utf8').replace(/(?<=^|[,;])P1(?=[,;]|$)/gm, evil));
  }
  hcbroker('-C', path('ws'), 'allocate', '--out', path('evil'));
  const other = await open(report('evil', 'evil.html', '-C', path('ws')));
  await unroll(other);
  assert.ok((await other.textContent('main')).includes(evil));
  assert.equal(await other.locator('img').count(), 0);
  await other.locator('.tabulator-row', { hasText: evil }).first().waitFor();
  assert.deepEqual(other.problems, []);
});

await test('it is smaller than 3 MB', async () => assert.ok(statSync(file).size < 3e6, `${statSync(file).size}`));

await close();
