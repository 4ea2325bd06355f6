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

/** Room for the names of rows at the left, and names that fit it. */
const room = (width) => Math.min(190, Math.round(width * 0.42));
export const names = (width) => ({ marginLeft: room(width) });
export const fitting = (width) => (text) => {
  const most = Math.floor((room(width) - 10) / 7);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
};

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
