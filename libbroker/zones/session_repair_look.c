/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong with a map under repair, and the moves one of which every repair must hold. */
#include "zones/session_repair_inside.h"

void hcb__repair_push(repair *r, int32_t unit, int32_t to) {
    hcb__session *s = r->s;
    int32_t from = s->zone[unit];
    r->unit[r->n] = unit;
    r->to[r->n] = to;
    r->from[r->n++] = from;
    r->pinned[unit] = true;
    s->zone[unit] = to;
    if (from >= 0) {
        r->touched[from]++;
        r->kept[from]--;
        r->minutes[from] -= s->minutes[unit];
    }
    r->touched[to]++;
    r->minutes[to] += s->minutes[unit];
    r->sum += s->minutes[unit];
}

void hcb__repair_pop(repair *r) {
    hcb__session *s = r->s;
    int32_t unit = r->unit[--r->n], to = r->to[r->n], from = r->from[r->n];
    r->pinned[unit] = false;
    s->zone[unit] = from;
    if (from >= 0) {
        r->touched[from]--;
        r->kept[from]++;
        r->minutes[from] += s->minutes[unit];
    }
    r->touched[to]--;
    r->minutes[to] -= s->minutes[unit];
    r->sum -= s->minutes[unit];
}

static bool joins(const hcb__neighbour *n) {
    return n->rook || n->bridge;
}

static int32_t most_parts(const repair *r, int32_t zone) {
    int32_t before = r->s->totals[zone].n_parts;
    return before > 1 ? before : 1;
}

static bool may_come(const repair *r, int32_t unit, int32_t zone) {
    return !r->pinned[unit] && r->s->zone[unit] != zone &&
           !r->forbidden[(size_t)unit * (size_t)r->s->n_zones + (size_t)zone];
}

static void flood(repair *r, int32_t first, repair_part *part) {
    hcb__session *s = r->s;
    int32_t head = 0, tail = 0;
    s->mark[first] = s->stamp;
    s->queue[tail++] = first;
    while (head < tail) {
        int32_t v = s->queue[head++];
        r->label[v] = r->total_parts;
        part->pinned |= r->pinned[v];
        for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
            int32_t w = s->adjacency->list[i].unit;
            if (joins(&s->adjacency->list[i]) && s->zone[w] == part->zone && s->mark[w] != s->stamp) {
                s->mark[w] = s->stamp;
                s->queue[tail++] = w;
            }
        }
    }
    part->size = tail;
}

static void find_parts(repair *r) {
    hcb__session *s = r->s;
    for (int32_t z = 0; z < s->n_zones; z++)
        r->n_parts[z] = r->touched[z] ? 0 : s->totals[z].n_parts;
    r->total_parts = 0;
    s->stamp++;
    for (int32_t u = 0; u < s->n_units; u++) {
        int32_t z = s->zone[u];
        if (z < 0 || !r->touched[z] || s->mark[u] == s->stamp)
            continue;
        repair_part *part = &r->part[r->total_parts];
        *part = (repair_part){z, u, 0, false};
        flood(r, u, part);
        r->n_parts[z]++;
        r->total_parts++;
    }
}

int32_t hcb__repair_loose_parts(repair *r, int32_t zone, int32_t left) {
    int32_t n = 0, most = most_parts(r, zone), others = 0;
    for (int32_t p = 0; p < r->total_parts; p++)
        if (r->part[p].zone == zone) {
            int32_t at = n++;
            for (; at > 0 && r->part[r->order[at - 1]].size > r->part[p].size; at--)
                r->order[at] = r->order[at - 1];
            r->order[at] = p;
        }
    /* Were the `most` smallest to stay as they are, one more part would be too many: and there is one, unless all the
     * others can vanish. */
    for (int32_t i = most; i < n; i++)
        others = r->part[r->order[i]].pinned ? left + 1 : others + r->part[r->order[i]].size;
    return others > left ? most : most + 1;
}

