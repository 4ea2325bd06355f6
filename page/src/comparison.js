// SPDX-License-Identifier: GPL-3.0-or-later
// Two runs side by side: what changes in all, by zone, by provider, by year, by person.
import { chart, pick, Plot, rowsOf } from './charts.js';
import { layer, list, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, small, table } from './tables.js';
import { axisOf, hours, number, pounds, show, showChange, title, unitOf } from './words.js';

const a = main.a?.name ?? 'A', b = main.b?.name ?? 'B';
const zoneRows = main.by_zone ?? [], providerRows = main.by_provider ?? [], totals = main.totals ?? [];
const same = totals.every((row) => !row.difference);
/** The differences that people ask for first, in words. */
const said = [['people_served', (n, more) => `${number(n)} ${more ? 'more' : 'fewer'} ${n === 1 ? 'person' : 'people'} served`], ['weekly_cost_pence', (n, more) => `${pounds(n)} a week ${more ? 'more' : 'less'}`],
  ['travel_minutes', (n, more) => `${hours(n)} of travel a week ${more ? 'more' : 'less'}`]]
  .map(([figure, words]) => [totals.find((t) => t.figure === figure)?.difference, words]).filter(([d]) => d).map(([d, words]) => words(Math.abs(d), d > 0));

const named = (row) => {
  const id = row.zone_id ?? row.provider_id;
  return row.name && row.name !== id ? `${id} ${row.name}` : id;
};
const figureOf = (row, figure) => row.figures?.find((f) => f.figure === figure);
const figuresOf = (rows) => [...new Map(rows.flatMap((row) => row.figures ?? []).map((f) => [f.figure, f])).values()];

/** One row for each place, one column for each figure's difference. */
function wide(rows, id) {
  const figures = figuresOf(rows);
  const flat = rows.map((row) => ({ [id]: row[id], name: row.name, ...Object.fromEntries(figures.map((f) => [f.figure, figureOf(row, f.figure)?.difference ?? null])) }));
  const columns = [...columnsOf(flat, [id, 'name']), ...figures.map((f) => ({ key: f.figure, label: title(f), unit: unitOf(f.unit), numeric: true,
    text: (v) => (v === null ? '–' : showChange(v, unitOf(f.unit))) }))];
  return { flat, columns };
}

/** Figures of two sides and their difference. */
export const figureTable = (caption, rows, first, second) => small(caption, ['Figure', first, second, 'Difference'], rows.map((f) => [title(f), { text: show(f.a, unitOf(f.unit)), value: f.a },
  { text: show(f.b, unitOf(f.unit)), value: f.b }, { text: showChange(f.difference, unitOf(f.unit)), value: f.difference, key: f.figure }]), [1, 2, 3]);

function differences(heading, rows, most) {
  const figures = figuresOf(rows).filter((f) => rows.some((row) => figureOf(row, f.figure)?.difference));
  if (!figures.length) return null;
  return pick('Figure', figures.map((f) => [f.figure, title(f)]), (figure) => {
    const unit = unitOf(figures.find((f) => f.figure === figure).unit), [scale, words] = axisOf(unit);
    const found = rows.map((row) => ({ name: named(row), d: (figureOf(row, figure)?.difference ?? 0) / scale }))
      .sort((x, y) => Math.abs(y.d) - Math.abs(x.d)).slice(0, most);
    if (!most) found.sort((x, y) => (x.name < y.name ? -1 : 1));
    return chart(heading, `${title(figures.find((f) => f.figure === figure))}: ${b} less ${a}${words ? `, ${words}` : ''}.`, `Largest: ${found[0].name}, ${number(found[0].d)}.`,
      (width) => ({ ...rowsOf(width, found.map((r) => r.name), 22), x: { label: words ? `difference, ${words}` : 'difference', grid: true },
        marks: [Plot.barX(found, { x: 'd', y: 'name', fill: (r) => (r.d < 0 ? 'var(--div-1)' : 'var(--div-5)'), insetTop: 3, insetBottom: 3 }), Plot.ruleX([0])] }));
  });
}

