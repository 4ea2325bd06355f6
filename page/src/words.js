// SPDX-License-Identifier: GPL-3.0-or-later
// Figures and codes in plain words. The numbers of the result stay as they are; only their spelling changes here.

import { data } from './data.js';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const few = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4 });
const NONE = '–';

export const number = (n) => (Math.abs(n) >= 1e9 ? `${few.format(n / 1e9)} billion` : Number.isInteger(n) ? whole.format(n) : few.format(n));
export const tenth = (n) => one.format(n);
export const pounds = (pence) => `${pence < 0 ? '−' : ''}£${two.format(Math.abs(pence) / 100)}`;
export const roundPounds = (pence) => `${pence < 0 ? '−' : ''}£${whole.format(Math.abs(pence) / 100)}`;
export const hours = (minutes) => `${one.format(minutes / 60)} h`;
export const percent = (share) => `${few.format(100 * share)}%`;
/** A share where one decimal says enough; smaller ones keep two figures. */
export const share = (s) => (s !== 0 && Math.abs(s) < 0.001 ? `${new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 }).format(100 * s)}%` : `${one.format(100 * s)}%`);
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
  gained_units: ['Small areas gained', 'n'], lost_units: ['Small areas lost', 'n'], gained_people65: ['People over 65 gained', 'n'], lost_people65: ['People over 65 lost', 'n'],
  gained_minutes: ['Hours gained', 'min'], lost_minutes: ['Hours lost', 'min'], from: ['From zone'], to: ['To zone'],
  variation_of_information: ['How different the maps are (variation of information)', 'x'],
  areas: ['Small areas', 'n'], parts: ['Parts', 'n'], area_km2: ['Area, km²', 'x'], perimeter_km: ['Border, km', 'x'], households: ['Households', 'n'],
  schwartzberg: ['Compactness (Schwartzberg)', 'x'], reock: ['Compactness (Reock)', 'x'], convex_hull: ['Share of its convex hull', 'x'], inertia: ['Compactness (inertia)', 'x'],
  cut_edges: ['Neighbours in other zones', 'n'], price_pence: ['Price a week', 'p'], travel_seconds: ['Travel a week, estimated', 's'], travel_error_seconds: ['Its standard error', 's'],
  sharers: ['Providers that share it', 'x'], travel_needed: ['Travel needed, minutes an hour of care', 'x'], travel_carried: ['Travel the price carries, minutes an hour', 'x'],
  providers_in_reach: ['Providers in reach', 'n'], providers_viable: ['Viable providers', 'n'], providers_together: ['Viable at once (up to 2)', 'n'], providers_exposed: ['Providers it hangs on', 'n'],
  short_now: ['Short already'], worst_leaver: ['Worst provider to lose'], short_minutes_then: ['Hours undone then', 'min'],
  providers_by_tier_prime: ['Prime providers', 'n'], providers_by_tier_supplementary: ['Supplementary providers', 'n'], providers_by_tier_framework: ['Framework providers', 'n'],
  band_share_urban: ['Urban households', '%'], band_share_fringe: ['Fringe households', '%'], band_share_rural: ['Rural households', '%'], band_share_isolated: ['Isolated households', '%'],
  band_minutes_urban: ['Urban hours', 'min'], band_minutes_fringe: ['Fringe hours', 'min'], band_minutes_rural: ['Rural hours', 'min'], band_minutes_isolated: ['Isolated hours', 'min'],
  road_seconds: ['Road between visits', 's'], ground_m2: ['Ground lived on', 'm2'], visits_by_block: ['Visits a week: morning, lunch, tea, bed'],
  viable_providers: ['Viable providers', 'n'], minutes_min: ['Hours at least', 'min'], minutes_max: ['Hours at most', 'min'], kind: ['Kind of move'], step: ['Step', 'n'], phase: ['Phase', 'n'],
  zone: ['Zone'], steps: ['Steps', 'n'], packages_of_providers_not_there: ['People whose provider is not in the new zone', 'n'],
  received: ['Received', 'n'], mean_wait_minutes: ['Wait, mean', 'wait'], median_wait_minutes: ['Wait, median', 'wait'], longest_wait_minutes: ['Wait, longest', 'wait'],
  acceptance_percent: ['Accepted, %', 'x'], counted: ['Declines that count', 'n'], stated_minutes: ['Hours stated', 'min'], stated_spare_minutes: ['Of them free', 'min'],
  proved_minutes: ['Hours accepted since', 'min'], refused_minutes: ['Hours declined since', 'min'], handed_back: ['Handed back', 'n'], serves: ['Serves', 'n'],
  events: ['Entries in the ledger', 'n'], placed_at_first_offer: ['Placed at the first offer', 'n'], most_moves_of_one_person: ['Most moves of one person', 'n'],
  people_served: ['People served', 'n'], people_waiting: ['People waiting', 'n'], people_moved: ['People who change provider', 'n'], packages_offered: ['People offered a place', 'n'],
  carer_minutes_served: ['Hours served', 'min'], waiting_days_mean: ['Days waited so far, mean'], travel_per_contact_hour: ['Travel in an hour of care'],
  providers_serving: ['Providers that serve somebody', 'n'], providers_monitored: ['Providers to monitor', 'n'], provider_zone_pairs: ['Providers times their zones', 'n'],
  providers_below_viable: ['Providers under the hours they need', 'n'], capacity_used: ['Capacity used'], hhi_hours: ['Concentration of hours (HHI), county', 'n'],
  hhi_hours_zones: ['Concentration of hours (HHI), zones', 'n'], largest_share: ['Hours of the largest provider'], prime_share: ['Hours of prime providers'],
  zones_over_half: ['Zones where one provider has over half', 'n'], quality_mean: ['Quality, mean by hours'], people_below_cost: ['People served below cost', 'n'],
  unattractive_offered: ['Rural, short or double-handed: offered', 'n'], unattractive_waiting: ['Rural, short or double-handed: waiting', 'n'],
  unattractive_left_share: ['Rural, short or double-handed: share left'], other_left_share: ['All others: share left'], rural_waiting: ['Rural or isolated, waiting', 'n'],
  short_waiting: ['With short visits, waiting', 'n'], double_handed_waiting: ['With two carers, waiting', 'n'], zones_served: ['Zones served', 'n'], other_provider: ['With another provider', 'n'],
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

