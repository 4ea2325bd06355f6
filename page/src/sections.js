// SPDX-License-Identifier: GPL-3.0-or-later
// The frame: header, sections with their navigation, and what every kind of result has.
import { data, flat, main } from './data.js';
import { h, newId } from './dom.js';
import { columnsOf, saveData, table } from './tables.js';
import { describe, show, title } from './words.js';

const KINDS = {
  allocation: 'Plan', comparison: 'Comparison', sweep: 'Sweep of scenarios', design: 'Proposal for zones', zones: 'Zones',
  zones_comparison: 'Two maps compared', desk: 'The desk',
};

export function header(headline, lead) {
  const notes = [];
  if (main.synthetic) notes.push(h('span', { class: 'badge' }, 'Made-up people'));
  if (data.public || main.public) notes.push(h('span', { class: 'badge' }, 'For everybody: small numbers are not shown, others are rounded'));
  const top = document.getElementById('top');
  top.append(
    h('div', { class: 'bar' }, h('span', { class: 'mark' }, 'hcbroker'), h('span', {}, KINDS[data.kind] ?? data.kind), h('span', { class: 'spacer' }), themeButton()),
    h('div', { class: 'hero' }, h('p', { class: 'over' }, [main.name ?? data.workspace?.name, main.as_of].filter(Boolean).join(' · ')),
      h('h1', {}, headline), lead ? h('p', { class: 'lead' }, lead) : null, h('p', { class: 'badges' }, notes)));
}

function themeButton() {
  const root = document.documentElement;
  const dark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches);
  const button = h('button', { type: 'button', class: 'small', id: 'theme' });
  const name = () => { button.textContent = dark() ? 'Light' : 'Dark'; button.setAttribute('aria-label', dark() ? 'Use light colours' : 'Use dark colours'); };
  button.addEventListener('click', () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    name();
    dispatchEvent(new Event('theme'));
  });
  name();
  return button;
}

/** Sections in order; each gets a place in the navigation. */
export function sections(list) {
  const content = document.getElementById('content');
  content.replaceChildren();
  const links = [];
  for (const found of list.filter(Boolean)) {
    const id = newId('part');
    links.push(h('a', { href: `#${id}` }, found.name));
    content.append(h('section', { 'aria-labelledby': id, class: found.class }, h('h2', { id }, found.name),
      found.lead ? h('p', { class: 'section-lead' }, found.lead) : null, ...found.content));
  }
  document.getElementById('top').append(h('nav', { 'aria-label': 'Parts of this page' }, links));
}

export const section = (name, lead, ...content) => ({ name, lead, content: content.flat().filter(Boolean) });

/** Figures as tiles: {label, text, note, key, value}. */
export function tiles(list) {
  const found = list.filter(Boolean), rows = Math.ceil(found.length / 6);
  return h('dl', { class: `tiles of-${Math.ceil(found.length / rows)}` }, found.map((tile) => h('div', { class: `tile ${tile.tone ?? ''}` }, h('dt', {}, tile.label),
    h('dd', { class: 'figure', 'data-key': tile.key, 'data-value': tile.value }, tile.text), tile.note ? h('dd', { class: 'note' }, tile.note) : null)));
}

/** Every list of the result as a table, but those named. */
export function otherTables(done = []) {
  const found = Object.entries(main).filter(([key, value]) => Array.isArray(value) && value.length && typeof value[0] === 'object' &&
    value[0] !== null && !Array.isArray(value[0]) && !done.includes(key));
  return found.map(([key, raw]) => [key, raw.map(flat)]).map(([key, rows]) => h('div', {}, h('h3', {}, title(key)), table(key, rows, { label: title(key).toLowerCase() })));
}

export function about() {
  const facts = Object.entries(main).filter(([, value]) => value !== null && typeof value !== 'object');
  document.getElementById('about').append(h('section', { 'aria-labelledby': 'about-title' }, h('h2', { id: 'about-title' }, 'About this page'),
    h('p', {}, `Made by hcbroker ${data.version} from ${data.file}. Every figure here is in that file, and in this page. It works without a network and sends nothing anywhere. `,
      data.public ? '' : 'People are pseudonyms; on the map nobody is shown more exactly than a square kilometre.'),
    h('p', {}, h('button', { type: 'button', class: 'small', onclick: saveData }, `Save ${data.file}`)),
    h('details', {}, h('summary', {}, 'How it was made'), h('dl', { class: 'facts' }, facts.map(([key, value]) => h('div', {},
      h('dt', {}, describe(key).label), h('dd', {}, typeof value === 'number' ? show(value, describe(key).unit) : String(value))))))));
}