function budget() {
  const years = main.budget ?? [];
  if (!years.length) return null;
  const key = (year, side) => year[side] ?? year[`${side}_pence`];
  const rows = years.flatMap((y) => [{ year: String(y.year), side: a, value: key(y, 'a') / 1e8 }, { year: String(y.year), side: b, value: key(y, 'b') / 1e8 }]);
  return section('Budget', null, chart('Cost by year', 'Millions of pounds.', rows.map((r) => `${r.side} ${r.year}: ${number(r.value)}`).join(', '),
    () => ({ height: 260, y: { label: 'million pounds', grid: true, zero: false, nice: true }, x: { label: null, type: 'point' }, color: { domain: [a, b], range: ['var(--blue)', 'var(--orange)'] },
      marks: [Plot.lineY(rows, { x: 'year', y: 'value', stroke: 'side', strokeWidth: 2.5 }), Plot.dot(rows, { x: 'year', y: 'value', fill: 'side', symbol: 'side', r: 5 })] }), [['blue', a], ['orange', b]]),
  small('Cost by year', ['Year', a, b, 'Difference'], years.map((y) => [String(y.year), show(key(y, 'a'), 'p'), show(key(y, 'b'), 'p'), showChange(key(y, 'b') - key(y, 'a'), 'p')]), [1, 2, 3]));
}

export function comparison() {
  header(`${b} against ${a}`, same ? 'Nothing differs.' : `${said.length ? `${said.join(', ')}. ` : ''}The same people and the same start; only what is changed differs.`);
  const before = layer('zones_a'), after = layer('zones_b') ?? layer('zones');
  const moved = before && JSON.stringify(before) !== JSON.stringify(after);
  const measures = figuresOf(zoneRows).map((f) => ({ key: f.figure, label: `${title(f)}: difference`, unit: unitOf(f.unit), diverging: true, value: (row) => figureOf(row, f.figure)?.difference ?? null }));
  const map = zoneMap({ zones: after ?? before, rows: zoneRows, measures, before: moved ? before : undefined, labels: [a, b], people: false,
    facts: (row) => row && figureTable('Figures of the zone', row.figures ?? [], a, b) });
  const changes = [[a, main.a?.changes], [b, main.b?.changes]].filter(([, list]) => Array.isArray(list));
  const byZone = wide(zoneRows, 'zone_id'), byProvider = wide(providerRows, 'provider_id'), people = list('packages');
  const charts = [differences('Difference by zone', zoneRows), differences('Providers that change most', providerRows, 20)].filter(Boolean);
  sections([
    section('In all', null, tiles(totals.filter((t) => t.difference).slice(0, 8).map((t) => ({ label: title(t), text: showChange(t.difference, unitOf(t.unit)), key: t.figure, value: t.difference,
      note: `${show(t.a, unitOf(t.unit))}, then ${show(t.b, unitOf(t.unit))}` })))),
    changes.length && section('What each is', null, h('dl', { class: 'sides' }, changes.map(([name, list]) => h('div', {}, h('dt', {}, name), h('dd', {}, list.length ? h('ul', {}, list.map((c) => h('li', {}, c))) : 'The workspace as it is'))))),
    map && section('Map', moved ? `Slide between ${a} and ${b}. Zones are shaded by the difference.` : 'Zones are shaded by the difference; choose one to see its figures.', map),
    charts.length && section('Charts', null, h('div', { class: 'charts' }, charts)),
    budget(),
    section('Tables', `Differences are ${b} less ${a}.`, figureTable('All figures', totals, a, b), zoneRows.length ? [h('h3', {}, 'Zones'), table('by_zone', byZone.flat, { columns: byZone.columns, label: 'zones' })] : null,
      providerRows.length ? [h('h3', {}, 'Providers'), table('by_provider', byProvider.flat, { columns: byProvider.columns, label: 'providers' })] : null,
      people?.length ? [h('h3', {}, 'People'), table('packages', people, { label: 'people' })] : null, otherTables(['totals', 'by_zone', 'by_provider', 'budget'])),
  ]);
}
