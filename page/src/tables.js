// SPDX-License-Identifier: GPL-3.0-or-later
// Tables that sort, filter and export, by Tabulator. Headings are buttons, so that sorting works from the keyboard.
import { InteractionModule, FilterModule, FormatModule, PageModule, SortModule, ResizeTableModule, Tabulator } from 'tabulator-tables';
import { data } from './data.js';
import { h, newId, onPrint, saveFile } from './dom.js';
import { count, describe, show } from './words.js';

Tabulator.registerModule([InteractionModule, FilterModule, FormatModule, PageModule, SortModule, ResizeTableModule]);

const PAGE = 25, PRINTED = 60;

/** Columns of rows that are objects: keys whose values are single figures. */
export function columnsOf(rows, keys) {
  const all = keys ?? [...new Set(rows.slice(0, 200).flatMap((row) => Object.keys(row)))];
  return all.filter((key) => rows.some((row) => row[key] !== null && row[key] !== undefined && typeof row[key] !== 'object'))
    .map((key) => {
      const { label, unit } = describe(key);
      return { key, label, unit, numeric: rows.some((row) => typeof row[key] === 'number') };
    });
}

function exported(rows, columns) {
  const cell = (value) => {
    const text = value === null || value === undefined ? '' : String(value);
    // A spreadsheet would run it as a formula.
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.map((c) => cell(c.key)), ...rows.map((row) => columns.map((c) => cell(row[c.key])))]
    .map((cells) => cells.join(',')).join('\r\n') + '\r\n';
}

/** What a cell says; also what the filter looks through. */
const says = (column, row) => (column.text ? column.text(row[column.key], row) : show(row[column.key], column.unit));

function plainTable(rows, columns, caption) {
  return h('table', { class: 'print-only plain' }, h('caption', {}, caption),
    h('thead', {}, h('tr', {}, columns.map((c) => h('th', { scope: 'col', class: c.numeric ? 'number' : null }, c.label)))),
    h('tbody', {}, rows.slice(0, PRINTED).map((row) => h('tr', {}, columns.map((c) =>
      h('td', { class: c.numeric ? 'number' : null }, says(c, row)))))),
    rows.length > PRINTED ? h('tfoot', {}, h('tr', {}, h('td', { colspan: columns.length },
      `… and ${rows.length - PRINTED} more in the file`))) : null);
}

/**
 * A table with its tools. `columns`: {key, label, unit, numeric, text(value, row), wide: a sentence}. Built when it comes into view.
 */
export function table(name, rows, { columns = columnsOf(rows), label = name, chosen } = {}) {
  const holder = h('div', { class: 'grid' }), pager = h('div', { class: 'pager', role: 'group', 'aria-label': `Pages of ${label}` });
  const status = h('span', { class: 'quiet', role: 'status' });
  const search = h('input', { type: 'search', id: newId('find'), autocomplete: 'off' });
  let grid = null, wanted = '', printed = null;
  const active = () => (grid ? grid.getRows('active').map((row) => row.getData()) : rows);
  const tell = (n) => { status.textContent = n === rows.length ? count(n, 'row') : `${n} of ${count(rows.length, 'row')}`; };

  function build() {
    if (grid) return;
    grid = new Tabulator(holder, {
      data: rows.map((row, i) => ({ ...row, _row: i })), index: '_row', layout: columns.some((c) => c.wide) ? 'fitDataStretch' : 'fitDataFill', renderVertical: 'basic', headerSortElement: () => '',
      pagination: rows.length > PAGE, paginationSize: PAGE, paginationButtonCount: 3, paginationElement: pager, placeholder: 'Nothing fits the filter',
      columns: columns.map((c) => ({
        field: c.key, title: c.label, ...(c.wide ? { minWidth: 280, variableHeight: true, cssClass: 'wraps' } : {}), hozAlign: c.numeric ? 'right' : 'left', headerHozAlign: c.numeric ? 'right' : 'left',
        sorter: (a, b) => (a === b ? 0 : a === null || a === undefined ? -1 : b === null || b === undefined ? 1
          : typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true })),
        formatter: (cell) => h('span', {}, says(c, cell.getData())),
        titleFormatter: () => h('button', { type: 'button', class: c.label.length > 26 ? 'sort long' : 'sort' }, c.label),
      })),
    });
    grid.on('dataFiltered', (_, found) => tell(found.length));
    if (chosen) grid.on('rowClick', (_, row) => chosen(row.getData()));
    grid.on('tableBuilt', () => {
      holder.setAttribute('aria-label', label);
      // What scrolls takes the keyboard, and a grid may have only groups of rows in it.
      holder.querySelector('.tabulator-tableholder').setAttribute('role', 'rowgroup');
      holder.querySelector('.tabulator-table').setAttribute('role', 'presentation');
      if (wanted) filter();
    });
  }
  function filter() {
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    grid.setFilter((row) => words.every((word) => columns.some((c) =>
      says(c, row).toLowerCase().includes(word) || String(row[c.key] ?? '').toLowerCase().includes(word))));
  }
  search.addEventListener('input', () => {
    wanted = search.value;
    build();
    if (grid.initialized) filter();
  });
  new IntersectionObserver((seen, watcher) => {
    if (seen.some((entry) => entry.isIntersecting)) {
      watcher.disconnect();
      build();
    }
  }, { rootMargin: '300px' }).observe(holder);
  const box = h('div', { class: 'table' },
    h('div', { class: 'tools' },
      rows.length > 8 ? h('span', { class: 'find' }, h('label', { for: search.id }, `Find in ${label}`), search) : null, status,
      h('button', { type: 'button', class: 'small', onclick: () => saveFile(`${name}.csv`, 'text/csv', exported(active(), columns)) },
        'Save as CSV', h('span', { class: 'unseen' }, `: ${label}`))),
    holder, rows.length > PAGE ? pager : null);
  onPrint.push(() => {
    printed?.remove();
    printed = plainTable(active(), columns, label);
    box.append(printed);
  });
  tell(rows.length);
  box.build = build;
  return box;
}

/** A short table that needs no tools. `rows` of cells: text, or {text, value, key}. */
export function small(caption, head, rows, numeric = []) {
  return h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', { class: 'plain' }, h('caption', {}, caption),
      h('thead', {}, h('tr', {}, head.map((text, c) => h('th', { scope: 'col', class: numeric.includes(c) ? 'number' : null }, text)))),
      h('tbody', {}, rows.map((row) => h('tr', {}, row.map((cell, c) => {
        const { text, value, key } = cell !== null && typeof cell === 'object' && !(cell instanceof Node) ? cell : { text: cell };
        return h(c === 0 ? 'th' : 'td', { scope: c === 0 ? 'row' : null, class: numeric.includes(c) ? 'number' : null, 'data-key': key,
          'data-value': value }, text);
      }))))));
}

export const saveData = () => saveFile(data.file, 'application/json', `${JSON.stringify(data.main, null, 2)}\n`);
