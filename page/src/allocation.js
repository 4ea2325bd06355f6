// SPDX-License-Identifier: GPL-3.0-or-later
// The page of a plan: who is placed, who waits and why, how good it is, what it costs.
import { BAND_COLOURS, BANDS, chart, Plot, rowsOf, TIERS } from './charts.js';
import { data, list, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, small, table } from './tables.js';
import { count, gapWords, hours, level, number, percent, pounds, show, showChange, tenth, unitOf, whyWaiting, word } from './words.js';
import { travelChart } from './zones.js';

const workspace = data.workspace;
const few = (n) => (n === null ? 'not shown' : number(n));
const zoneName = new Map((main.by_zone ?? []).map((z) => [z.zone_id, z.name]));
const named = (id) => (zoneName.get(id) && zoneName.get(id) !== id ? `${id} ${zoneName.get(id)}` : id);

const MEASURES = [
  { key: 'waiting', label: 'People who go on waiting', unit: 'n', value: (z) => z.waiting },
  { key: 'placed', label: 'People this plan places', unit: 'n', value: (z) => z.placed },
  { key: 'hours', label: 'Hours of care, today’s and placed', unit: 'min', value: (z) => (z.carer_minutes_fixed === null || z.carer_minutes_placed === null ? null : z.carer_minutes_fixed + z.carer_minutes_placed) },
  { key: 'price', label: 'Average price an hour of what is placed', unit: 'p', value: (z) => (z.carer_minutes_placed ? (60 * z.weekly_cost_pence) / z.carer_minutes_placed : null) },
  { key: 'travel', label: 'Travel minutes an hour of what is placed', unit: 'x', value: (z) => (z.carer_minutes_placed ? (60 * z.travel_minutes) / z.carer_minutes_placed : null) },
];

function glance() {
  const b = main.baseline;
  return section('At a glance', null, tiles([
    { label: 'Can be placed', key: 'placed', value: main.placed, text: few(main.placed), tone: 'good', note: `of ${main.packages === null ? 'a few people' : count(main.packages, 'person', 'people')} in the queue` },
    { label: 'Go on waiting', key: 'waiting', value: main.waiting, text: few(main.waiting), tone: main.waiting === 0 ? 'good' : 'warn', note: main.waiting === 0 ? 'nobody' : data.public ? '' : 'each with a reason below' },
    { label: 'Hours of care placed', key: 'carer_minutes_placed', value: main.carer_minutes_placed, text: show(main.carer_minutes_placed, 'min'), note: 'a week' },
    { label: 'Cost of what is placed', key: 'weekly_cost_pence', value: main.weekly_cost_pence, text: show(main.weekly_cost_pence, 'p'),
      note: main.carer_minutes_placed ? `a week, ${pounds((60 * main.weekly_cost_pence) / main.carer_minutes_placed)} an hour` : 'a week' },
    { label: 'Travel it needs', key: 'travel_minutes', value: main.travel_minutes, text: show(main.travel_minutes, 'min'), note: 'a week' },
    { label: 'Served today, unchanged', key: 'placements_fixed', value: main.placements_fixed, text: few(main.placements_fixed), note: 'people stay where they are' },
    b && b.placed !== null && main.placed !== null && { label: 'Going down the list', key: 'baseline_placed', value: b.placed, text: number(b.placed), note: `placed without optimising, ${number(main.placed - b.placed)} fewer` },
  ]));
}

function mapSection() {
  const found = zoneMap({ rows: main.by_zone, measures: MEASURES });
  return found && section('Map', 'Zones are shaded by the figure you choose. Choose a zone to see its own.', found);
}

