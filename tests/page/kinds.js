// SPDX-License-Identifier: GPL-3.0-or-later
// The page of every kind of result: drawn without a word on the console, usable without sight, saying what its file says.
import { mkdirSync, writeFileSync } from 'node:fs';
import { accessible, assert, close, fits, hcbroker, json, open, path, report, test, unroll, wholePage } from './browser.js';

hcbroker('init', path('county'));
hcbroker('-C', path('county'), 'generate', '--scenario', 's1', '--queue', '60', '--seed', '1');
const zoneIds = Array.from({ length: 14 }, (_, i) => String(i + 1).padStart(2, '0'));

function make(name, file, document, lists = {}) {
  mkdirSync(path(name));
  writeFileSync(path(name, file), JSON.stringify(document));
  for (const [list, text] of Object.entries(lists)) writeFileSync(path(name, list), text);
}

/** Opened, unrolled, and right; then the test's own questions. */
async function look(name, questions, workspace = true) {
  const page = await open(report(name, `${name}.html`, ...(workspace ? ['-C', path('county')] : [])));
  await unroll(page);
  await wholePage(page, name);
  await accessible(page, name);
  await fits(page);
  await questions?.(page);
  assert.deepEqual(page.problems, []);
  await page.context().close();
}

const figures = (seed) => [['placed', 'people', 50 + seed, 52 + seed], ['weekly_cost_pence', 'pence', 1200000 + 1000 * seed, 1190000], ['carer_minutes_placed', 'minutes', 36000, 36000 + 60 * seed]]
  .map(([figure, unit, a, b]) => ({ figure, unit, a, b, difference: b - a }));

await test('comparison', async () => {
  const document = { kind: 'comparison', name: 'Two models', synthetic: true, a: { name: 'Prime' }, b: { name: 'Open' }, totals: figures(0),
    by_zone: zoneIds.map((id, i) => ({ zone_id: id, name: `Zone ${id}`, figures: figures(i) })), by_provider: [1, 2, 3].map((i) => ({ provider_id: `P00${i}`, figures: figures(i) })),
    budget: [2021, 2022, 2023, 2024].map((year, i) => ({ year, a: 3e9 + 1e8 * i, b: 3.1e9 + 0.8e8 * i, difference: 1e8 - 0.2e8 * i })) };
  make('comparison', 'comparison.json', document, { 'packages.csv': 'package_id,a,b\nQ1,P001,P002\n' });
  await look('comparison', async (page) => {
    for (const row of document.totals) assert.equal(await page.locator(`table td[data-key="${row.figure}"]`).first().getAttribute('data-value'), String(row.difference));
    assert.equal(await page.locator('path.zone[data-zone]').count(), 14);
    await page.focus('path.zone[data-zone="03"]');
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.details td[data-key="placed"]').getAttribute('data-value'), '2');
  });
});

await test('sweep', async () => {
  const scenarios = Array.from({ length: 12 }, (_, i) => ({ name: `people +${i * 5}%`, group: i < 6 ? 'DEMAND' : 'MORE DEMAND', changes: [`people ${i * 5}%`], status: i === 11 ? 'infeasible' : 'optimal', values: { waiting: 7 + 3 * i, weekly_cost_pence: 1.2e6 + 4e4 * i } }));
  make('sweep', 'sweep.json', { kind: 'sweep', figures: [{ name: 'waiting', unit: 'people' }, { name: 'weekly_cost_pence', unit: 'pence' }], scenarios });
  await look('sweep', async (page) => {
    assert.deepEqual(await page.locator('.tabulator-cell[tabulator-field="waiting"]').allTextContents(), scenarios.map((s) => String(s.values.waiting)));
    await page.getByLabel('Figure', { exact: true }).selectOption('weekly_cost_pence');
    assert.equal(await page.locator('svg.plot').count(), 2);
    assert.deepEqual(await page.locator('.legend >> nth=0').locator('li').allTextContents(), ['Demand', 'More demand']);
  }, false);
});

await test('zones, by the command itself', async () => {
  hcbroker('-C', path('county'), 'zones', 'stats', '--out', path('zones'));
  const document = json('zones', 'zones.json');
  await look('zones', async (page) => {
    for (const zone of document.zones) {
      await page.getByLabel('Zone', { exact: true }).selectOption(zone.zone_id);
      for (const key of ['packages', 'waiting', 'minutes', 'polsby_popper']) {
        assert.equal(await page.locator(`.details [data-key="${key}"]`).getAttribute('data-value'), String(zone[key]));
      }
    }
  });
});

