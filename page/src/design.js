// SPDX-License-Identifier: GPL-3.0-or-later
// A proposal for zones: today's map and the new one, why it is better, what it costs to get there, and how it stands among
// all maps that the rules allow.
import { chart, Plot, rowsOf } from './charts.js';
import { flat, layer, list, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { measuresOf, travelBars } from './zones.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, small, table } from './tables.js';
import { axisOf, count, gapWords, level, number, share, show, showChange, spoken, unitOf } from './words.js';

const after = (z) => ('after' in z ? z.after ?? {} : z), before = (z) => z.before ?? null;
const figureNamed = (name) => main.figures?.find((f) => f.name === name) ?? main.levels?.find((f) => f.name === name);
const unitNamed = (name) => unitOf(figureNamed(name)?.unit);
const spell = (name, value) => (value === null || value === undefined ? '–' : show(value, unitNamed(name)));
const change = (from, to) => (from ? `${to > from ? '+' : to < from ? '−' : ''}${share(Math.abs(to - from) / Math.abs(from))}` : '–');

function levels() {
  const rows = (main.levels ?? []).map((l) => [h('span', {}, h('strong', {}, level(l.name).label), h('br'), h('span', { class: 'quiet' }, level(l.name).aim)),
    { text: spell(l.name, l.before), value: l.before }, { text: spell(l.name, l.value), value: l.value, key: l.name }, { text: change(l.before, l.value) },
    { text: l.gap >= 1 ? '–' : spell(l.name, l.bound), value: l.bound }, gapWords(l.gap)]);
  return rows.length ? small('Aims of the design', ['Aim', 'Today', 'Proposal', 'Change', 'Proved limit', 'In words'], rows, [1, 2, 3, 4]) : null;
}

/** What the first aim could gain, for how much change; today is where nothing moves. */
function curve() {
  const first = main.levels?.[0], name = first?.name ?? 'value', [scale, words] = axisOf(unitNamed(name));
  const points = (main.curve ?? []).map((p) => ({ x: p.hours_moved, y: p.value / scale, raw: p.value })).filter((p) => typeof p.x === 'number' && Number.isFinite(p.y));
  if (!points.length) return null;
  if (typeof first?.before === 'number' && points[0].x > 0) points.unshift({ x: 0, y: first.before / scale, raw: first.before });
  const limit = first?.gap < 1 && first.bound > 0 ? [first.bound / scale] : [];
  return chart('Change against gain', `${level(name).label}${words ? `, ${words} a week` : ''}: the best map found for the hours of care that may change their zone.`,
    points.map((p) => `${number(p.x)} hours: ${spell(name, p.raw)}`).join(', '),
    () => ({ height: 300, marginLeft: 60, x: { label: 'hours of care a week that change their zone', grid: true, nice: true }, y: { label: `${level(name).label}${words ? `, ${words}` : ''}`, grid: true, zero: false, nice: true },
      marks: [Plot.ruleY(limit, { stroke: 'var(--red)', strokeWidth: 2, strokeDasharray: '6 4' }), Plot.lineY(points, { x: 'x', y: 'y', stroke: 'var(--blue)', strokeWidth: 2.5, curve: 'step-after' }),
        Plot.dot(points, { x: 'x', y: 'y', fill: 'var(--blue)', r: 5 })] }),
    [['blue round', 'Best map found'], ...(limit.length ? [['red', 'No map is below']] : [])]);
}

/** Where today's map and the proposal stand among the maps of the ensemble. */
function ensemble() {
  const e = main.ensemble, figures = (e?.figures ?? []).filter((f) => f.quantiles?.length > 2);
  if (!figures.length) return null;
  const part = (q, at) => q[Math.round((q.length - 1) * at)];
  const rows = figures.map((f) => {
    const q = f.quantiles, low = Math.min(q[0], f.today, f.proposal), high = Math.max(q.at(-1), f.today, f.proposal), at = (v) => (high > low ? (v - low) / (high - low) : 0.5);
    return { name: level(f.name).label, low: at(q[0]), high: at(q.at(-1)), from: at(part(q, 0.25)), to: at(part(q, 0.75)), middle: at(part(q, 0.5)), today: at(f.today), proposal: at(f.proposal), alike: high === low, f };
  });
  const drawn = rows.filter((r) => !r.alike);
  const lower = (s) => (typeof s === 'number' ? `${number(Math.round(100 * s))}%` : '–');
  return [chart('Among all maps the rules allow', `Each line goes from the lowest to the highest of ${number(e.maps ?? e.distinct)} maps drawn at random; the thick part holds the middle half. Less is better, to the left.`,
    drawn.map((r) => `${r.name}: today ${spell(r.f.name, r.f.today)}, proposal ${spell(r.f.name, r.f.proposal)}`).join('; '),
    (width) => ({ ...rowsOf(width, drawn.map((r) => r.name), 34), x: { domain: [0, 1], axis: null, inset: 10 }, marginBottom: 12,
      marks: [Plot.ruleY(drawn, { y: 'name', x1: 'low', x2: 'high', stroke: 'var(--grey)', strokeWidth: 2 }), Plot.ruleY(drawn, { y: 'name', x1: 'from', x2: 'to', stroke: 'var(--grey)', strokeWidth: 9, strokeOpacity: 0.7 }),
        Plot.tickX(drawn, { y: 'name', x: 'middle', stroke: 'currentColor', insetTop: 6, insetBottom: 6 }), Plot.dot(drawn, { y: 'name', x: 'today', fill: 'var(--orange)', r: 7, symbol: 'square' }), Plot.dot(drawn, { y: 'name', x: 'proposal', fill: 'var(--blue)', r: 6 })] }),
    [['orange', 'Today'], ['blue round', 'Proposal'], ['mark-line', 'Middle map']]),
  small('Position among the maps', ['Figure', 'Today', 'Proposal', 'Lowest map', 'Middle map', 'Highest map', 'Maps below the proposal'], rows.map(({ name, f }) => [name, { text: spell(f.name, f.today), value: f.today },
    { text: spell(f.name, f.proposal), value: f.proposal, key: f.name }, spell(f.name, f.quantiles[0]), spell(f.name, part(f.quantiles, 0.5)), spell(f.name, f.quantiles.at(-1)), { text: lower(f.share_below_proposal), value: f.share_below_proposal }]), [1, 2, 3, 4, 5, 6]),
  h('p', { class: 'quiet' }, e.rhat > 1.1 ? 'Too few maps were drawn to read positions from: the chains do not agree yet. ' : '',
    [e.distinct !== undefined ? `${number(e.distinct)} different maps` : '', typeof e.rhat === 'number' ? `R-hat ${number(e.rhat)} (settled below 1.1)` : '', typeof e.ess === 'number' ? `worth ${number(Math.round(e.ess))} independent maps` : ''].filter(Boolean).join(', '), '.')];
}

/** The value that a sentence rests on, from its JSON pointer. */
const at = (pointer) => pointer.split('/').slice(1).reduce((v, key) => v?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], main);