function waits() {
  const waiting = list('waiting');
  if (!waiting) return main.waiting !== 0 ? section('Who waits', null, h('p', {}, 'A page for everybody shows nothing about single people.')) : null;
  if (!waiting.length) return section('Who waits', null, h('p', {}, 'Nobody waits: the plan places everybody in the queue.'));
  const rows = waiting.map((w) => ({ ...w, why: whyWaiting(w.reason, w.detail) })).sort((a, b) => a.priority - b.priority || (b.days_waiting ?? 0) - (a.days_waiting ?? 0));
  const reasons = [...new Set(rows.map((r) => r.reason))];
  const columns = columnsOf(rows, ['package_id', 'zone_id', 'band', 'carer_minutes', 'priority', 'days_waiting', 'why']);
  for (const c of columns) {
    if (c.key === 'zone_id') c.text = named;
    if (c.key === 'band') c.text = word;
    if (c.key === 'why') Object.assign(c, { label: 'In plain words', wide: true });
  }
  const first = rows.slice(0, 12);
  return section('Who waits, and why', `${reasons.map((r) => `${count(rows.filter((w) => w.reason === r).length, 'person', 'people')}: ${word(r).toLowerCase()}`).join('; ')}. Urgent people first.`,
    h('ul', { class: 'cards' }, first.map((w) => h('li', { class: `card ${w.reason}` }, h('h3', {}, h('span', { class: `waits ${w.reason}`, 'aria-hidden': 'true' },
      { rule: '■', capacity: '▲', trade: '◆' }[w.reason] ?? '●'), w.package_id),
    h('p', { class: 'quiet' }, `Zone ${named(w.zone_id)}, ${word(w.band).toLowerCase()} · ${hours(w.carer_minutes)} a week · priority ${w.priority}${w.days_waiting === null ? '' : ` · ${count(w.days_waiting, 'day')} in the queue`}`),
    h('p', {}, w.why), proof(w.package_id)))), waitChart(rows),
    rows.length > first.length ? [h('h3', {}, 'All who wait'), table('waiting', rows, { columns, label: 'people who wait' })] : table('waiting', rows, { columns, label: 'people who wait' }));
}

/** What `explain` proved, where the page was asked for it. */
function proof(id) {
  const text = data.explanations?.[id];
  if (!text) return null;
  const lines = text.split('\n').slice(1).filter((line) => line.trim());
  return h('details', {}, h('summary', {}, 'Proved, and what would help'), lines.map((line) => h('p', { class: /^\s/.test(line) ? 'inset' : null }, line.trim())));
}

function waitChart(rows) {
  const known = rows.filter((r) => typeof r.days_waiting === 'number');
  if (known.length < 5) return null;
  const colours = { rule: 'var(--purple)', capacity: 'var(--red)', trade: 'var(--blue)' };
  const step = Math.max(1, Math.ceil(Math.max(...known.map((r) => r.days_waiting)) / 30));
  const most = Math.max(...known.map((r) => known.filter((o) => Math.floor(o.days_waiting / step) === Math.floor(r.days_waiting / step)).length));
  return chart('How long they have waited', 'People by days since they were received.',
    `Between ${Math.min(...known.map((r) => r.days_waiting))} and ${Math.max(...known.map((r) => r.days_waiting))} days.`,
    () => ({ height: 180, marginLeft: 40, y: { label: 'people', tickFormat: 'd', ticks: Math.min(4, most), grid: true }, x: { label: 'days waiting' }, color: { domain: Object.keys(colours), range: Object.values(colours) },
      marks: [Plot.rectY(known, Plot.binX({ y: 'count' }, { x: 'days_waiting', fill: 'reason', interval: step })), Plot.ruleY([0])] }),
    Object.keys(colours).filter((r) => known.some((k) => k.reason === r)).map((r) => [`reason-${r}`, word(r)]));
}

function quality() {
  const rows = main.levels.map((l) => {
    const unit = unitOf(l.unit), b = main.baseline?.levels?.find((x) => x.name === l.name);
    return [h('span', {}, h('strong', {}, level(l.name).label), h('br'), h('span', { class: 'quiet' }, `${level(l.name).aim}${unit === 'n' && l.unit ? ` (${l.unit})` : ''}`)),
      { text: unit === 'n' ? number(l.value) : show(l.value, unit), key: l.name, value: l.value },
      { text: l.bound === null ? '–' : unit === 'n' ? number(l.bound) : show(l.bound, unit), value: l.bound },
      { text: gapWords(l.gap), value: l.gap }, ...(main.baseline ? [{ text: b ? showChange(b.over_plan, unit) : '–', value: b?.over_plan }] : [])];
  });
  return section('How good the plan is', `Aims in their order: each is met as well as can be without giving up any before it. The proved limit is what no plan can beat; less is better in every row.${main.baseline ? ' Going down the list may look better in a later row, because it leaves more people waiting.' : ''}`,
    small('Aims of the framework', ['Aim', 'This plan', 'Proved limit', 'In words', ...(main.baseline ? ['Going down the list instead'] : [])], rows, [1, 2, 4]),
    main.by_tier?.length ? small('By tier', ['Tier', 'People placed', 'Hours a week', 'Cost a week', 'Travel a week'],
      main.by_tier.map((t) => [word(t.tier), { text: few(t.placed), value: t.placed }, { text: show(t.carer_minutes_placed, 'min'), value: t.carer_minutes_placed },
        { text: show(t.weekly_cost_pence, 'p'), value: t.weekly_cost_pence }, { text: show(t.travel_minutes, 'min'), value: t.travel_minutes }]), [1, 2, 3, 4]) : null);
}

