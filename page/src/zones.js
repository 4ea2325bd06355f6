// SPDX-License-Identifier: GPL-3.0-or-later
// The zones of one map, and two maps compared.
import { BAND_COLOURS, BANDS, chart, pick, Plot, rowsOf } from './charts.js';
import { figureTable } from './comparison.js';
import { data, flat, layer, list, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, table } from './tables.js';
import { axisOf, count, describe, number, roundPounds, show, title, word } from './words.js';

const NAMES = new Map((data.workspace?.zones ?? []).map((z) => [z.zone_id, z.name]));
export function zoneName(z) {
  const name = z.name ?? NAMES.get(z.zone_id);
  return name && name !== z.zone_id ? `${z.zone_id} ${name}` : z.zone_id;
}

export function measuresOf(rows, first = []) {
  const keys = [...new Set([...first, ...rows.flatMap((row) => Object.keys(row))])].filter((key) => rows.some((row) => typeof row[key] === 'number'));
  return keys.map((key) => ({ key, label: describe(key).label, unit: describe(key).unit || 'n', value: (row) => row[key] ?? null }));
}

/** Bars of one figure by zone. */
export function zoneBars(rows, measures) {
  return pick('Figure', measures.map((m) => [m.key, m.label]), (key) => {
    const m = measures.find((x) => x.key === key), [scale, words] = axisOf(m.unit);
    const found = rows.map((z) => ({ zone: zoneName(z), v: (m.value(z) ?? 0) / scale }));
    return chart(m.label, words ? `By zone, ${words}.` : 'By zone.', found.map((r) => `${r.zone} ${number(r.v)}`).join(', '),
      (width) => ({ ...rowsOf(width, found.map((r) => r.zone)), x: { label: null, grid: true },
        marks: [Plot.barX(found, { x: 'v', y: 'zone', fill: 'var(--blue)', insetTop: 3, insetBottom: 3 }), Plot.ruleX([0])] }));
  });
}

function bands(rows, key, heading) {
  const found = rows.flatMap((z) => BANDS.map((band) => ({ zone: zoneName(z), band, v: z[key]?.[band] ?? 0 })));
  if (!found.some((r) => r.v)) return null;
  return chart(heading, 'Share of each price band.', '', (width) => ({ ...rowsOf(width, rows.map(zoneName)), x: { label: null, percent: true, ticks: 5 },
    color: { domain: BANDS, range: BAND_COLOURS }, marks: [Plot.barX(found, { x: 'v', y: 'zone', fill: 'band', offset: 'normalize', insetTop: 3, insetBottom: 3 })] }), BANDS.map((b, i) => [`band-${i}`, word(b)]));
}

/** Travel against what the price carries; rows: zone, needed, paid. */
export function travelChart(rows, reading, summary) {
  const found = rows.filter((r) => typeof r.needed === 'number' && typeof r.paid === 'number');
  if (!found.length) return null;
  return chart('Travel against what the price carries', reading, summary ?? found.map((r) => `${r.zone}: ${r.needed} needed, ${r.paid} carried`).join(', '),
    (width) => ({ ...rowsOf(width, found.map((r) => r.zone)), x: { label: 'minutes an hour of care', grid: true, zero: true },
      marks: [Plot.ruleY(found, { y: 'zone', x1: 'needed', x2: 'paid', stroke: (r) => (r.paid < r.needed ? 'var(--red)' : 'var(--grey)'), strokeWidth: 3 }),
        Plot.dot(found, { x: 'paid', y: 'zone', fill: 'var(--blue)', r: 5, symbol: 'square' }), Plot.dot(found, { x: 'needed', y: 'zone', fill: 'var(--orange)', r: 5 })] }),
    [['orange round', 'Needed'], ['blue', 'Carried by the price'], ...(found.some((r) => r.paid < r.needed) ? [['red', 'Needed more than carried']] : [])]);
}
export const travelBars = (rows) => travelChart(rows.map((z) => ({ zone: zoneName(z), needed: z.travel_needed, paid: z.travel_carried })),
  'Minutes of travel in each hour of care: what rounds need by estimate, and what prices carry.');