/** Sentences in their order; long runs about the same kind of thing are folded. */
function rationale() {
  const item = (r) => {
    const value = r.figure ? at(r.figure) : undefined;
    return h('li', { 'data-figure': r.figure, 'data-value': typeof value === 'object' ? null : value }, spoken(r.text));
  };
  const groups = [];
  for (const r of main.rationale) {
    const kind = /^\/(repairs|zones)\//.exec(r.figure ?? '')?.[1] ?? '';
    if (kind && groups.at(-1)?.kind === kind) groups.at(-1).items.push(r);
    else groups.push({ kind, items: [r] });
  }
  const names = { repairs: (n) => `${count(n, 'small area')} ${n === 1 ? 'leaves its' : 'leave their'} zone first, because the zone is in parts today`, zones: (n) => `${count(n, 'zone')} with other hours than today` };
  return h('ul', { class: 'reasons' }, groups.map((g) => (g.items.length > 3 ? h('li', {}, h('details', {}, h('summary', {}, names[g.kind](g.items.length)), h('ul', {}, g.items.map(item)))) : g.items.map(item))));
}

/** Small areas whose zone differs in the end: repaired and moved back is not moved. */
function netMoves(moves) {
  const net = new Map();
  for (const m of moves) {
    const unit = m.unit ?? m.area_id;
    net.set(unit, { ...m, from: net.get(unit)?.from ?? m.from, to: m.to });
  }
  return [...net.values()].filter((m) => m.from !== m.to);
}

const ruleWords = (r) => (typeof r === 'string' ? r : r.text ?? JSON.stringify(r));

function noMap() {
  const clash = main.clash ?? {}, rules = clash.rules ?? [];
  header(main.outcome === 'clash' ? 'No map keeps all of these rules' : 'No map was found that keeps these rules', clash.proved ? 'Proved: the rules below cannot all hold.' : 'It is not proved that there is none.');
  sections([
    section('Why', null, clash.why ? h('p', {}, clash.why) : null, rules.length ? small('Rules that clash', ['Rule', 'Line of the file', 'Without it'], rules.map((r) => [r.text, r.line ? String(r.line) : 'of the map',
      r.map_found_without_it ? 'a map was found' : 'none was found'])) : null),
    section('Rules', null, h('ul', {}, (main.rules ?? []).map((r) => h('li', {}, ruleWords(r))))),
  ]);
}

