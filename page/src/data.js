// SPDX-License-Identifier: GPL-3.0-or-later
// The document that the page carries, and its polygons as metres.

export const data = JSON.parse(document.getElementById('data').textContent);
export const main = data.main;

const NUMBERS = /^-?(0|[1-9]\d{0,14})(\.\d+)?$/;
// Columns that look like numbers but are names.
const NAMES = /(_id|^unit|^from|^to|^zone|^name|provider)$/;

/** A list of the folder as objects; numbers where a column has them. */
export function list(name) {
  const table = data.tables[name];
  if (!table) return null;
  const keys = table.columns;
  const numeric = keys.map((key, c) => !NAMES.test(key) && table.rows.some((row) => row[c] !== '') &&
    table.rows.every((row) => row[c] === '' || NUMBERS.test(row[c])));
  return table.rows.map((row) => Object.fromEntries(keys.map((key, c) =>
    [key, row[c] === '' ? null : numeric[c] ? Number(row[c]) : row[c]])));
}

/** Features of a layer with rings of [y, x] in metres, as Leaflet wants them. */
export function layer(name) {
  const found = data.layers[name];
  if (!found) return null;
  const unit = found.unit_m;
  return found.features.map((feature) => ({
    ...feature,
    at: feature.x === undefined ? null : [feature.y * unit, feature.x * unit],
    parts: feature.parts.map((part) => part.map((steps) => {
      const ring = [];
      for (let i = 0, x = 0, y = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        ring.push([y * unit, x * unit]);
      }
      return ring;
    })).filter((part) => part.length),
  }));
}

/** Figures within a figure as figures of their own: band_share.urban as band_share_urban; lists of names as one text. */
export function flat(row) {
  return Object.fromEntries(Object.entries(row).flatMap(([key, value]) => (value && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).filter(([, v]) => typeof v !== 'object').map(([inner, v]) => [`${key}_${inner}`, v])
    : Array.isArray(value) ? value.length && typeof value[0] === 'object' ? [] : [[key, value.join(', ')]] : [[key, value]])));
}

const GRID = 22, CORNERS = 160;

/** Where the name of a feature goes: the place of its largest part that is farthest from the border, names being wider than high. */
export function centre(feature) {
  const size = (ring) => Math.abs(ring.reduce((sum, [y, x], i) => sum + x * ring[(i + 1) % ring.length][0] - ring[(i + 1) % ring.length][1] * y, 0));
  const part = feature.parts.reduce((best, p) => (!best || size(p[0]) > size(best[0]) ? p : best), null);
  if (!part) return feature.at;
  const rings = part.map((ring) => ring.filter((_, i) => i % Math.ceil(ring.length / CORNERS) === 0)).filter((ring) => ring.length > 2);
  const sides = rings.flatMap((ring) => ring.map(([y, x], i) => [x / 2, y, ring[(i + 1) % ring.length][1] / 2, ring[(i + 1) % ring.length][0]]));
  const xs = sides.map((s) => s[0]), ys = sides.map((s) => s[1]);
  const west = Math.min(...xs), south = Math.min(...ys), width = Math.max(...xs) - west, height = Math.max(...ys) - south;
  let best = null;
  for (let i = 0; i < GRID * GRID; i++) {
    const x = west + (((i % GRID) + 0.5) / GRID) * width, y = south + ((Math.floor(i / GRID) + 0.5) / GRID) * height;
    let inside = false, near = Infinity;
    for (const [ax, ay, bx, by] of sides) {
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside;
      const dx = bx - ax, dy = by - ay, t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
      near = Math.min(near, (ax + t * dx - x) ** 2 + (ay + t * dy - y) ** 2);
    }
    if (inside && (!best || near > best.near)) best = { near, at: [y, 2 * x] };
  }
  return best?.at ?? part[0][0];
}