await test('a proposal', async () => {
  const document = { kind: 'design', outcome: 'proposed', name: 'Fewer miles', synthetic: true, minutes: 600000, levels: [{ name: 'travel', unit: 'seconds a week', before: 360000, value: 334800, bound: 324000, gap: 0.0322 }],
    figures: [{ name: 'moved_hours', unit: 'minutes a week', today: 0, before: 0, value: 30000 }],
    zones: zoneIds.map((id, i) => ({ zone_id: id, name: `Zone ${id}`, before: { minutes: 90000 + i, travel_seconds: 700 }, after: { minutes: 90000 - i, travel_seconds: 650 } })),
    curve: [0, 100, 200, 400].map((h, i) => ({ hours_moved: h, people_moved: h / 10, value: 350000 - 1000 * i })),
    rationale: [{ text: 'travel goes from 360000 to 334800 seconds a week.', figure: '/levels/0/value' }, ...zoneIds.map((id, i) => ({ text: `Zone ${id} has ${90000 - i} minutes of care a week instead of ${90000 + i}.`, figure: `/zones/${i}/after/minutes` }))],
    ensemble: { maps: 1000, distinct: 990, rhat: 1.01, ess: 400, figures: [{ name: 'travel', today: 360000, proposal: 334800, share_below_proposal: 0.004, quantiles: [330000, 345000, 351000, 366000, 396000] }] },
    rules: ['connected'], phases: [{ step: 1, units: 4 }] };
  make('design', 'design.json', document, { 'moves.csv': 'unit,from,to,minutes,kind\nab-kettleby,07,14,420,change\narnesby,14,11,60,repair\narnesby,11,14,60,change\n' });
  await look('design', async (page) => {
    assert.equal(await page.getAttribute('[data-figure="/levels/0/value"]', 'data-value'), '334800');
    assert.equal(await page.textContent('[data-figure="/levels/0/value"]'), 'Travel goes from 100.0 h to 93.0 h a week.');
    assert.equal(await page.textContent('[data-figure="/zones/0/after/minutes"]'), 'Zone 01 has 1,500.0 h of care a week instead of 1,500.0 h.');
    assert.match(await page.textContent('.lead'), /^Travel: 100\.0 h a week today, 93\.0 h proposed \(−7\.0%\); 500\.0 h of care change zone, 5\.0% of all\.$/);
    // What is repaired and then moved back has not moved.
    assert.equal(await page.getAttribute('.tile [data-key="moves"]', 'data-value'), '1');
    assert.match(await page.textContent('tr:has(td[data-key="travel"]) >> nth=1'), /Travel100\.0 h93\.0 h91\.7 h97\.5 h110\.0 h0%/);
    await page.getByLabel('Small areas by price band').check();
    assert.equal(await page.locator('path.zone[data-zone]').count(), 14);
  });
});

await test('no map that keeps the rules', async () => {
  make('clash', 'design.json', { kind: 'design', outcome: 'clash', synthetic: true, rules: [{ rule: 'connected', text: 'connected, at most 1 part', line: 3 }],
    clash: { proved: true, why: 'the hours of all zones add up to less than asked for', rules: [{ text: 'hours of zone 01, at least 9000.0 hours a week', line: 4, map_found_without_it: true }] } });
  await look('clash', async (page) => {
    assert.equal(await page.textContent('h1'), 'No map keeps all of these rules');
    assert.match(await page.textContent('main'), /hours of zone 01, at least 9000\.0 hours a week4a map was found/);
  }, false);
});

await test('a slider between two maps', async () => {
  const square = (id, x, y) => ({ type: 'Feature', properties: { zone_id: id, name: `Zone ${id}`, class: 'large' }, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]] } });
  const map = (dx) => JSON.stringify({ type: 'FeatureCollection', features: [square('A', -1.2, 52.6), square('B', -1.1 + dx, 52.6)] });
  make('slide', 'zones_comparison.json', { kind: 'zones_comparison', moved: 1 }, { 'zones_a.geojson': map(0), 'zones_b.geojson': map(0.05), 'units.csv': 'unit,from,to\nu1,A,B\nu2,B,B\n' });
  await look('slide', async (page) => {
    const clip = () => page.$eval('.leaflet-before-pane', (pane) => pane.style.clip);
    const half = await clip();
    await page.locator('.slide input').focus();
    await page.keyboard.press('End');
    assert.notEqual(await clip(), half);
    assert.equal(await page.$eval('.leaflet-names-before-pane', (pane) => pane.style.clip), await clip());
    assert.match(await page.locator('.slide input').getAttribute('aria-valuetext'), /^100%/);
    assert.match(await page.textContent('.lead'), /1 small area of 2/);
  }, false);
});

await test('the desk', async () => {
  const document = { kind: 'desk', synthetic: true, days: Array.from({ length: 30 }, (_, i) => ({ date: `2020-12-${String(i + 1).padStart(2, '0')}`, waiting: 60 - i, placed: i % 4, offers: 6 })),
    by_priority: [{ priority: 1, waiting: 3 }], by_zone: zoneIds.map((id, i) => ({ zone_id: id, waiting: i })), by_provider: [{ provider_id: 'P001', offers: 10, acceptance: 0.6, reasons: { capacity: 3, travel: 1 } }] };
  make('desk', 'desk.json', document);
  await look('desk', async (page) => assert.match(await page.textContent('.lead'), /2020-12-30: 31 waiting, 1 placed/));
});

await close();