const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (key) => upper(key.replace(/_(pence|minutes)\b/g, '').replaceAll('_', ' ').trim());

/** Heading and unit of a key that may be new to this page. */
export function describe(key) {
  const known = KEYS[key];
  if (known) return { label: known[0], unit: known[1] ?? '' };
  if (/_before$/.test(key)) {
    const { label, unit } = describe(key.replace(/_before$/, ''));
    return { label: `${label}, today`, unit };
  }
  if (/wait_minutes$/.test(key)) return { label: sentence(key.replace(/_minutes$/, '')), unit: 'wait' };
  if (/(^|_)pence(_|$)/.test(key)) return { label: sentence(key), unit: 'p' };
  if (/(^|_)minutes(_|$)/.test(key)) return { label: sentence(key.replace(/(carer_)?minutes/, 'hours')), unit: 'min' };
  if (/(^|_)seconds(_|$)/.test(key)) return { label: sentence(key.replace(/_?seconds/, '')), unit: 's' };
  if (/_km2$/.test(key)) return { label: `${sentence(key.replace(/_km2$/, ''))}, km²`, unit: 'x' };
  if (/(share|percent|gap|rate)$/.test(key)) return { label: sentence(key), unit: /percent$/.test(key) ? 'x' : '%' };
  return { label: sentence(key), unit: '' };
}

/** The unit a figure names itself: "pence a week", "minutes", "hundredths of a percent", ... */
export function unitOf(word = '') {
  if (/ x /.test(word)) return 'n';
  if (/^pence/.test(word)) return 'p';
  if (/^(carer )?min/.test(word)) return 'min';
  if (/^hundredths of a percent/.test(word)) return 'bp';
  if (/^tenths of a day/.test(word)) return 'day/10';
  if (/^hundredths of a minute/.test(word)) return 'min/100';
  if (/^hundredths of a point/.test(word)) return '/100';
  if (/^tenths of people/.test(word)) return '/10';
  if (/^thousandths of a second/.test(word)) return 's/1000';
  return /seconds|^s\b/.test(word) ? 's' : /^m2/.test(word) ? 'm2' : /^metres$/.test(word) ? 'm' : 'n';
}

