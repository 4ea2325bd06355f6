// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and codes in plain words. The numbers of the result stay as they are; only their spelling changes here.

import { data } from './data.js';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const few = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const NONE = '–';

export const number = (n) => (Number.isInteger(n) ? whole.format(n) : few.format(n));
export const tenth = (n) => one.format(n);
export const pounds = (pence) => `${pence < 0 ? '−' : ''}£${two.format(Math.abs(pence) / 100)}`;
export const roundPounds = (pence) => `${pence < 0 ? '−' : ''}£${whole.format(Math.abs(pence) / 100)}`;
export const hours = (minutes) => `${one.format(minutes / 60)} h`;
export const percent = (share) => `${few.format(100 * share)}%`;
export const count = (n, singular, plural = `${singular}s`) => `${whole.format(n)} ${n === 1 ? singular : plural}`;

/** 135 minutes as "2 h 15 min". */
export function duration(minutes) {
  const h = Math.floor(minutes / 60), m = minutes % 60;
  return [h ? `${whole.format(h)} h` : '', m || !h ? `${m} min` : ''].filter(Boolean).join(' ');
}

// What a key means: a heading, and the unit of its numbers.
const KEYS = {
  packages: ['People in the queue', 'n'], placed: ['Can be placed', 'n'], waiting: ['Go on waiting', 'n'],
  placements_fixed: ['Served today, unchanged', 'n'], carer_minutes_placed: ['Hours placed', 'min'],
  carer_minutes_waiting: ['Hours waiting', 'min'], carer_minutes_fixed: ['Hours served today', 'min'],
  weekly_cost_pence: ['Cost a week', 'p'], travel_minutes: ['Travel a week', 'min'], capacity_minutes: ['Capacity', 'min'],
  room_minutes: ['Room left', 'min'], zone_id: ['Zone'], provider_id: ['Provider'], package_id: ['Person'], name: ['Name'],
  tier: ['Tier'], band: ['Band'], carer_minutes: ['Hours', 'min'], minutes: ['Hours', 'min'], price_pence_per_hour: ['Price an hour', 'p'],
  quality: ['Quality', 'n'], rank: ['Rank', 'n'], previous_provider: ['Provider before'], priority: ['Priority', 'n'],
  days_waiting: ['Days waiting', 'n'], reason: ['Why'], detail: ['In detail'], minutes_needed: ['Travel needed, min an hour', 'x'],
  minutes_paid: ['Travel paid, min an hour', 'x'], margin_pence: ['Left over a week', 'p'], class: ['Kind of zone'],
  packages_below: ['People below break-even', 'n'], packages_without_price: ['People without a price', 'n'],
  below_break_even: ['Below break-even'], value: ['Value', 'n'], bound: ['Proved limit', 'n'], gap: ['Gap', '%'], best: ['Best found', 'n'],
  frozen: ['Limit for later steps', 'n'], unit: ['Unit'], stop: ['Ended by'], over_plan: ['Difference', 'n'], status: ['Outcome'],
  area_id: ['Small area'], units: ['Small areas', 'n'], people65: ['People over 65', 'n'], people: ['People', 'n'], km2: ['Square kilometres', 'x'],
  figure: ['Figure'], a: ['Before', 'n'], b: ['After', 'n'], difference: ['Difference', 'n'], date: ['Date'], prime: ['Prime role'],
  moved_units: ['Small areas that move', 'n'], moved_people65: ['People over 65 there', 'n'], moved_minutes: ['Hours there', 'min'], moved_area_m2: ['Their area', 'm2'], area_m2: ['Area', 'm2'],
  gained_area_m2: ['Area gained', 'm2'], lost_area_m2: ['Area lost', 'm2'], polsby_popper: ['Compactness (Polsby-Popper)', 'x'], acceptance: ['Accepted', 'x'],
};
// In a plan these are what could be; elsewhere they are what is.
if (data.kind !== 'allocation') {
  Object.assign(KEYS, { packages: ['People', 'n'], placed: ['Placed', 'n'], waiting: ['Waiting', 'n'], placements_fixed: ['Served', 'n'] });
}
const CODES = {
  prime: 'Prime', supplementary: 'Supplementary', framework: 'Framework', urban: 'Urban', fringe: 'Fringe', rural: 'Rural',
  isolated: 'Isolated', rule: 'No provider passes the rules', capacity: 'Providers are full', trade: 'Better for the whole plan',
  proved: 'proved', gap: 'within the gap asked for', work: 'work limit', time: 'time limit', cancelled: 'interrupted',
  large: 'Large', medium: 'Medium', small_town: 'Small town', small_rural: 'Small rural', rural_free: 'Rural, no prime',
  true: 'yes', false: 'no',
};

