// SPDX-License-Identifier: GPL-3.0-or-later
// Large results: 200 scenarios, 20,000 people, 2,085 small areas. Seconds are of the page alone, on a machine that may be busy: up to three
// times.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, close, hcbroker, json, open, path, picture, report, test } from './browser.js';

const MOST_S = 2;

/** Seconds from the start of loading until everything is drawn that is drawn at first. */
async function opens(file, name) {
  const seconds = [];
  for (let i = 0; i < 3 && !(Math.min(...seconds) < MOST_S); i++) {
    const page = await open(file);
    seconds.push(await page.evaluate(() => Number(document.body.dataset.ready) / 1000));
    if (i === 0) await page.screenshot({ path: picture(`${name}.png`) });
    assert.deepEqual(page.problems, []);
    await page.context().close();
  }
  console.log(`  ${name}: ${seconds.map((s) => s.toFixed(2)).join(', ')} s, ${(statSync(file).size / 1e6).toFixed(2)} MB`);
  assert.ok(Math.min(...seconds) < MOST_S, `${name} opens in ${seconds} s`);
}

await test('a sweep of 200 scenarios opens in 2 s', async () => {
  const names = ['placed', 'waiting', 'weekly_cost_pence', 'travel_minutes', 'providers', 'share_waiting'];
  const figures = names.map((name) => ({ name, unit: name.endsWith('pence') ? 'pence' : name.endsWith('minutes') ? 'minutes' : '' }));
  const scenarios = Array.from({ length: 200 }, (_, i) => ({ name: `scenario ${i}`, changes: [`people +${i}%`, `capacity -${i % 7}%`], status: 'optimal',
    values: Object.fromEntries(names.map((name, k) => [name, (i * 7919 * (k + 1)) % 10007])) }));
  mkdirSync(path('sweep'));
  writeFileSync(path('sweep', 'sweep.json'), JSON.stringify({ kind: 'sweep', figures, scenarios }));
  await opens(report('sweep', 'sweep.html'), 'sweep-200');
});

await test('a county of 20,000 people opens in 2 s', async () => {
  hcbroker('init', path('county'));
  hcbroker('-C', path('county'), 'generate', '--scenario', 's1', '--scale', '8.65', '--queue', '2000');
  hcbroker('-C', path('county'), 'allocate', '--method', 'sequential', '--out', path('plan'));
  const summary = json('plan', 'summary.json');
  assert.ok(summary.packages + summary.placements_fixed >= 20000, `${summary.packages + summary.placements_fixed}`);
  const file = report('plan', 'plan.html', '-C', path('county'));
  await opens(file, 'county-20000');
});

const shared = process.env.HCB_OPEN_DATA ?? process.env.HCB_SHARED_DEFAULT;
const areas = join(shared, 'data', 'oa2011.geojson');
if (existsSync(areas)) {
  await test('2,085 small areas: less than 3 MB, and 2 s', async () => {
    hcbroker('init', path('units'));
    writeFileSync(path('units', 'areas.geojson'), readFileSync(areas));
    writeFileSync(path('units', 'areas.csv'), readFileSync(join(shared, 'data', 'oa2011.csv')));
    const yaml = readFileSync(path('units', 'hcbroker.yaml'), 'utf8');
    writeFileSync(path('units', 'hcbroker.yaml'), `${yaml}columns:\n  areas: {oa11: area_id, band_inferred: band}\n`);
    hcbroker('-C', path('units'), 'generate', '--scenario', 's1', '--queue', '60');
    hcbroker('-C', path('units'), 'allocate', '--out', path('s1'));
    const file = report('s1', 's1.html', '-C', path('units'));
    assert.ok(statSync(file).size < 3e6, `${statSync(file).size} bytes`);
    const data = JSON.parse(/id="data">(.*?)<\/script>/s.exec(readFileSync(file, 'utf8'))[1]);
    assert.equal(data.layers.areas.features.length, 2085);
    await opens(file, 'units-2085');
    const page = await open(file);
    await page.getByLabel('Small areas by price band').check();
    await page.waitForTimeout(300);
    await (await page.$('.map-frame')).screenshot({ path: picture('units-2085-map.png') });
    assert.deepEqual(page.problems, []);
  });
} else {
  console.log('skipped: 2,085 small areas (no open data)');
}

await close();
