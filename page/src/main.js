// SPDX-License-Identifier: GPL-3.0-or-later
import { allocation } from './allocation.js';
import { comparison } from './comparison.js';
import { data } from './data.js';
import { design } from './design.js';
import { desk } from './desk.js';
import { onPrint, onTheme } from './dom.js';
import { about } from './sections.js';
import { sweep } from './sweep.js';
import { zones, zonesComparison } from './zones.js';

({ allocation, comparison, sweep, zones, zones_comparison: zonesComparison, design, desk })[data.kind]();
about();
// Maps need their size, which they have only now.
for (const frame of document.querySelectorAll('.map-frame')) frame.start();

const tell = (listeners, value) => listeners.forEach((listener) => listener(value));
addEventListener('theme', () => tell(onTheme));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => tell(onTheme));
const root = document.documentElement;
addEventListener('beforeprint', () => {
  root.classList.add('printing');
  // On paper nothing can be opened.
  for (const closed of document.querySelectorAll('.card details, .reasons details')) closed.open = true;
  tell(onPrint, true);
});
addEventListener('afterprint', () => {
  root.classList.remove('printing');
  tell(onPrint, false);
});
// Milliseconds since the page began to load.
document.body.dataset.ready = String(Math.round(performance.now()));