int32_t hcb__repair_way(repair *r, int32_t p, int32_t most) {
    hcb__session *s = r->s;
    int32_t head = 0, tail = 0, zone = r->part[p].zone;
    s->stamp++;
    for (int32_t u = 0; u < s->n_units; u++)
        if (s->zone[u] == zone && r->label[u] == p) {
            s->mark[u] = s->stamp;
            r->depth[u] = 0;
            s->queue[tail++] = u;
        }
    while (head < tail) {
        int32_t v = s->queue[head++];
        for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
            int32_t w = s->adjacency->list[i].unit;
            if (!joins(&s->adjacency->list[i]) || s->mark[w] == s->stamp)
                continue;
            if (s->zone[w] == zone) {
                r->way_end = v;
                return r->depth[v];
            }
            if (r->depth[v] >= most || !may_come(r, w, zone))
                continue;
            s->mark[w] = s->stamp;
            r->depth[w] = r->depth[v] + 1;
            r->before[w] = r->depth[v] ? v : -1;
            s->queue[tail++] = w;
        }
    }
    return -1;
}

static int32_t least_to_join(repair *r, int32_t zone, int32_t left) {
    int32_t least = left + 1, n = hcb__repair_loose_parts(r, zone, left);
    for (int32_t i = 0; i < n; i++) {
        const repair_part *part = &r->part[r->order[i]];
        if (!part->pinned && part->size < least)
            least = part->size;
        int32_t way = hcb__repair_way(r, r->order[i], least - 1);
        if (way >= 0 && way < least)
            least = way;
    }
    return least;
}

/* How many of the largest units in the zone (or outside it) make so many minutes. */
static int32_t least_to_shift(const repair *r, int32_t zone, bool inside, int64_t minutes, int32_t left) {
    int64_t largest[HCB__REPAIR_MOST_UNITS] = {0};
    const hcb__session *s = r->s;
    for (int32_t u = 0; u < s->n_units; u++) {
        int64_t m = s->minutes[u];
        if (r->pinned[u] || (s->zone[u] == zone) != inside || m <= largest[left - 1])
            continue;
        int32_t at = left - 1;
        for (; at > 0 && largest[at - 1] < m; at--)
            largest[at] = largest[at - 1];
        largest[at] = m;
    }
    int32_t n = 0;
    while (n < left && minutes > 0)
        minutes -= largest[n++];
    return minutes > 0 ? left + 1 : n;
}

static void consider(trouble *t, trouble_kind kind, int32_t zone, int32_t least) {
    if (t->kind == FINE || kind < t->kind || (kind == t->kind && least > t->least)) {
        t->kind = kind;
        t->zone = zone;
    }
    if (least > t->least)
        t->least = least;
}

static int64_t too_much(const repair *r, int32_t z) {
    int64_t most = r->s->set->zones[z].hours_max, before = r->s->totals[z].minutes;
    return most < 0 ? 0 : r->minutes[z] - (before > most ? before : most);
}

static int64_t too_little(const repair *r, int32_t z) {
    int64_t least = r->s->set->zones[z].hours_min, before = r->s->totals[z].minutes;
    return least < 0 ? 0 : (before < least ? before : least) - r->minutes[z];
}

trouble hcb__repair_look(repair *r, int32_t left) {
    trouble t = {FINE, -1, 0};
    hcb__session *s = r->s;
    for (int32_t z = 0; z < s->n_zones; z++) {
        if (!r->touched[z])
            continue;
        if (r->kept[z] == 0 && s->totals[z].n_units > 0)
            return (trouble){GONE, z, left + 1};
        if (too_much(r, z) > 0)
            consider(&t, ABOVE, z, left ? least_to_shift(r, z, true, too_much(r, z), left) : 1);
        if (too_little(r, z) > 0)
            consider(&t, BELOW, z, left ? least_to_shift(r, z, false, too_little(r, z), left) : 1);
    }
    if (t.least > left)
        return t;
    find_parts(r);
    for (int32_t z = 0; z < s->n_zones; z++)
        if (r->touched[z] && r->n_parts[z] > most_parts(r, z))
            consider(&t, IN_PARTS, z, left ? least_to_join(r, z, left) : 1);
    return t;
}

