/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All sets of one further move, then of two, and so on. Not each set is looked at: of what is wrong with a map one
 * thing is taken, and every set that mends it holds one of a few moves (hcb__repair_list). Those moves are tried one
 * after the other, each without those before it, so that no set comes twice. */
#include <string.h>

#include "zones/session_repair_inside.h"

bool hcb__repair_rule_holds(repair *r) {
    const hcb__repair_rule *rule = &r->o->rule;
    if (!rule->holds)
        return true;
    r->states += rule->states;
    return rule->holds(rule->payload, r->unit, r->to, r->n);
}

static int32_t compare_steps(const repair_step *a, const repair_step *b, int32_t n) {
    for (int32_t i = 0; i < n; i++) {
        if (a[i].unit != b[i].unit)
            return a[i].unit < b[i].unit ? -1 : 1;
        if (a[i].to != b[i].to)
            return a[i].to < b[i].to ? -1 : 1;
    }
    return 0;
}

void hcb__repair_keep(repair *r) {
    int32_t n = r->n - r->n_asked;
    /* No further units: there is no list, and nothing smaller. */
    if (n == 0) {
        if (r->n_best != 0 || r->sum < r->best_sum)
            r->best_sum = r->sum;
        r->n_best = 0;
        return;
    }
    size_t first = r->steps.count;
    if (!HCB__RESERVE(&r->s->mem, &r->steps, first + (size_t)n)) {
        r->no_memory = r->stopped = true;
        return;
    }
    repair_step *list = r->steps.at + first;
    for (int32_t k = 0; k < n; k++) {
        int32_t at = k;
        for (; at > 0 && list[at - 1].unit > r->unit[r->n_asked + k]; at--)
            list[at] = list[at - 1];
        list[at] = (repair_step){r->unit[r->n_asked + k], r->to[r->n_asked + k]};
    }
    if (r->n_best >= 0 && (n > r->n_best || (n == r->n_best && r->sum > r->best_sum) ||
                           (n == r->n_best && r->sum == r->best_sum && compare_steps(list, r->best, n) >= 0)))
        return;
    memcpy(r->best, list, (size_t)n * sizeof *list);
    r->n_best = n;
    r->best_sum = r->sum;
}

static void search(repair *r, int32_t left) {
    if (r->stopped || ++r->states > r->most_states) {
        r->stopped = true;
        return;
    }
    trouble t = hcb__repair_look(r, left);
    if (t.kind == FINE) {
        if (hcb__repair_rule_holds(r)) {
            hcb__repair_keep(r);
            return;
        }
        t = (trouble){RULE, -1, 1};
    }
    if (t.least > left || left == 0)
        return;
    size_t first = r->steps.count, last;
    hcb__repair_list(r, &t, left);
    last = r->steps.count;
    for (size_t i = first; i < last && !r->stopped; i++) {
        repair_step step = r->steps.at[i];
        /* Dearer than what is known. */
        bool dear =
            r->n_best >= 0 && r->n_best == r->n - r->n_asked + left && r->sum + r->s->minutes[step.unit] > r->best_sum;
        if (!dear) {
            hcb__repair_push(r, step.unit, step.to);
            search(r, left - 1);
            hcb__repair_pop(r);
        }
        r->forbidden[(size_t)step.unit * (size_t)r->s->n_zones + (size_t)step.to]++;
    }
    for (size_t i = first; i < last; i++) {
        repair_step step = r->steps.at[i];
        int32_t *forbidden = &r->forbidden[(size_t)step.unit * (size_t)r->s->n_zones + (size_t)step.to];
        *forbidden -= *forbidden > 0;
    }
    r->steps.count = first;
}

