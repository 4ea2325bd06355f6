// SPDX-License-Identifier: GPL-3.0-or-later
// A proposal for zones: today's map and the new one, why it is better, what it costs to get there, and how it stands among
// all maps that the rules allow.
import { chart, fitting, names, Plot } from './charts.js';
import { layer, list, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { flat, measuresOf, travelBars } from './zones.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, small, table } from './tables.js';
import { count, describe, gapWords, level, number, percent, show, title } from './words.js';

const hoursOf = (minutes) => minutes / 60;
const after = (z) => z.after ?? z, before = (z) => z.before ?? null;

function levels() {
  const rows = (main.levels ?? []).map((l) => [level(l.name).label, { text: number(l.before), value: l.before }, { text: number(l.value), value: l.value, key: l.name },
    { text: l.bound === null || l.bound === undefined ? '–' : number(l.bound), value: l.bound }, gapWords(l.gap), { text: l.before ? percent((l.value - l.before) / Math.abs(l.before)) : '–' }]);
  return rows.length ? small('Aims of the design', ['Aim', 'Today', 'Proposal', 'Proved limit', 'In words', 'Change'], rows, [1, 2, 3, 5]) : null;
}

function curve() {
  const points = (main.curve ?? []).map((p) => ({ ...p, x: p.hours_moved ?? (p.minutes_moved !== undefined ? hoursOf(p.minutes_moved) : null), y: p.value })).filter((p) => p.x !== null && typeof p.y === 'number');
  if (points.length < 2) return null;
  return chart('Change against gain', 'How good the map can get for the hours of care that change their zone.', points.map((p) => `${number(p.x)} hours: ${number(p.y)}`).join(', '),
    () => ({ height: 300, marginLeft: 70, x: { label: 'hours a week that change their zone', grid: true }, y: { label: level(main.levels?.[0]?.name ?? 'value').label, grid: true, zero: false, nice: true },
      marks: [Plot.lineY(points, { x: 'x', y: 'y', stroke: 'var(--blue)', strokeWidth: 2.5, curve: 'step-after' }), Plot.dot(points, { x: 'x', y: 'y', fill: 'var(--blue)', r: 5 })] }));
}

/** Where today's map and the proposal stand among the maps of the ensemble. */
function ensemble() {
  const e = main.ensemble, figures = (e?.figures ?? []).filter((f) => f.quantiles?.length > 2);
  if (!figures.length) return null;
  const rows = figures.map((f) => {
    const q = f.quantiles, low = Math.min(q[0], f.today, f.proposal), high = Math.max(q.at(-1), f.today, f.proposal), at = (v) => (high > low ? (v - low) / (high - low) : 0.5);
    return { name: title(f.name), low: at(q[0]), high: at(q.at(-1)), from: at(q[Math.floor(q.length * 0.25)]), to: at(q[Math.ceil(q.length * 0.75) - 1]), middle: at(q[Math.floor(q.length / 2)]), today: at(f.today), proposal: at(f.proposal), f };
  });
  return [chart('Among all maps the rules allow', `From the lowest to the highest of ${number(e.maps ?? e.distinct)} maps drawn at random; the thick part holds the middle half.`,
    rows.map((r) => `${r.name}: today ${number(r.f.today)}, proposal ${number(r.f.proposal)}`).join('; '),
    (width) => ({ height: 40 * rows.length + 40, ...names(width), x: { domain: [0, 1], axis: null }, y: { label: null, domain: rows.map((r) => r.name), tickFormat: fitting(width) },
      marks: [Plot.ruleY(rows, { y: 'name', x1: 'low', x2: 'high', stroke: 'var(--grey)', strokeWidth: 2 }), Plot.ruleY(rows, { y: 'name', x1: 'from', x2: 'to', stroke: 'var(--grey)', strokeWidth: 9, strokeOpacity: 0.7 }),
        Plot.tickX(rows, { y: 'name', x: 'middle', stroke: 'currentColor' }), Plot.dot(rows, { y: 'name', x: 'today', fill: 'var(--orange)', r: 7, symbol: 'square' }), Plot.dot(rows, { y: 'name', x: 'proposal', fill: 'var(--blue)', r: 7 })] }),
    [['orange', 'Today'], ['blue round', 'Proposal']]),
  small('Position among the maps', ['Figure', 'Lowest', 'Middle', 'Highest', 'Today', 'Proposal'], rows.map(({ name, f }) => [name, number(f.quantiles[0]), number(f.quantiles[Math.floor(f.quantiles.length / 2)]),
    number(f.quantiles.at(-1)), { text: number(f.today), value: f.today }, { text: number(f.proposal), value: f.proposal, key: f.name }]), [1, 2, 3, 4, 5]),
  h('p', { class: 'quiet' }, [e.distinct !== undefined ? `${number(e.distinct)} different maps` : '', e.rhat !== undefined && e.rhat !== null ? `R-hat ${number(e.rhat)}` : '', e.ess !== undefined && e.ess !== null ? `effective sample ${number(e.ess)}` : ''].filter(Boolean).join(', '))];
}

/** The value that a sentence rests on, from its JSON pointer. */
const at = (pointer) => pointer.split('/').slice(1).reduce((v, key) => v?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], main);

