// SPDX-License-Identifier: GPL-3.0-or-later
// Many scenarios: how they compare in any figure, and in two at once.
import { chart, pick, Plot, rowsOf } from './charts.js';
import { main } from './data.js';
import { choice, h } from './dom.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { table } from './tables.js';
import { axisOf, count, number, show, title, unitOf, word } from './words.js';

const MOST = 40, NAMED = 8;
const scenarios = main.scenarios ?? [];
const done = scenarios.filter((s) => s.values && Object.keys(s.values).length);
// Those that differ come first.
const differs = (f) => new Set(done.map((s) => s.values[f.name])).size > 1;
const figures = [...(main.figures ?? [])].sort((f, g) => differs(g) - differs(f));
const calm = (text) => (text && text === text.toUpperCase() ? text.charAt(0) + text.slice(1).toLowerCase() : text);
const groupOf = (s) => calm(s.group);
const groups = [...new Set(done.map(groupOf).filter(Boolean))];
const GROUPED = ['var(--blue)', 'var(--orange)', 'var(--green)', 'var(--purple)', 'var(--red)'];
/** Marks by group, where there are a few of them. */
const grouped = groups.length > 1 && groups.length <= GROUPED.length;
const colours = grouped ? { color: { domain: groups, range: GROUPED } } : {};
const fill = grouped ? 'group' : 'var(--blue)';
const legend = grouped ? groups.map((g, i) => [`${['blue', 'orange', 'green', 'purple', 'red'][i]} round`, g]) : undefined;
const axis = (figure) => {
  const unit = unitOf(figure.unit), [scale, words] = axisOf(unit);
  return { unit, of: (s) => (typeof s.values[figure.name] === 'number' ? s.values[figure.name] / scale : null), label: words ? `${title(figure)}, ${words}` : title(figure) };
};

function ranked() {
  return pick('Figure', figures.map((f) => [f.name, title(f)]), (name) => {
    const figure = figures.find((f) => f.name === name), { of, label, unit } = axis(figure);
    const rows = done.map((s) => ({ name: s.name, group: groupOf(s), v: of(s) })).filter((r) => r.v !== null).sort((x, y) => x.v - y.v);
    if (!rows.length) return h('p', {}, 'No scenario has this figure.');
    const few = rows.length > MOST ? [...rows.slice(0, MOST / 2), ...rows.slice(-MOST / 2)] : rows;
    const first = done.find((s) => s.name === rows[0].name), last = done.find((s) => s.name === rows.at(-1).name);
    return chart(title(figure), rows.length > MOST ? `The ${MOST / 2} lowest and the ${MOST / 2} highest of ${rows.length} scenarios.` : 'Lowest first.',
      `Lowest ${rows[0].name} with ${show(first.values[name], unit)}, highest ${rows.at(-1).name} with ${show(last.values[name], unit)}.`,
      (width) => ({ ...rowsOf(width, few.map((r) => r.name), 18), ...colours, x: { label, grid: true },
        marks: [Plot.ruleY(few, { y: 'name', x1: 0, x2: 'v', stroke: 'var(--line)', strokeWidth: 2 }), Plot.dot(few, { x: 'v', y: 'name', fill, r: 5 })] }), legend);
  });
}

function pairs() {
  if (figures.length < 2 || done.length < 3) return null;
  let x = figures[0].name, y = figures[1].name;
  const place = h('div');
  const options = figures.map((f) => [f.name, title(f)]);
  function draw() {
    const ax = axis(figures.find((f) => f.name === x)), ay = axis(figures.find((f) => f.name === y));
    const rows = done.map((s) => ({ name: s.name, group: groupOf(s), x: ax.of(s), y: ay.of(s) })).filter((r) => r.x !== null && r.y !== null);
    place.replaceChildren(chart(`${title(figures.find((f) => f.name === x))} against ${title(figures.find((f) => f.name === y)).toLowerCase()}`, rows.length <= NAMED ? 'Each mark is a scenario.' : 'Each mark is a scenario; point at one for its name.', `${rows.length} scenarios.`,
      () => ({ height: 380, marginLeft: 65, marginRight: 30, marginTop: 28, ...colours, x: { label: ax.label, grid: true, nice: true, inset: 16 }, y: { label: ay.label, grid: true, nice: true, inset: 16 },
        marks: [rows.length <= NAMED ? Plot.text(rows, { x: 'x', y: 'y', text: 'name', dy: -11, fill: 'currentColor' }) : null, Plot.dot(rows, { x: 'x', y: 'y', fill, fillOpacity: 0.75, r: 5, channels: { scenario: 'name' }, tip: { fill: 'var(--surface)', format: { scenario: true } } })] }), legend));
  }
  draw();
  return h('div', {}, h('div', { class: 'tools' }, choice('Across', options, x, (v) => { x = v; draw(); }), choice('Up', options, y, (v) => { y = v; draw(); })), place);
}

export function sweep() {
  const states = [...new Set(scenarios.map((s) => s.status ?? 'done'))];
  header(`${count(scenarios.length, 'scenario')} compared`, !states.includes('done') || states.length > 1 ? states.map((s) => `${scenarios.filter((x) => (x.status ?? 'done') === s).length} ${word(s)}`).join(', ') : null);
  const rows = scenarios.map((s) => ({ name: s.name, group: groupOf(s), status: s.status, changes: (s.changes ?? []).map((c) => (typeof c === 'string' ? c : JSON.stringify(c))).join('; '), ...s.values }));
  const columns = [{ key: 'name', label: 'Scenario' }, ...(groups.length > 1 ? [{ key: 'group', label: 'Group' }] : []), ...(states.length > 1 ? [{ key: 'status', label: 'Outcome', text: (v) => word(v ?? '') }] : []),
    ...figures.map((f) => ({ key: f.name, label: title(f), unit: unitOf(f.unit), numeric: true })), { key: 'changes', label: 'What it changes' }];
  const range = (f) => {
    const values = done.map((s) => s.values[f.name]).filter((v) => typeof v === 'number');
    return values.length && { label: title(f), key: f.name, text: Math.min(...values) === Math.max(...values) ? show(values[0], unitOf(f.unit)) : show(Math.min(...values), unitOf(f.unit)),
      note: Math.min(...values) === Math.max(...values) ? 'in every scenario' : `at least; at most ${show(Math.max(...values), unitOf(f.unit))}` };
  };
  sections([
    section('At a glance', null, tiles([{ label: 'Scenarios', text: number(scenarios.length), key: 'scenarios', value: scenarios.length }, ...figures.slice(0, 7).map(range)])),
    done.length && section('One figure', null, ranked()),
    done.length && section('Two figures', null, pairs()),
    section('All scenarios', 'Headings sort, the box filters.', table('sweep', rows, { columns, label: 'scenarios' }), otherTables(['scenarios', 'figures'])),
  ]);
}