const sentence = (key) => {
  const text = key.replace(/_(pence|minutes)\b/g, '').replaceAll('_', ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Heading and unit of a key that may be new to this page. */
export function describe(key) {
  const known = KEYS[key];
  if (known) return { label: known[0], unit: known[1] ?? '' };
  if (/wait_minutes$/.test(key)) return { label: sentence(key.replace(/_minutes$/, '')), unit: 'wait' };
  if (/(^|_)pence(_|$)/.test(key)) return { label: sentence(key), unit: 'p' };
  if (/(^|_)minutes(_|$)/.test(key)) return { label: sentence(key.replace(/(carer_)?minutes/, 'hours')), unit: 'min' };
  if (/(share|percent|gap|rate)$/.test(key)) return { label: sentence(key), unit: /percent$/.test(key) ? 'x' : '%' };
  return { label: sentence(key), unit: '' };
}

/** The unit a figure names itself: "pence a week", "minutes", "hundredths of a percent", ... */
export function unitOf(word = '') {
  if (/^pence/.test(word)) return 'p';
  if (/^(carer )?min/.test(word)) return 'min';
  if (/^hundredths of a percent/.test(word)) return 'bp';
  if (/^tenths of a day/.test(word)) return 'day/10';
  return /seconds|^s\b/.test(word) ? 's' : /^m2/.test(word) ? 'm2' : 'n';
}

/** What an axis divides by, and says. */
export const axisOf = (unit) => ({ p: [100, 'pounds'], min: [60, 'hours'], s: [3600, 'hours'], bp: [100, 'per cent'], 'day/10': [10, 'days'], m2: [1e6, 'km²'], wait: [1440, 'days'] }[unit] ?? [1, '']);

export function show(value, unit) {
  if (value === null || value === undefined || value === '') return NONE;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') return typeof value === 'string' ? (unit === undefined ? value : CODES[value] ?? value) : JSON.stringify(value);
  switch (unit) {
    case 'p': return pounds(value);
    case 'min': return hours(value);
    case 's': return hours(value / 60);
    case '%': return percent(value);
    case 'bp': return percent(value / 10000);
    case 'day/10': return `${one.format(value / 10)} days`;
    case 'wait': return `${one.format(value / 1440)} days`;
    case 'm2': return `${few.format(value / 1e6)} km²`;
    case 'x': return few.format(value);
    default: return number(value);
  }
}
export const showChange = (value, unit) => (value > 0 ? `+${show(value, unit)}` : value < 0 ? `−${show(-value, unit)}` : show(0, unit));
export const word = (code) => CODES[code] ?? code;
/** The heading of a figure: its own, or that of its name. */
const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const title = (figure) => (typeof figure === 'string' ? describe(figure).label : figure.label ? upper(figure.label).replace(/, pounds a week$|, hours a week$/, '') : describe(figure.figure ?? figure.name).label);

const LEVELS = {
  waiting: ['Urgent hours waiting', 'As few hours of care waiting as possible, urgent ones first'],
  tier: ['Order of providers', 'Prime providers before supplementary, those before the framework'],
  moves: ['People moved', 'As few people as possible change their provider'],
  quality: ['Quality', 'Providers with the best scores'],
  cost: ['Cost', 'The lowest weekly cost'],
  travel: ['Travel', 'The least travel between visits'],
  blend: ['Quality and cost', 'The framework’s mix of quality and cost'],
  fair: ['Fair shares', 'Work shared in proportion'],
  preference: ['Preferences', 'Wishes for gender and language'],
};
export const level = (name) => ({ label: LEVELS[name]?.[0] ?? sentence(name), aim: LEVELS[name]?.[1] ?? '' });

export function gapWords(gap) {
  if (gap === null || gap === undefined) return 'not proved by this method';
  return gap === 0 ? 'cannot be beaten' : `within ${percent(gap)} of the best possible`;
}

const RULES = {
  inactive: 'are not taking work', zone_not_covered: 'do not cover the zone', start_too_late: 'could start only later',
  rating_not_allowed: 'have a rating that the rules exclude', excluded: 'were declined or excluded for this person',
  travel_too_far: 'are too far away', short_visit_not_agreed: 'would need an agreed short visit',
  double_handed_not_offered: 'do not offer two carers', pinned_elsewhere: 'are not the provider this person is promised to',
  'preference_hard:gender': 'have no carer of the gender needed', 'preference_hard:language': 'do not speak the language needed',
};
const ruleWords = (code) => RULES[code] ?? (code.startsWith('capability_missing:') ? `do not offer ${code.slice(19).replaceAll('_', ' ')}` : code);

function lackWords(text) {
  const found = /^(.+) short by (\d+)$/.exec(text.trim());
  if (!found) return text;
  const [kind, ...rest] = found[1].split('/'), by = Number(found[2]);
  switch (kind) {
    case 'hours': return `lacks ${duration(by)} a week`;
    case 'zone': return `lacks ${duration(by)} a week in zone ${rest[1]}`;
    case 'block': return `lacks ${duration(by)} a week at ${rest[1] === 'bed' ? 'bedtime' : rest[1] === 'tea' ? 'tea time' : rest[1] === 'lunch' ? 'lunch time' : 'morning visits'}`;
    case 'new': return `takes ${by === 1 ? 'one new person' : `${by} new people`} too few this week`;
    case 'share_max': return `would hold more than its largest share of zone ${rest[1]}`;
    case 'share_min': return `would take the promised share of another tier in zone ${rest[1]}`;
    case 'moves': return 'would need more moves than are allowed';
    default: return text;
  }
}

/** Why somebody waits, as a sentence. */
export function whyWaiting(reason, detail) {
  if (reason === 'trade') {
    return 'A provider has room, but the plan as a whole does better if this person waits.';
  }
  if (reason === 'rule') {
    const parts = (detail ?? '').split(';').map((part) => /^\s*(\S+) (\d+)\s*$/.exec(part)).filter(Boolean);
    const list = parts.map(([, code, n]) => `${n} ${ruleWords(code)}`).join('; ');
    return `No provider may serve this person${list ? `: of all providers ${list}` : ''}.`;
  }
  if (reason === 'capacity') {
    const found = /^([^:]+): (.*)$/.exec(detail ?? '');
    if (!found) return 'Every provider that may serve this person is full.';
    return `Every provider that may serve this person is full. The nearest to having room is ${found[1]}: it ${found[2].split(',').map(lackWords).join(' and ')}.`;
  }
  return detail || 'No reason is given.';
}
