// SPDX-License-Identifier: GPL-3.0-or-later
// The map, by Leaflet on plain metres: there is no background to fetch, so nothing leaves the page.
import * as L from 'leaflet';
import { centre, data, layer } from './data.js';
import { choice, colour, h, newId, onPrint, onTheme, tick } from './dom.js';
import { count, describe, number, show, showChange } from './words.js';

// One pixel is a hundred metres at zoom 0; distances are metres, so the scale bar is right.
const METRES = L.Util.extend({}, L.CRS.Simple, { transformation: new L.Transformation(0.01, 0, -0.01, 0) });
const STEPS = 6;
// As page_workspace.c counts them: x, y, then people in each state, then carer minutes.
const STATES = ['served', 'placed', 'rule', 'capacity', 'trade', 'waits'];
const WAITING = { rule: ['■', 'no provider passes the rules'], capacity: ['▲', 'providers are full'], trade: ['◆', 'better for the whole plan'], waits: ['●', 'not placed yet'] };
const TIERS = ['prime', 'supplementary', 'framework'];

/** Bounds of the steps of a shade, low to high. */
function scaleOf(values, diverging) {
  const found = values.filter((v) => Number.isFinite(v));
  let low = Math.min(...found), high = Math.max(...found);
  if (diverging) {
    high = Math.max(Math.abs(low), Math.abs(high)) || 1;
    low = -high;
  } else if (low >= 0 && low < 0.6 * high) low = 0;
  const span = high - low || 1;
  return { low, high, step: (v) => (Number.isFinite(v) ? Math.min(STEPS - 1, Math.floor(((v - low) / span) * STEPS)) : null),
    bounds: Array.from({ length: STEPS + 1 }, (_, i) => low + (span * i) / STEPS) };
}

function polygonsOf(features, options) {
  return features.filter((f) => f.parts.length).map((f) => ({ feature: f, shape: L.polygon(f.parts, options) }));
}

const tooltip = (lines) => h('div', {}, lines.map((line, i) => h(i ? 'div' : 'strong', {}, line)));

/**
 * @param rows      figures by zone_id (any object): shown when a zone is chosen.
 * @param measures  [{key, label, unit, value(row), diverging, before: {value(row)}}]: what zones can be shaded by.
 * @param before    a layer of zones to slide against; `labels` names both sides.
 * @param people    draw dots of people and offices of providers, where the page has a workspace.
 */