function zoneChart() {
  const rows = main.by_zone.flatMap((z) => [{ zone: named(z.zone_id), n: z.placed, kind: 'placed' }, { zone: named(z.zone_id), n: z.waiting, kind: 'waiting' }]);
  return chart('Placed and waiting by zone', 'People in the queue; those served today are not counted.', `${few(main.placed)} placed and ${few(main.waiting)} waiting in ${main.by_zone.length} zones.`,
    (width) => ({ ...rowsOf(width, main.by_zone.map((z) => named(z.zone_id))), x: { label: 'people', grid: true, tickFormat: 'd' },
      color: { domain: ['placed', 'waiting'], range: ['var(--green)', 'var(--red)'] }, marks: [Plot.barX(rows, { x: 'n', y: 'zone', fill: 'kind', insetTop: 3, insetBottom: 3 }), Plot.ruleX([0])] }),
    [['green', 'Placed'], ['red', 'Waiting']]);
}

function providerChart() {
  const TOP = 20, tiers = ['prime', 'supplementary', 'framework', 'other'];
  if (workspace && !data.public) {
    const all = workspace.providers.map((p) => ({ id: p.provider_id, capacity: p.capacity_minutes / 60, total: [...p.served_minutes, ...p.placed_minutes].reduce((a, b) => a + b, 0) / 60, p }))
      .sort((a, b) => b.total - a.total).slice(0, TOP);
    const rows = all.flatMap(({ id, p }) => tiers.map((tier, t) => ({ id, tier, h: (p.served_minutes[t] + p.placed_minutes[t]) / 60 })));
    return chart('Hours by provider and tier', `The ${all.length} largest of ${workspace.providers.length} providers, with what this plan adds; the mark is their capacity.`,
      all.slice(0, 3).map((a) => `${a.id} ${tenth(a.total)} hours of ${tenth(a.capacity)}`).join(', '),
      (width) => ({ ...rowsOf(width, all.map((a) => a.id), 19), x: { label: 'hours a week', grid: true }, color: { domain: tiers, range: tiers.map((n) => TIERS[n]) },
        marks: [Plot.barX(rows, { x: 'h', y: 'id', fill: 'tier', insetTop: 2, insetBottom: 2 }), Plot.tickX(all, { x: 'capacity', y: 'id', stroke: 'currentColor', strokeWidth: 2 }), Plot.ruleX([0])] }),
      [...tiers.map((n) => [`tier-${n}`, n === 'other' ? 'Outside its cover' : word(n)]).filter((_, t) => rows.some((r) => r.tier === tiers[t] && r.h > 0)), ['mark-line', 'Capacity']]);
  }
  const all = [...main.by_provider].map((p) => ({ id: p.provider_id, served: p.carer_minutes_fixed / 60, placed: p.carer_minutes_placed / 60, capacity: p.capacity_minutes / 60 }))
    .sort((a, b) => b.served + b.placed - a.served - a.placed).slice(0, TOP);
  const rows = all.flatMap((a) => [{ id: a.id, kind: 'served', h: a.served }, { id: a.id, kind: 'placed', h: a.placed }]);
  return chart('Hours by provider', `The ${all.length} largest of ${main.by_provider.length}; the mark is their capacity.`, '',
    (width) => ({ ...rowsOf(width, all.map((a) => a.id), 19), x: { label: 'hours a week', grid: true }, color: { domain: ['served', 'placed'], range: ['var(--served)', 'var(--green)'] },
      marks: [Plot.barX(rows, { x: 'h', y: 'id', fill: 'kind', insetTop: 2, insetBottom: 2 }), Plot.tickX(all, { x: 'capacity', y: 'id', stroke: 'currentColor', strokeWidth: 2 }), Plot.ruleX([0])] }),
    [['served', 'Served today'], ['green', 'Placed by this plan'], ['mark-line', 'Capacity']]);
}