export function design() {
  const rows = (main.zones ?? []).map((z) => ({ zone_id: z.zone_id, name: z.name, ...flat(after(z)), ...Object.fromEntries(Object.entries(flat(before(z) ?? {})).map(([key, v]) => [`${key}_before`, v])) }))
    .map(({ before: x, after: y, ...row }) => row);
  const moves = list('moves'), first = main.levels?.[0], plan = list('plan');
  header(main.outcome === 'infeasible' ? 'No map keeps all of these rules' : main.title ?? 'A proposal for the zones', first && first.before ? `${level(first.name).label}: ${number(first.before)} today, ${number(first.value)} proposed.` : null);
  const moved = new Map((moves ?? []).map((m) => [m.unit ?? m.unit_id ?? m.area_id, `from zone ${m.from} to zone ${m.to}`]));
  const map = zoneMap({ rows, measures: measuresOf(rows), before: layer('zones_before') ?? undefined, labels: ['Today', 'Proposal'], people: false, moved });
  const figures = Object.entries(main).filter(([, v]) => typeof v === 'number').slice(0, 8);
  const movedCurve = curve(), position = ensemble(), travel = travelBars((main.zones ?? []).map((z) => ({ zone_id: z.zone_id, name: z.name, ...after(z) })));
  sections([
    section('At a glance', null, tiles(figures.map(([key, v]) => ({ label: title(key), key, value: v, text: show(v, describe(key).unit || 'n') }))), levels()),
    main.rationale?.length && section('Why', 'Each sentence rests on a figure of the result.', h('ul', { class: 'reasons' }, main.rationale.map((r) => {
      const value = r.figure ? at(r.figure) : undefined;
      return h('li', { 'data-figure': r.figure, 'data-value': typeof value === 'object' ? null : value }, r.text);
    }))),
    map && section('Map', 'Slide between today and the proposal; small areas can be shown as well.', map),
    (movedCurve || position) && section('Change, gain and choice', null, h('div', { class: 'charts' }, [movedCurve].filter(Boolean)), position ?? []),
    travel && section('Charts', null, h('div', { class: 'charts' }, travel)),
    main.phases?.length && section('Getting there', 'Steps in order; every map on the way keeps the rules.', table('phases', main.phases.map(flat), { label: 'steps' })),
    section('Tables', null, rows.length ? [h('h3', {}, 'Zones'), table('zones', rows, { columns: columnsOf(rows), label: 'zones' })] : null,
      moves?.length ? [h('h3', {}, `${count(moves.length, 'small area')} that move`), table('moves', moves, { label: 'small areas that move' })] : null,
      plan?.length ? [h('h3', {}, 'The whole plan'), table('plan', plan, { label: 'small areas' })] : null,
      main.rules?.length ? [h('h3', {}, 'Rules'), h('ul', {}, main.rules.map((r) => h('li', {}, typeof r === 'string' ? r : Object.entries(r).map(([k, v]) => `${title(k).toLowerCase()} ${typeof v === 'object' ? JSON.stringify(v) : v}`).join(', '))))] : null,
      otherTables(['levels', 'zones', 'curve', 'rationale', 'phases', 'rules', 'moves'])),
  ]);
}