export function design() {
  if (main.outcome && main.outcome !== 'proposed') {
    noMap();
    return;
  }
  const first = main.levels?.[0], plan = list('plan'), moves = list('moves') ?? [], net = netMoves(moves), moved = figureNamed('moved_hours'), people = figureNamed('moved_packages');
  const rows = (main.zones ?? []).map((z) => {
    const now = flat(before(z) ?? {}), then = flat(after(z)), keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((key) => typeof then[key] !== 'object' && typeof now[key] !== 'object' && !['zone_id', 'name', 'visits_by_block'].includes(key));
    return { zone_id: z.zone_id, name: z.name, ...Object.fromEntries(keys.flatMap((key) => [...(key in now ? [[`${key}_before`, now[key]]] : []), ...(key in then ? [[key, then[key]]] : [])])), minutes_min: z.minutes_min, minutes_max: z.minutes_max };
  });
  const part = moved && main.minutes ? `${share(moved.value / main.minutes)} of all` : '';
  header('A proposal for the zones', first && typeof first.before === 'number' ? `${level(first.name).label}: ${spell(first.name, first.before)} a week today, ${spell(first.name, first.value)} proposed (${change(first.before, first.value)})${moved ? `; ${show(moved.value, 'min')} of care change zone${part ? `, ${part}` : ''}` : ''}.` : null);
  const measures = measuresOf(rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => !/_before$|_min$|_max$/.test(key)))), ['minutes', 'packages', 'people65', 'road_seconds'])
    .map((m) => ({ ...m, before: rows.some((row) => `${m.key}_before` in row) ? { value: (row) => row[`${m.key}_before`] ?? null } : undefined }));
  const map = zoneMap({ rows, measures, before: layer('zones_before') ?? undefined, labels: ['Today', 'Proposal'], people: false, moved: new Map(net.map((m) => [m.unit ?? m.area_id, `from zone ${m.from} to zone ${m.to}`])) });
  const gain = curve(), position = ensemble(), travel = travelBars((main.zones ?? []).map((z) => ({ zone_id: z.zone_id, name: z.name, ...after(z) })));
  const phases = (main.phases ?? []).map(flat);
  sections([
    section('At a glance', null, tiles([
      first && { label: level(first.name).label, key: first.name, value: first.value, text: spell(first.name, first.value), tone: first.value < first.before ? 'good' : '', note: typeof first.before === 'number' ? `a week; today ${spell(first.name, first.before)}` : '' },
      typeof main.rounds_seconds === 'number' && { label: 'Travel, another estimate', key: 'rounds_seconds', value: main.rounds_seconds, text: show(main.rounds_seconds, 's'), note: `that of zones stats; today ${show(main.rounds_seconds_before, 's')}` },
      { label: 'Small areas that move', key: 'moves', value: net.length, text: number(net.length), note: main.areas ? `of ${number(main.areas)}` : '' },
      moved && { label: 'Hours that change zone', key: 'moved_hours', value: moved.value, text: show(moved.value, 'min'), note: [part, typeof main.minutes_allowed === 'number' ? `${show(main.minutes_allowed, 'min')} allowed` : ''].filter(Boolean).join('; ') },
      people && { label: 'People who change zone', key: 'moved_packages', value: people.value, text: number(people.value), note: 'with a package of care' },
      phases.length > 0 && { label: 'Phases', key: 'phases', value: phases.length, text: number(phases.length), note: 'every map on the way keeps the rules' },
    ]), levels()),
    main.rationale?.length && section('Why', 'Each sentence rests on a figure of the result.', rationale()),
    map && section('Map', layer('zones_before') ? 'Slide between today and the proposal. Small areas that change their zone can be shown as well.' : null, map),
    (gain || position) && section('Change, gain and choice', null, h('div', { class: 'charts' }, [gain].filter(Boolean)), position ?? []),
    travel && section('Charts', null, h('div', { class: 'charts' }, travel)),
    phases.length && section('Getting there', 'Phases in order; every map on the way keeps the rules.', table('phases', phases, { label: 'phases' })),
    section('Tables', null, rows.length ? [h('h3', {}, 'Zones'), table('zones', rows, { columns: columnsOf(rows), label: 'zones' })] : null,
      net.length ? [h('h3', {}, `${count(net.length, 'small area')} that ${net.length === 1 ? 'moves' : 'move'}`), table('moves', net, { columns: columnsOf(net).filter((c) => c.key !== 'kind'), label: 'small areas that move' })] : null,
      main.figures?.length ? small('All figures of the maps', ['Figure', 'Today', 'Repaired', 'Proposal', 'Change'], main.figures.map((f) => [level(f.name).label, { text: spell(f.name, f.today), value: f.today }, { text: spell(f.name, f.before), value: f.before },
        { text: spell(f.name, f.value), value: f.value }, showChange(f.value - f.before, unitNamed(f.name))]), [1, 2, 3, 4]) : null,
      plan?.length ? [h('h3', {}, 'The whole plan'), table('plan', plan, { label: 'small areas' })] : null,
      main.rules?.length ? [h('h3', {}, 'Rules'), h('ul', {}, main.rules.map((r) => h('li', {}, ruleWords(r))))] : null,
      otherTables(['levels', 'figures', 'zones', 'curve', 'rationale', 'phases', 'rules', 'moves'])),
  ]);
}
