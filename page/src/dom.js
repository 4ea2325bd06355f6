// SPDX-License-Identifier: GPL-3.0-or-later
// Elements from code. Every text becomes a text node, so nothing in the data is ever read as HTML.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let last = 0;
export const newId = (prefix) => `${prefix}-${++last}`;

/** A labelled choice. Options: [value, text]. */
export function choice(label, options, value, changed) {
  const id = newId('choice');
  const select = h('select', { id, onchange: () => changed(select.value) },
    options.map(([v, text]) => h('option', { value: v, selected: v === value }, text)));
  return h('span', { class: 'choice' }, h('label', { for: id }, label), select);
}

export function tick(label, on, swatch, changed) {
  const id = newId('tick');
  const box = h('input', { type: 'checkbox', id, checked: on, onchange: () => changed(box.checked) });
  return h('span', { class: 'tick' }, box, h('label', { for: id }, swatch ? h('span', { class: `swatch ${swatch}`, 'aria-hidden': 'true' }) : null, label));
}

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Listeners called when light becomes dark, or the page is about to be printed. */
export const onTheme = [];
export const onPrint = [];

export function saveFile(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