function priceChart() {
  if (!workspace) return null;
  const rows = workspace.zones.flatMap((z) => Object.entries(z.prices).map(([band, pence]) => ({ zone: named(z.zone_id), band, price: pence / 100 })));
  if (!rows.length) return null;
  const alike = BANDS.every((band) => new Set(rows.filter((r) => r.band === band).map((r) => r.price)).size <= 1);
  const paid = main.by_zone.filter((z) => z.carer_minutes_placed).map((z) => ({ zone: named(z.zone_id), price: (0.6 * z.weekly_cost_pence) / z.carer_minutes_placed }));
  return chart('Price an hour by band and zone', `${alike ? 'Every zone has the same four prices. ' : ''}The bar is the average of what this plan places there.`,
    BANDS.map((band) => { const r = rows.find((x) => x.band === band); return r ? `${word(band)} ${pounds(100 * r.price)}` : ''; }).filter(Boolean).join(', '),
    (width) => ({ ...rowsOf(width, workspace.zones.map((z) => named(z.zone_id))), x: { label: 'pounds an hour', grid: true, nice: true, ticks: 5 },
      color: { domain: BANDS, range: BAND_COLOURS }, marks: [Plot.tickX(paid, { x: 'price', y: 'zone', stroke: 'currentColor', strokeWidth: 2.5, insetTop: 3, insetBottom: 3 }),
        Plot.dot(rows, { x: 'price', y: 'zone', fill: 'band', stroke: 'var(--ink)', strokeWidth: 0.5, r: 5 })] }),
    [...BANDS.map((b, i) => [`band-${i} round`, word(b)]), ['mark-line', 'Average placed']]);
}

function travel() {
  const rows = (workspace?.prices?.by_zone ?? []).filter((z) => z.packages).map((z) => ({ zone: named(z.zone_id), needed: z.minutes_needed, paid: z.minutes_paid }));
  if (!rows.length) return null;
  const s = workspace.prices.settings, all = workspace.prices.all;
  return travelChart(rows, `Minutes of travel in each hour of care: what the work needs, and what its price pays for once pay and overheads are covered (wage ${pounds(s.wage_pence)}, overheads ${number(s.overhead_percent)}%).`,
    `Over the county ${tenth(all.minutes_needed)} minutes are needed and ${tenth(all.minutes_paid)} are paid.`);
}

function tables() {
  const placed = list('allocations');
  const zoneColumns = columnsOf(main.by_zone);
  const providers = main.by_provider.map((p) => ({ ...p, name: workspace?.providers.find((w) => w.provider_id === p.provider_id)?.name }));
  const placedColumns = placed?.length ? columnsOf(placed) : [];
  for (const c of placedColumns) if (['tier', 'band'].includes(c.key)) c.text = word;
  return section('Tables', 'Every heading sorts; the box above filters; files have whole pence and minutes.',
    h('h3', {}, 'Zones'), table('by_zone', main.by_zone, { columns: zoneColumns, label: 'zones' }),
    h('h3', {}, 'Providers'), table('by_provider', providers, { columns: columnsOf(providers, ['provider_id', 'name', 'placed', 'carer_minutes_placed', 'weekly_cost_pence', 'travel_minutes', 'placements_fixed', 'carer_minutes_fixed', 'capacity_minutes', 'room_minutes']), label: 'providers' }),
    placed?.length ? [h('h3', {}, 'People placed'), table('allocations', placed, { columns: placedColumns, label: 'people placed' })] : null,
    otherTables(['levels', 'by_zone', 'by_provider', 'by_tier']));
}

export function allocation() {
  const first = main.levels?.[0];
  header(main.waiting !== 0 ? `${data.public ? 'About ' : ''}${main.placed === null ? 'some' : number(main.placed)} of ${main.packages === null ? 'a few people' : count(main.packages, 'person', 'people')} can be placed; ${main.waiting === null ? 'a few' : number(main.waiting)} go on waiting` : `Everybody can be placed: ${count(main.packages, 'person', 'people')}`,
    first?.gap === 0 ? 'Proved: within these rules and today’s capacity, no plan leaves less urgent care waiting.'
      : first?.gap === null || first?.gap === undefined ? 'Made by going down the list, without a proof of how good it is.' : `Proved: at most ${percent(first.gap)} less urgent care could be waiting in any plan.`);
  sections([glance(), mapSection(), waits(), quality(), section('Charts', null, h('div', { class: 'charts' }, [zoneChart(), providerChart(), priceChart(), travel()].filter(Boolean))), tables()]);
}