export function zones() {
  const raw = main.zones ?? [], rows = raw.map(flat), sum = (key) => rows.reduce((s, z) => s + (z[key] ?? 0), 0);
  header(`${count(rows.length, 'zone')} and their figures`, 'What each zone holds, what its shape is like, and whether providers can make a living in it.');
  const measures = measuresOf(rows, ['minutes', 'packages', 'waiting', 'people65', 'travel_needed', 'providers_viable', 'area_km2']);
  const map = zoneMap({ rows, measures });
  const exposed = rows.filter((z) => z.short_now === true || z.short_now === 'true');
  sections([
    section('At a glance', null, tiles([['packages', 'People'], ['waiting', 'Of them waiting'], ['minutes', 'Hours of care a week', 'min'], ['people65', 'People over 65'], ['price_pence', 'Price a week', 'p'], ['area_km2', 'Square kilometres']]
      .filter(([key]) => rows.some((z) => typeof z[key] === 'number')).map(([key, label, unit]) => ({ label, key, value: sum(key), text: unit === 'p' ? roundPounds(sum(key)) : show(unit ? sum(key) : Math.round(sum(key)), unit ?? 'n') }))),
    exposed.length ? h('p', {}, `Short of providers already: ${exposed.map(zoneName).join(', ')}.`) : null),
    map && section('Map', 'Shaded by the figure you choose; choose a zone to see all of its own.', map),
    section('Charts', null, h('div', { class: 'charts' }, [bands(raw, 'band_minutes', 'Hours by price band') ?? bands(raw, 'band_share', 'Households by price band'), travelBars(raw), zoneBars(rows, measures)].filter(Boolean))),
    section('Tables', null, table('zones', rows, { columns: columnsOf(rows), label: 'zones' }), otherTables(['zones'])),
  ]);
}

export function zonesComparison() {
  const units = list('units') ?? [], moved = units.filter((u) => u.from !== u.to);
  header('Two maps compared', `${count(moved.length, 'small area')} of ${number(units.length || (main.units ?? 0))} change their zone.`);
  const before = layer('zones_a') ?? layer('zones_before'), after = layer('zones_b') ?? layer('zones');
  // Figures of both maps as what they are after, and by how much they change.
  const rows = (main.zones ?? main.by_zone ?? []).map(({ figures = [], ...row }) => ({ ...flat(row), ...Object.fromEntries(figures.flatMap((f) => [[f.figure === 'area' ? 'area_m2' : f.figure === 'price' ? 'price_pence' : f.figure === 'travel' ? 'travel_seconds' : f.figure, f.b]])) }));
  const map = zoneMap({ zones: after, rows, measures: measuresOf(rows), before, labels: ['Before', 'After'], people: false,
    moved: new Map(moved.map((u) => [u.unit ?? u.unit_id ?? u.area_id, `from zone ${u.from} to zone ${u.to}`])) });
  const facts = Object.entries(flat({ moved: main.moved, variation_of_information: main.variation_of_information })).filter(([, v]) => typeof v === 'number');
  sections([
    facts.length && section('At a glance', null, tiles(facts.map(([key, v]) => ({ label: title(key), key, value: v, text: show(v, describe(key).unit || 'n') })))),
    main.totals?.length && section('In all', null, figureTable('All figures', main.totals, 'Before', 'After')),
    map && section('Map', before && after ? 'Slide between the two. Small areas that change their zone can be shown as well.' : 'Zones as they are now, shaded by the figure you choose. Small areas that change their zone can be shown as well.', map),
    rows.length && section('Zones', 'Figures of the second map, and what each zone gains and loses.', table('zones', rows, { label: 'zones' })),
    section('Tables', null, moved.length ? [h('h3', {}, 'Small areas that move'), table('units', moved, { label: 'small areas' })] : null, otherTables(['zones', 'by_zone', 'totals'])),
  ]);
}
