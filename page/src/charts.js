// SPDX-License-Identifier: GPL-3.0-or-later
// Charts by Observable Plot: SVG, so that they print and follow light and dark by themselves. Each is drawn for the width it
// has, with a summary in words for those who do not see it.
import * as Plot from '@observablehq/plot';
import { choice, h, newId, onPrint } from './dom.js';

export { Plot };

/** Colours that colour-blind readers can tell apart (Okabe and Ito), as the theme has them. */
export const TIERS = { prime: 'var(--blue)', supplementary: 'var(--orange)', framework: 'var(--green)', other: 'var(--grey)' };
export const BANDS = ['urban', 'fringe', 'rural', 'isolated'];
export const BAND_COLOURS = BANDS.map((_, i) => `var(--band-${i})`);

const pen = document.createElement('canvas').getContext('2d');
/** Pixels of a text in a chart: 12 high, on paper 10. */
function wide(text) {
  pen.font = `${document.documentElement.classList.contains('printing') ? 10 : 12}px system-ui, 'DejaVu Sans', sans-serif`;
  return pen.measureText(text).width;
}
const SIDE = 14;

/** Options of a chart with a row for each of `rows`: room for their names at the left, and names that fit it. */
export function rowsOf(width, rows, each = 24) {
  const room = Math.min(Math.max(40, ...rows.map((name) => wide(name) + SIDE)), Math.round(width * 0.45));
  const tickFormat = (text) => {
    let fits = text;
    while (fits.length > 2 && wide(fits === text ? text : `${fits}…`) > room - SIDE) fits = fits.slice(0, -1);
    return fits === text ? text : `${fits.trimEnd()}…`;
  };
  return { height: each * rows.length + 50, marginLeft: room, y: { label: null, domain: rows, tickFormat } };
}

function strip(element) {
  // Plot brings a style sheet for each chart, which the page's policy refuses; style.css has the same.
  for (const style of element.querySelectorAll('style')) style.remove();
  return element;
}

/**
 * A figure: a heading, one sentence on how to read it, the chart. `make(width)` gives options of Plot.plot.
 */
export function chart(heading, reading, summary, make, legend) {
  const id = newId('chart');
  const place = h('div', { class: 'drawing', role: 'img', 'aria-labelledby': id, 'aria-description': summary });
  let drawn = 0;
  function draw(width) {
    if (!width || Math.abs(width - drawn) < 4) return;
    drawn = width;
    const options = make(width);
    place.replaceChildren(strip(Plot.plot({ width, className: 'plot', marginBottom: 40, ...options, x: { labelOffset: 36, ...options.x } })));
    for (const svg of place.querySelectorAll('svg')) svg.setAttribute('aria-hidden', 'true');
  }
  new ResizeObserver(() => draw(Math.floor(place.clientWidth))).observe(place);
  onPrint.push((printing) => {
    drawn = 0;
    draw(printing ? 330 : Math.floor(place.clientWidth));
  });
  const figure = h('figure', { class: 'chart' }, h('figcaption', {}, h('h3', { id }, heading), h('p', {}, reading)),
    legend ? key(legend) : null, place, summary ? h('p', { class: 'unseen' }, summary) : null);
  figure.redraw = () => {
    drawn = 0;
    draw(Math.floor(place.clientWidth));
  };
  return figure;
}

/** Swatches: [class or colour, text]. */
export function key(entries) {
  return h('ul', { class: 'legend' }, entries.map(([swatch, text]) => h('li', {},
    h('span', { class: `swatch ${swatch}`, 'aria-hidden': 'true' }), text)));
}

/** A chart of one figure that the reader chooses. */
export function pick(label, options, make) {
  const place = h('div');
  const draw = (value) => place.replaceChildren(make(value));
  draw(options[0][0]);
  return h('div', { class: 'pick' }, options.length > 1 ? choice(label, options, options[0][0], draw) : null, place);
}