/** What an axis divides by, and says. */
export const axisOf = (unit) => ({ p: [100, 'pounds'], min: [60, 'hours'], s: [3600, 'hours'], bp: [100, 'per cent'], 'day/10': [10, 'days'], 'min/100': [100, 'minutes'], '/100': [100, ''], '/10': [10, ''], 's/1000': [60000, 'minutes'], m: [1000, 'km'], m2: [1e6, 'km²'], wait: [1440, 'days'] }[unit] ?? [1, '']);

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
    case 'min/100': return `${two.format(value / 100)} min`;
    case '/100': return two.format(value / 100);
    case '/10': return whole.format(value / 10);
    case 's/1000': return `${two.format(value / 60000)} min`;
    case 'm': return `${number(Math.round(value / 1000))} km`;
    case 'm2': return `${few.format(value / 1e6)} km²`;
    case 'x': return few.format(value);
    default: return number(value);
  }
}
export function showChange(value, unit) {
  if (typeof value !== 'number') return show(value, unit);
  const text = show(Math.abs(value), unit);
  // What is spelt as nothing has no sign.
  return value === 0 || text === show(0, unit) ? text : value > 0 ? `+${text}` : `−${text}`;
}
export const word = (code) => CODES[code] ?? code;
/** The heading of a figure: its own, or that of its name. */
export const title = (figure) => (typeof figure === 'string' ? describe(figure).label : figure.label ? upper(figure.label).replace(/, pounds a week$|, hours a week$/, '') : describe(figure.figure ?? figure.name).label);

const LEVELS = {
  waiting: ['Urgent hours waiting', 'As few hours of care waiting as possible, urgent ones first'],
  tier: ['Order of providers', 'Prime providers before supplementary, those before the framework'],
  moves: ['People moved', 'As few people as possible change their provider'],
  quality: ['Quality', 'Providers with the best scores'],
  cost: ['Cost', 'The lowest weekly cost of everybody, those served today included'],
  travel: ['Travel', 'The least travel between visits a week, of everybody'],
  moved_hours: ['Hours that change zone', 'As few hours of care as possible in another zone'],
  moved_packages: ['People who change zone', 'As few people as possible in another zone'],
  moved_people: ['Over-65s who change zone', 'As few older people as possible in another zone'],
  price: ['Price', 'The lowest price of all care at the zones’ prices'],
  inertia: ['Compactness', 'Care close to the middle of its zone (carer minutes times squared distance)'],
  cut_edges: ['Neighbours apart', 'As few neighbouring small areas as possible in different zones'],
  perimeter: ['Borders', 'Short borders between zones'],
  balance: ['Balance', 'Hours near the middle of each zone’s bounds'],
  splits: ['Places split', 'Places in one zone'],
  worst_travel: ['Worst travel a visit', 'Less road where a visit needs most of it'],
  blend: ['Quality and cost', 'The framework’s mix of quality and cost'],
  fair: ['Fair shares', 'Work shared in proportion'],
  preference: ['Preferences', 'Wishes for gender and language'],
};
if (data.kind === 'design') LEVELS.travel = ['Travel', 'The least road between visits a week'];
export const level = (name) => ({ label: LEVELS[name]?.[0] ?? sentence(name), aim: LEVELS[name]?.[1] ?? '' });

export function gapWords(gap) {
  if (gap === null || gap === undefined) return 'not proved by this method';
  return gap === 0 ? 'cannot be beaten' : gap >= 1 ? 'no limit is proved' : `within ${share(gap)} of the best possible`;
}

/** A sentence of the result with its whole minutes, seconds and names of figures as people say them. */
export function spoken(text) {
  const unit = / (minutes|seconds)(?= (of care )?a week)/.exec(text);
  const plain = unit ? text.replace(unit[0], '').replace(/\b(zone )?(\d+)\b/gi, (all, zone, n) => (zone ? all : show(Number(n), unit[1] === 'minutes' ? 'min' : 's')))
    : text.replace(/\b\d{5,}\b/g, (n) => number(Number(n))).replace(' x 100 m^2', ' × 100 m²');
  return upper(plain.replace(/\b[a-z]+(_[a-z]+)*\b(?= goes from )|\b[a-z]+_[a-z_]+\b/g, (name) => (LEVELS[name] ? level(name).label.toLowerCase() : name)));
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