export function zoneMap({ name = 'Map', zones = layer('zones'), rows = [], measures = [], before, labels, people = true, chosen, facts, moved }) {
  if (!zones) return null;
  const rowOf = new Map(rows.map((row) => [row.zone_id, row]));
  const container = h('div', { class: 'map' });
  const panel = h('div', { class: 'panel' });
  const details = h('div', { class: 'details', 'aria-live': 'polite' });
  const legend = h('div', { class: 'legend-box' });
  const frame = h('div', { class: 'map-frame' }, h('div', { class: 'map-side' }, container), panel);
  let map = null, measure = measures[0] ?? null, selected = null, provider = null, outline = null;
  const drawn = [], renderers = [], layers = {}, areas = layer('areas');
  const workspace = data.workspace;

  function shade() {
    const scale = measure ? scaleOf(drawn.map(({ feature, after }) => valueOf(feature, after)), measure.diverging) : null;
    for (const { feature, shape, after } of drawn) {
      const path = shape.getElement();
      if (!path) continue;
      const step = scale ? scale.step(valueOf(feature, after)) : null;
      path.setAttribute('class', ['zone', 'leaflet-interactive', after ? '' : 'before', step === null ? 'no-shade' : `${measure.diverging ? 'diverge' : 'shade'}-${step}`,
        provider && provider.zones[feature.id] !== undefined ? 'covered' : '',
        layers.areas && map.hasLayer(layers.areas) ? 'hollow' : ''].join(' '));
      path.setAttribute('aria-pressed', String(feature.id === selected));
    }
    legend.replaceChildren(...(scale ? [h('p', {}, measure.label), h('div', { class: 'steps' },
      scale.bounds.slice(0, -1).map((low, i) => h('span', { class: `step ${measure.diverging ? 'diverge' : 'shade'}-${i}` }))),
    h('div', { class: 'ends' }, h('span', {}, spell(scale.low)), h('span', {}, spell(scale.high)))] : []));
  }
  /** Above its neighbours, whose borders would cover a part of it. */
  function outlineOf(feature) {
    outline?.remove();
    outline = feature ? L.polygon(feature.parts, { renderer: renderers[0], pane: 'zones', interactive: false, className: 'zone outline' }).addTo(map) : null;
  }
  /** Of the map that is drawn; of the one before where the measure knows it. */
  const valueOf = (feature, after = true) => {
    const row = rowOf.get(feature.id);
    return row && measure ? (after ? measure : { value: () => null, ...measure.before }).value(row) : null;
  };
  const spell = (v) => (measure.diverging ? showChange(v, measure.unit) : show(v, measure.unit));

  function select(id, scroll) {
    selected = id;
    const feature = zones.find((z) => z.id === id);
    const row = rowOf.get(id);
    if (map) {
      shade();
      outlineOf(feature);
    }
    zoneChoice.querySelector('select').value = id ?? '';
    if (!feature) {
      details.replaceChildren(h('p', { class: 'quiet' }, 'Choose a zone on the map or in the list to see its figures.'));
      return;
    }
    const entries = row ? Object.entries(row).filter(([key, v]) => key !== 'zone_id' && key !== 'name' && (v === null || typeof v !== 'object')) : [];
    details.replaceChildren(h('h3', { 'data-zone': id }, `${id} ${feature.name ?? ''}`),
      h('dl', { class: 'figures' }, entries.map(([key, v]) => {
        const { label, unit } = describe(key);
        return h('div', {}, h('dt', {}, label), h('dd', { 'data-key': key, 'data-value': v === null ? null : v }, show(v, unit)));
      })), ...[facts?.(row, feature)].filter(Boolean));
    chosen?.(row, feature);
    if (scroll) details.scrollIntoView({ block: 'nearest' });
  }
  const zoneChoice = choice('Zone', [['', 'Choose a zone'], ...zones.map((z) => [z.id, `${z.id} ${z.name ?? ''}`])], '', (id) => select(id || null));

  function addZones(features, after, pane) {
    const renderer = L.svg({ pane, padding: 0.3 });
    renderers.push(renderer);
    for (const { feature, shape } of polygonsOf(features, { renderer, pane, weight: 1.5 })) {
      shape.addTo(map);
      drawn.push({ feature, shape, after });
      const path = shape.getElement();
      const row = rowOf.get(feature.id);
      if (after) {
        path.setAttribute('tabindex', '0');
        path.setAttribute('role', 'button');
        path.setAttribute('aria-label', `Zone ${feature.id} ${feature.name ?? ''}`);
        path.setAttribute('data-zone', feature.id);
        path.addEventListener('keydown', (event) => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            select(feature.id);
          }
        });
      }
      shape.on('click', () => select(feature.id));
      shape.bindTooltip(() => tooltip([`${feature.id} ${feature.name ?? ''}`,
        measure && row && (after || measure.before) ? `${measure.label}: ${spell(valueOf(feature, after))}` : '']), { sticky: true });
    }
  }

  function addNames() {
    const namesOf = (features, pane) => features.map((z) => L.marker(centre(z), { pane, interactive: false, keyboard: false,
      icon: L.divIcon({ className: 'zone-name', iconSize: [0, 0], html: h('span', {}, h('b', {}, z.id), h('i', {}, z.name === z.id ? '' : z.name ?? '')) }) }));
    const maps = [namesOf(zones, 'names'), ...(before ? [namesOf(before, 'names-before')] : [])];
    layers.names = L.layerGroup(maps.flat()).addTo(map);
    // A name that would cover another is left to the number alone; larger zones come first.
    const fit = () => maps.forEach((marks, i) => {
      container.classList.toggle('narrow', container.clientWidth < 480);
      const taken = [], size = (shape) => { const b = shape.getBounds(); return (b.getEast() - b.getWest()) * (b.getNorth() - b.getSouth()); };
      const sizes = new Map(drawn.filter((d) => d.after === (i === 0)).map((d) => [d.feature.id, size(d.shape)]));
      const order = marks.map((mark, k) => [mark.getElement()?.firstChild, sizes.get((i ? before : zones)[k].id) ?? 0]).filter(([label]) => label).sort((a, b) => b[1] - a[1]);
      for (const [label] of order) {
        label.classList.remove('short');
        let box = label.getBoundingClientRect();
        if (taken.some((t) => box.left < t.right && box.right > t.left && box.top < t.bottom && box.bottom > t.top)) {
          label.classList.add('short');
          box = label.getBoundingClientRect();
        }
        taken.push(box);
      }
    });
    map.on('zoomend resize', fit);
    layers.names.on('add', fit);
    fit();
  }

  function addAreas() {
    const renderer = L.canvas({ pane: 'areas', padding: 0.3 });
    renderers.push(renderer);
    const paint = (area) => (moved?.has(area.id) ? { fillColor: colour('--moved'), fillOpacity: 0.9 }
      : { fillColor: colour(`--band-${['urban', 'fringe', 'rural', 'isolated'].indexOf(area.band)}`) || colour('--grey'), fillOpacity: 0.85 });
    const shapes = areas.map((area) => {
      const options = { renderer, pane: 'areas', weight: 0.6, color: colour('--surface'), ...paint(area) };
      const shape = area.parts.length ? L.polygon(area.parts, options) : L.circleMarker(area.at, { ...options, radius: 4 });
      shape.area = area;
      return shape.bindTooltip(() => tooltip([area.name ?? area.id, `Zone ${area.zone ?? '–'}, ${area.band ?? 'no band'}`,
        area.people65 !== undefined ? `${number(Math.round(area.people65))} people over 65` : '', moved?.get(area.id) ?? '']), { sticky: true })
        .on('click', () => area.zone && select(area.zone));
    });
    layers.areas = L.layerGroup(shapes);
    onTheme.push(() => shapes.forEach((shape) => shape.setStyle({ color: colour('--surface'), ...paint(shape.area) })));
  }

  const radius = (n) => Math.max(2.2, Math.min(26, (1.6 + 1.5 * Math.sqrt(n)) * 2 ** (map.getZoom() / 2)));
  function addPeople() {
    const size = workspace.dot_m;
    const at = (dot) => [(dot[1] + 0.5) * size, (dot[0] + 0.5) * size];
    const renderer = L.svg({ pane: 'people', padding: 0.3 });
    renderers.push(renderer);
    for (const state of ['served', 'placed']) {
      const index = 2 + STATES.indexOf(state);
      const dots = workspace.dots.filter((dot) => dot[index]);
      const marks = dots.map((dot) => {
        const mark = L.circleMarker(at(dot), { renderer, pane: 'people', radius: radius(dot[index]), className: `dot ${state}` });
        mark.n = dot[index];
        return mark.bindTooltip(() => tooltip([count(dot[index], 'person', 'people') + (state === 'served' ? ' served today' : ' placed by this plan'), 'in this square kilometre']));
      });
      layers[state] = L.layerGroup(marks);
      map.on('zoomend', () => marks.forEach((mark) => mark.setRadius(radius(mark.n))));
    }
    layers.waiting = L.layerGroup(Object.entries(WAITING).flatMap(([state, [sign, words]]) => {
      const index = 2 + STATES.indexOf(state);
      return workspace.dots.filter((dot) => dot[index]).map((dot) => L.marker(at(dot), { pane: 'waits', keyboard: false,
        icon: L.divIcon({ className: `waits ${state}`, iconSize: [18, 18], html: h('span', {}, sign, dot[index] > 1 ? h('sub', {}, String(dot[index])) : '') }) })
        .bindTooltip(() => tooltip([`${count(dot[index], 'person waits', 'people wait')}: ${words}`])));
    }));
    if (data.kind !== 'allocation') delete layers.placed;
    else {
      layers.placed.addTo(map);
      layers.waiting.addTo(map);
    }
  }

  function showProvider(id) {
    provider = workspace.providers.find((p) => p.provider_id === id) ?? null;
    if (layers.offices) layers.offices.eachLayer((mark) => mark.getElement()?.classList.toggle('selected', mark.id === id));
    shade();
    const all = (minutes) => (minutes ?? []).reduce((a, b) => a + b, 0), served = all(provider?.served_minutes), placed = all(provider?.placed_minutes);
    providerFacts.replaceChildren(...(provider ? [h('p', {}, h('strong', {}, provider.name), ` ${Object.keys(provider.zones).length ? `covers ${Object.entries(provider.zones)
      .map(([zone, tier]) => `zone ${zone} (${TIERS[tier]})`).join(', ')}` : 'covers no zone'}. ${provider.served_minutes ? `It serves ${show(served, 'min')} a week${data.kind === 'allocation' ? `, and ${show(placed, 'min')} more by this plan` : ''}, of ${show(provider.capacity_minutes, 'min')}` : `It offers ${show(provider.capacity_minutes, 'min')} a week`}.`)] : []));
  }
  const providerFacts = h('div', { 'aria-live': 'polite' });
  function addOffices() {
    layers.offices = L.layerGroup(workspace.providers.map((p) => {
      const mark = L.marker([p.y, p.x], { pane: 'offices', keyboard: false, icon: L.divIcon({ className: `office ${p.active ? '' : 'inactive'}`, iconSize: [9, 9] }) });
      mark.id = p.provider_id;
      return mark.bindTooltip(() => tooltip([p.name, `${show(p.capacity_minutes, 'min')} a week`, p.active ? '' : 'takes no work now']))
        .on('click', () => { providerChoice.querySelector('select').value = p.provider_id; showProvider(p.provider_id); });
    }));
  }
  const providerChoice = workspace && people ? choice('Provider', [['', 'Choose a provider'], ...workspace.providers.map((p) => [p.provider_id, p.name === p.provider_id ? p.name : `${p.provider_id} ${p.name}`])], '', showProvider) : null;

  function toggles() {
    const box = (label, key, swatch) => layers[key]?.getLayers().length > 0 && tick(label, map.hasLayer(layers[key]), swatch, (on) => {
      if (on) layers[key].addTo(map);
      else layers[key].remove();
      shade();
      keyOf.hidden = !(layers.areas && map.hasLayer(layers.areas));
    });
    const keyOf = h('div', { class: 'band-key', hidden: true }, h('ul', { class: 'legend' }, [['band-0', 'Urban'], ['band-1', 'Fringe'], ['band-2', 'Rural'], ['band-3', 'Isolated'],
      ...(moved ? [['moved', 'Changes its zone']] : [])].map(([c, t]) => h('li', {}, h('span', { class: `swatch ${c}`, 'aria-hidden': 'true' }), t))));
    const reasons = h('ul', { class: 'legend' }, Object.entries(WAITING).filter(([state]) => workspace?.dots?.some((d) => d[2 + STATES.indexOf(state)]))
      .map(([state, [sign, words]]) => h('li', {}, h('span', { class: `waits ${state}`, 'aria-hidden': 'true' }, sign), `Waits: ${words}`)));
    return h('fieldset', {}, h('legend', {}, 'Show'), box('Names of zones', 'names'), box(moved?.size ? 'Small areas by price band, and those that move' : 'Small areas by price band', 'areas', 'band-1'),
      box('People served today', 'served', 'served round'), box('People placed by this plan', 'placed', 'green round'), box('People waiting', 'waiting', 'waits-swatch'),
      box('Offices of providers', 'offices', 'office-swatch'), keyOf, layers.waiting ? reasons : null);
  }

  function slider() {
    const range = h('input', { type: 'range', min: 0, max: 100, value: 50, id: newId('slide') });
    const line = h('div', { class: 'slide-line', 'aria-hidden': 'true' });
    container.append(line);
    const clip = () => {
      const share = range.value / 100, size = map.getSize(), nw = map.containerPointToLayerPoint([0, 0]), se = map.containerPointToLayerPoint(size);
      const x = nw.x + size.x * share;
      for (const pane of ['zones', 'names']) map.getPane(pane).style.clip = `rect(${nw.y}px, ${se.x}px, ${se.y}px, ${x}px)`;
      for (const pane of ['before', 'names-before']) map.getPane(pane).style.clip = `rect(${nw.y}px, ${x}px, ${se.y}px, ${nw.x}px)`;
      line.style.left = `${100 * share}%`;
      range.setAttribute('aria-valuetext', `${range.value}% of the map shows ${labels[0].toLowerCase()}, the rest ${labels[1].toLowerCase()}`);
    };
    range.addEventListener('input', clip);
    map.on('move zoom resize', clip);
    clip();
    return h('div', { class: 'slide' }, h('label', { for: range.id }, h('span', {}, labels[0]), h('span', { class: 'unseen' }, ' against '), h('span', {}, labels[1])), range);
  }

  function start() {
    map = L.map(container, { crs: METRES, attributionControl: false, zoomSnap: 0, zoomDelta: 0.5, minZoom: -5, maxZoom: 4, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
    container.setAttribute('role', 'region');
    container.setAttribute('aria-label', `${name}: arrow keys move it, plus and minus zoom`);
    for (const [pane, z] of [['areas', 390], ['zones', 400], ['before', 401], ['people', 420], ['offices', 430], ['names', 450], ['names-before', 451], ['waits', 460]]) map.createPane(pane).style.zIndex = z;
    for (const pane of ['names', 'names-before']) map.getPane(pane).style.pointerEvents = 'none';
    const bounds = L.latLngBounds([...zones, ...(before ?? [])].flatMap((z) => z.parts.flat(2)));
    const fit = () => map.fitBounds(bounds, { padding: [12, 12], animate: false });
    fit();
    L.control.scale({ imperial: true, maxWidth: 120 }).addTo(map);
    addZones(zones, true, 'zones');
    if (before) addZones(before, false, 'before');
    addNames();
    if (areas?.length) addAreas();
    if (workspace && people) {
      if (workspace.dots) addPeople();
      addOffices();
    }
    if (before) container.parentNode.append(slider());
    panel.append(measures.length > 1 ? choice('Shade zones by', measures.map((m) => [m.key, m.label]), measure.key, (key) => {
      measure = measures.find((m) => m.key === key);
      shade();
    }) : '', legend, toggles(), zoneChoice, details, providerChoice ?? '', providerFacts);
    shade();
    select(null);
    container.addEventListener('focusin', () => map.scrollWheelZoom.enable());
    container.addEventListener('focusout', () => map.scrollWheelZoom.disable());
    new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(container);
    onPrint.push((printing) => {
      // What begins above the map's own edge would be lost where a page begins.
      for (const renderer of renderers) renderer.options.padding = printing ? 0 : 0.3;
      map.invalidateSize({ pan: false });
      fit();
      map.fire('moveend');
    });
  }
  frame.start = start;
  frame.select = select;
  return frame;
}

