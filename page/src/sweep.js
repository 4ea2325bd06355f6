// SPDX-License-Identifier: GPL-3.0-or-later
// Many scenarios: how they compare in any figure, and in two at once.
import { chart, fitting, names, pick, Plot } from './charts.js';
import { main } from './data.js';
import { choice, h } from './dom.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { table } from './tables.js';
import { axisOf, count, number, show, title, unitOf, word } from './words.js';

const MOST = 40;
const scenarios = main.scenarios ?? [];
const done = scenarios.filter((s) => s.values && Object.keys(s.values).length);
// Those that differ come first.
const differs = (f) => new Set(done.map((s) => s.values[f.name])).size > 1;
const figures = [...(main.figures ?? [])].sort((f, g) => differs(g) - differs(f));
const axis = (figure) => {
  const unit = unitOf(figure.unit), [scale, words] = axisOf(unit);
  return { unit, of: (s) => (typeof s.values[figure.name] === 'number' ? s.values[figure.name] / scale : null), label: words ? `${title(figure)}, ${words}` : title(figure) };
};

function ranked() {
  return pick('Figure', figures.map((f) => [f.name, title(f)]), (name) => {
    const figure = figures.find((f) => f.name === name), { of, label, unit } = axis(figure);
    const rows = done.map((s) => ({ name: s.name, v: of(s) })).filter((r) => r.v !== null).sort((x, y) => x.v - y.v);
    if (!rows.length) return h('p', {}, 'No scenario has this figure.');
    const few = rows.length > MOST ? [...rows.slice(0, MOST / 2), ...rows.slice(-MOST / 2)] : rows;
    const first = done.find((s) => s.name === rows[0].name), last = done.find((s) => s.name === rows.at(-1).name);
    return chart(title(figure), rows.length > MOST ? `The ${MOST / 2} lowest and the ${MOST / 2} highest of ${rows.length} scenarios.` : 'Lowest first.',
      `Lowest ${rows[0].name} with ${show(first.values[name], unit)}, highest ${rows.at(-1).name} with ${show(last.values[name], unit)}.`,
      (width) => ({ height: 18 * few.length + 60, ...names(width), x: { label, grid: true }, y: { label: null, domain: few.map((r) => r.name), tickFormat: fitting(width) },
        marks: [Plot.ruleY(few, { y: 'name', x1: 0, x2: 'v', stroke: 'var(--line)', strokeWidth: 2 }), Plot.dot(few, { x: 'v', y: 'name', fill: 'var(--blue)', r: 5 })] }));
  });
}

function pairs() {
  if (figures.length < 2 || done.length < 3) return null;
  let x = figures[0].name, y = figures[1].name;
  const place = h('div');
  const options = figures.map((f) => [f.name, title(f)]);
  function draw() {
    const ax = axis(figures.find((f) => f.name === x)), ay = axis(figures.find((f) => f.name === y));
    const rows = done.map((s) => ({ name: s.name, x: ax.of(s), y: ay.of(s) })).filter((r) => r.x !== null && r.y !== null);
    place.replaceChildren(chart(`${title(figures.find((f) => f.name === x))} against ${title(figures.find((f) => f.name === y)).toLowerCase()}`, 'Each mark is a scenario; point at one for its name.', `${rows.length} scenarios.`,
      () => ({ height: 380, marginLeft: 65, x: { label: ax.label, grid: true, nice: true }, y: { label: ay.label, grid: true, nice: true },
        marks: [Plot.dot(rows, { x: 'x', y: 'y', fill: 'var(--blue)', fillOpacity: 0.75, r: 5, channels: { scenario: 'name' }, tip: { fill: 'var(--surface)', format: { scenario: true } } })] })));
  }
  draw();
  return h('div', {}, h('div', { class: 'tools' }, choice('Across', options, x, (v) => { x = v; draw(); }), choice('Up', options, y, (v) => { y = v; draw(); })), place);
}

export function sweep() {
  const states = [...new Set(scenarios.map((s) => s.status ?? 'done'))];
  header(`${count(scenarios.length, 'scenario')} compared`, states.length > 1 ? states.map((s) => `${scenarios.filter((x) => (x.status ?? 'done') === s).length} ${word(s)}`).join(', ') : null);
  const rows = scenarios.map((s) => ({ name: s.name, status: s.status, changes: (s.changes ?? []).map((c) => (typeof c === 'string' ? c : JSON.stringify(c))).join('; '), ...s.values }));
  const columns = [{ key: 'name', label: 'Scenario' }, ...(states.length > 1 ? [{ key: 'status', label: 'Outcome', text: (v) => word(v ?? '') }] : []),
    ...figures.map((f) => ({ key: f.name, label: title(f), unit: unitOf(f.unit), numeric: true })), { key: 'changes', label: 'What it changes' }];
  const range = (f) => {
    const values = done.map((s) => s.values[f.name]).filter((v) => typeof v === 'number');
    return values.length && { label: title(f), key: f.name, text: Math.min(...values) === Math.max(...values) ? show(values[0], unitOf(f.unit)) : show(Math.min(...values), unitOf(f.unit)),
      note: Math.min(...values) === Math.max(...values) ? 'in every scenario' : `lowest; highest ${show(Math.max(...values), unitOf(f.unit))}` };
  };
  sections([
    section('At a glance', null, tiles([{ label: 'Scenarios', text: number(scenarios.length), key: 'scenarios', value: scenarios.length }, ...figures.slice(0, 7).map(range)])),
    done.length && section('One figure', null, ranked()),
    done.length && section('Two figures', null, pairs()),
    section('All scenarios', 'Headings sort, the box filters.', table('sweep', rows, { columns, label: 'scenarios' }), otherTables(['scenarios', 'figures'])),
  ]);
}