static bool make_room(repair *r) {
    size_t n = (size_t)r->s->n_units, zones = (size_t)r->s->n_zones;
    hcb__arena *a = &r->arena;
    r->unit = hcb__arena_alloc(a, n + 1, sizeof *r->unit);
    r->to = hcb__arena_alloc(a, n + 1, sizeof *r->to);
    r->from = hcb__arena_alloc(a, n + 1, sizeof *r->from);
    r->pinned = hcb__arena_alloc(a, n, sizeof *r->pinned);
    r->forbidden = hcb__arena_alloc(a, n, zones * sizeof *r->forbidden);
    r->touched = hcb__arena_alloc(a, zones, sizeof *r->touched);
    r->minutes = hcb__arena_alloc(a, zones, sizeof *r->minutes);
    r->kept = hcb__arena_alloc(a, zones, sizeof *r->kept);
    r->n_parts = hcb__arena_alloc(a, zones, sizeof *r->n_parts);
    r->near = hcb__arena_alloc(a, zones, sizeof *r->near);
    r->label = hcb__arena_alloc(a, n, sizeof *r->label);
    r->depth = hcb__arena_alloc(a, n, sizeof *r->depth);
    r->before = hcb__arena_alloc(a, n, sizeof *r->before);
    r->order = hcb__arena_alloc(a, n, sizeof *r->order);
    r->part = hcb__arena_alloc(a, n, sizeof *r->part);
    r->best = hcb__arena_alloc(a, n + 1, sizeof *r->best);
    return r->unit && r->to && r->from && r->pinned && r->forbidden && r->touched && r->minutes && r->kept &&
           r->n_parts && r->near && r->label && r->depth && r->before && r->order && r->part && r->best;
}

static void ask(repair *r, const int32_t *units, size_t n, int32_t zone) {
    hcb__session *s = r->s;
    for (int32_t z = 0; z < s->n_zones; z++) {
        r->minutes[z] = s->totals[z].minutes;
        r->kept[z] = s->totals[z].n_units;
    }
    for (size_t i = 0; i < n; i++)
        if (s->zone[units[i]] != zone)
            hcb__repair_push(r, units[i], zone);
        else
            r->pinned[units[i]] = true;
    r->n_asked = r->n;
    r->sum = 0;
}

static void deepen(repair *r, hcb__repair *out, int32_t most) {
    for (int32_t k = 0; k <= most && !r->stopped; k++) {
        int32_t had = r->n_best;
        search(r, k);
        if (r->stopped)
            out->proof = r->n_best == k && had == k ? HCB__REPAIR_FEWEST : HCB__REPAIR_FOUND;
        else if (r->n_best == k)
            out->proof = HCB__REPAIR_SMALLEST;
        else
            out->none_up_to = k;
        if (r->n_best == k)
            break;
        if (k == 0 && r->n_asked > 0) {
            hcb__repair_dive(r, true);
            hcb__repair_dive(r, false);
        }
    }
}

/* Into the room of the session, which outlives ours. */
static void give(const repair *r, hcb__repair *out) {
    hcb__session *s = r->s;
    for (int32_t k = 0; k < r->n_best; k++) {
        s->extra[k] = r->best[k].unit;
        s->extra[s->n_units + k] = r->best[k].to;
    }
    out->n = r->n_best;
    out->minutes = r->best_sum;
    out->states = r->states;
    out->unit = s->extra;
    out->zone = s->extra + s->n_units;
    if (out->proof == HCB__REPAIR_FOUND && r->n_best == out->none_up_to + 1)
        out->proof = HCB__REPAIR_FEWEST;
}

hcb_status hcb__session_repair(hcb__repair *out, hcb__session *s, const int32_t *units, size_t n, int32_t zone,
                               const hcb__repair_options *options) {
    *out = (hcb__repair){.n = -1, .none_up_to = -1};
    hcb__move move; /* also checks the numbers */
    hcb_status status = hcb__session_try(&move, s, units, n, zone);
    int32_t most = options->most_units ? options->most_units : HCB__REPAIR_UNITS;
    if (status != HCB_OK || most < 0 || most > HCB__REPAIR_MOST_UNITS || options->most_states < 0)
        return HCB_EINVAL;
    repair r = {.s = s, .o = options, .n_best = -1};
    r.most_states = options->most_states ? options->most_states : HCB__REPAIR_STATES;
    hcb__arena_init(&r.arena, &s->mem);
    status = make_room(&r) ? HCB_OK : HCB_ENOMEM;
    if (status == HCB_OK) {
        ask(&r, units, n, zone);
        deepen(&r, out, most);
        while (r.n > 0)
            hcb__repair_pop(&r);
        status = r.no_memory ? HCB_ENOMEM : HCB_OK;
    }
    if (status == HCB_OK)
        give(&r, out);
    HCB__VEC_FREE(&s->mem, &r.steps);
    hcb__arena_release(&r.arena);
    return status;
}