/* Zones that a unit can be part of after so many moves, itself one of them, if it is to hang together with what is
 * there. */
static void find_near(repair *r, int32_t unit, int32_t left) {
    hcb__session *s = r->s;
    int32_t head = 0, tail = 0;
    for (int32_t z = 0; z < s->n_zones; z++)
        r->near[z] = false;
    s->stamp++;
    s->mark[unit] = s->stamp;
    r->depth[unit] = 0;
    s->queue[tail++] = unit;
    while (head < tail) {
        int32_t v = s->queue[head++];
        for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
            int32_t w = s->adjacency->list[i].unit;
            if (!joins(&s->adjacency->list[i]) || s->mark[w] == s->stamp)
                continue;
            if (s->zone[w] >= 0)
                r->near[s->zone[w]] = true;
            s->mark[w] = s->stamp;
            r->depth[w] = r->depth[v] + 1;
            if (r->depth[w] < left && !r->pinned[w])
                s->queue[tail++] = w;
        }
    }
}

/* After find_near(): whether the unit can be in the zone in a map that is `left` moves away, this one included. */
static bool may_go(const repair *r, int32_t unit, int32_t zone, int32_t left) {
    if (!may_come(r, unit, zone))
        return false;
    if (r->near[zone])
        return true;
    if (most_parts(r, zone) <= 1)
        return r->n_parts[zone] == 0;
    return left >= 2 || r->n_parts[zone] < most_parts(r, zone);
}

static void add(repair *r, int32_t unit, int32_t to) {
    if (!HCB__PUSH(&r->s->mem, &r->steps, ((repair_step){unit, to})))
        r->no_memory = r->stopped = true;
}

static void add_leaving(repair *r, int32_t unit, int32_t left) {
    find_near(r, unit, left);
    for (int32_t y = 0; y < r->s->n_zones; y++)
        if (may_go(r, unit, y, left))
            add(r, unit, y);
}

static void list_joining(repair *r, int32_t zone, int32_t left) {
    hcb__session *s = r->s;
    int32_t n = hcb__repair_loose_parts(r, zone, left);
    s->stamp++;
    for (int32_t k = 0; k < n; k++)
        for (int32_t v = 0; v < s->n_units; v++) {
            if (s->zone[v] != zone || r->label[v] != r->order[k])
                continue;
            for (int32_t i = s->adjacency->start[v]; i < s->adjacency->start[v + 1]; i++) {
                int32_t w = s->adjacency->list[i].unit;
                if (!joins(&s->adjacency->list[i]) || s->mark[w] == s->stamp || !may_come(r, w, zone))
                    continue;
                s->mark[w] = s->stamp;
                add(r, w, zone);
            }
        }
    for (int32_t k = 0; k < n; k++) {
        const repair_part *part = &r->part[r->order[k]];
        if (!part->pinned && part->size <= left)
            add_leaving(r, part->first, left);
    }
}

void hcb__repair_list(repair *r, const trouble *t, int32_t left) {
    const hcb__session *s = r->s;
    if (t->kind == IN_PARTS) {
        list_joining(r, t->zone, left);
        return;
    }
    for (int32_t u = 0; u < s->n_units && !r->stopped; u++) {
        bool inside = s->zone[u] == t->zone;
        if (r->pinned[u])
            continue;
        if (t->kind == ABOVE && inside && s->minutes[u] > 0) {
            add_leaving(r, u, left);
        } else if (t->kind == BELOW && !inside && s->minutes[u] > 0) {
            find_near(r, u, left);
            if (may_go(r, u, t->zone, left))
                add(r, u, t->zone);
        } else if (t->kind == RULE && r->o->rule.matters(r->o->rule.payload, u)) {
            add_leaving(r, u, left);
        }
    }
}
