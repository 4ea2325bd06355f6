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

/** Area and centre of the largest part: where its name goes. */
export function centre(feature) {
  let best = null;
  for (const [ring] of feature.parts) {
    let area = 0, x = 0, y = 0;
    for (let i = 0; i < ring.length; i++) {
      const [ay, ax] = ring[i], [by, bx] = ring[(i + 1) % ring.length];
      const cross = ax * by - bx * ay;
      area += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
    if (!best || Math.abs(area) > best.area) best = { area: Math.abs(area), at: [y / (3 * area), x / (3 * area)] };
  }
  return best?.at ?? feature.at;
}
