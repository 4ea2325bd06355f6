// SPDX-License-Identifier: GPL-3.0-or-later
// The desk over days: who waits, what is placed, who says yes.
import { chart, pick, Plot, rowsOf } from './charts.js';
import { flat, layer, main } from './data.js';
import { h } from './dom.js';
import { zoneMap } from './map.js';
import { measuresOf, zoneBars } from './zones.js';
import { header, otherTables, section, sections, tiles } from './sections.js';
import { columnsOf, table } from './tables.js';
import { axisOf, count, describe, number, show, title } from './words.js';

function days(rows) {
  const keys = Object.keys(rows[0]).filter((key) => rows.some((d) => typeof d[key] === 'number'));
  const first = ['waiting', 'placed', 'received', 'offers', 'accepted', 'declined'].filter((key) => keys.includes(key));
  const line = (key) => {
    const { label, unit } = describe(key), [scale, words] = axisOf(unit);
    const points = rows.map((d) => ({ date: new Date(`${d.date}T00:00:00Z`), v: d[key] === null || d[key] === undefined ? NaN : d[key] / scale }));
    return chart(label, words ? `By day, ${words}.` : 'By day.', `${number(points[0].v)} on ${rows[0].date}, ${number(points.at(-1).v)} on ${rows.at(-1).date}.`,
      () => ({ height: 220, marginLeft: 50, y: { label: null, grid: true, zero: true, nice: true }, x: { label: null, type: 'utc', ticks: Math.min(7, points.length), tickFormat: '%-d %b' },
        marks: [Plot.areaY(points, { x: 'date', y: 'v', fill: 'var(--blue)', fillOpacity: 0.15 }), Plot.lineY(points, { x: 'date', y: 'v', stroke: 'var(--blue)', strokeWidth: 2.2 }), Plot.ruleY([0])] }));
  };
  const rest = keys.filter((key) => !first.slice(0, 3).includes(key));
  return [...first.slice(0, 3).map(line), rest.length ? pick('Another figure', rest.map((key) => [key, title(key)]), line) : null].filter(Boolean);
}

function acceptance(rows) {
  const found = rows.map((p) => ({ id: p.provider_id, v: typeof p.acceptance_percent === 'number' ? p.acceptance_percent : typeof p.acceptance === 'number' ? 100 * p.acceptance : null }))
    .filter((p) => p.v !== null).sort((x, y) => y.v - x.v);
  const offered = found.length;
  if (!offered) return null;
  found.length = Math.min(30, offered);
  return chart('Who says yes', `Share of offers accepted${offered > found.length ? `, the ${found.length} highest of ${offered} providers that were asked` : ''}.`, `${found[0].id} ${number(found[0].v)}%, ${found.at(-1).id} ${number(found.at(-1).v)}%.`,
    (width) => ({ ...rowsOf(width, found.map((r) => r.id), 19), x: { label: 'per cent', domain: [0, 100], grid: true },
      marks: [Plot.barX(found, { x: 'v', y: 'id', fill: 'var(--green)', insetTop: 2, insetBottom: 2 }), Plot.ruleX([0])] }));
}

export function desk() {
  const byDay = main.days ?? [], zones = (main.by_zone ?? []).map(flat), providers = (main.by_provider ?? []).map(flat), priorities = (main.by_priority ?? []).map(flat);
  const facts = Object.entries(main).filter(([, v]) => typeof v === 'number');
  const last = byDay.at(-1);
  header(byDay.length ? `${count(byDay.length, 'day')} at the desk` : 'The desk', last ? `${last.date}: ${['waiting', 'placed'].filter((k) => typeof last[k] === 'number').map((k) => `${number(last[k])} ${k}`).join(', ')} at the end of the day.` : null);
  const offered = main.placed ? ` of ${number(main.placed)}` : '';
  const notes = { events: 'every one chained to the one before', placed_at_first_offer: offered.trim(), placed: 'by offers', most_moves_of_one_person: 'to another provider' };
  const measures = measuresOf(zones, ['waiting', 'received', 'placed']), map = layer('zones') && zoneMap({ rows: zones, measures });
  const accepted = acceptance(providers);
  sections([
    facts.length && section('At a glance', null, tiles(facts.slice(0, 12).map(([key, v]) => ({ label: title(key), key, value: v, text: show(v, describe(key).unit || 'n'), note: notes[key] })))),
    byDay.length > 1 && section('Day by day', null, h('div', { class: 'charts' }, days(byDay))),
    map && section('Map', 'Zones are shaded by the figure you choose. Choose a zone to see its own.', map),
    (accepted || zones.length) && section('Charts', null, h('div', { class: 'charts' }, [accepted, zones.length && measures.length ? zoneBars(zones, measures) : null].filter(Boolean))),
    section('Tables', null, [['days', 'Days', byDay.map(flat)], ['by_priority', 'By priority', priorities], ['by_zone', 'Zones', zones], ['by_provider', 'Providers', providers]]
      .filter(([, , rows]) => rows.length).map(([key, label, rows]) => [h('h3', {}, label), table(key, rows, { columns: columnsOf(rows), label: label.toLowerCase() })]),
    otherTables(['days', 'by_priority', 'by_zone', 'by_provider'])),
  ]);
}
