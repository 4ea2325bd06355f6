/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow from zones (demand) to providers (capacity), as large as can be: what does not flow cannot be done, and the
 * zones that the search still reaches are the tightest (max-flow min-cut). */
#include "design/viability.h"

#include <string.h>

enum { MOST_ENOUGH = 8 };

typedef struct flows {
    int64_t *todo; /* [n_zones] */
    int64_t *left; /* [n_providers] */
    int64_t *done; /* [n_providers x n_zones] */
    int64_t undone;
} flows;

struct hcb__viability {
    hcb__arena arena;
    int32_t n_zones, n_providers;
    flows all, without, needed;
    bool *zone_seen, *provider_seen;
    int32_t *queue;         /* zones as they are, providers behind them */
    int32_t *zone_from;     /* the provider that led there; -1: demand of its own */
    int32_t *provider_from; /* the zone that led there */
    int32_t *cut_zones, *cut_full, *candidates;
    int64_t *room; /* [n_providers] what each may have */
};

static size_t cell(const hcb__viability_case *c, int32_t k, int32_t z) {
    return (size_t)k * (size_t)c->n_zones + (size_t)z;
}

static bool make_flows(hcb__viability *v, flows *f) {
    f->todo = hcb__arena_alloc(&v->arena, (size_t)v->n_zones, sizeof *f->todo);
    f->left = hcb__arena_alloc(&v->arena, (size_t)v->n_providers, sizeof *f->left);
    f->done = hcb__arena_alloc(&v->arena, (size_t)v->n_providers, (size_t)v->n_zones * sizeof *f->done);
    return f->todo && f->left && f->done;
}

hcb_status hcb__viability_create(hcb__viability **out, const hcb_allocator *mem, int32_t n_zones, int32_t n_providers) {
    *out = NULL;
    hcb__viability *v = hcb__calloc(mem, 1, sizeof *v);
    if (!v)
        return HCB_ENOMEM;
    hcb__arena_init(&v->arena, mem);
    v->n_zones = n_zones;
    v->n_providers = n_providers;
    size_t zones = (size_t)n_zones, providers = (size_t)n_providers;
    v->zone_seen = hcb__arena_alloc(&v->arena, zones, sizeof *v->zone_seen);
    v->provider_seen = hcb__arena_alloc(&v->arena, providers, sizeof *v->provider_seen);
    v->queue = hcb__arena_alloc(&v->arena, zones + providers, sizeof *v->queue);
    v->zone_from = hcb__arena_alloc(&v->arena, zones, sizeof *v->zone_from);
    v->provider_from = hcb__arena_alloc(&v->arena, providers, sizeof *v->provider_from);
    v->cut_zones = hcb__arena_alloc(&v->arena, zones, sizeof *v->cut_zones);
    v->cut_full = hcb__arena_alloc(&v->arena, providers, sizeof *v->cut_full);
    v->candidates = hcb__arena_alloc(&v->arena, providers, sizeof *v->candidates);
    v->room = hcb__arena_alloc(&v->arena, providers, sizeof *v->room);
    if (!make_flows(v, &v->all) || !make_flows(v, &v->without) || !make_flows(v, &v->needed) || !v->zone_seen ||
        !v->provider_seen || !v->queue || !v->zone_from || !v->provider_from || !v->cut_zones || !v->cut_full ||
        !v->candidates || !v->room) {
        hcb__viability_free(v);
        return HCB_ENOMEM;
    }
    *out = v;
    return HCB_OK;
}

void hcb__viability_free(hcb__viability *room) {
    if (!room)
        return;
    hcb_allocator mem = room->arena.mem;
    hcb__arena_release(&room->arena);
    hcb__free(&mem, room);
}

/* Breadth first from the zones with something to do, over providers in reach and back over what they do elsewhere; the
 * first provider with room, or -1 when none is reached. What is marked as seen is then the source's side of the cut. */
static int32_t search(hcb__viability *v, const hcb__viability_case *c, const flows *f) {
    int32_t head = 0, tail = 0;
    memset(v->zone_seen, 0, (size_t)c->n_zones * sizeof *v->zone_seen);
    memset(v->provider_seen, 0, (size_t)c->n_providers * sizeof *v->provider_seen);
    for (int32_t z = 0; z < c->n_zones; z++)
        if (f->todo[z] > 0) {
            v->zone_seen[z] = true;
            v->zone_from[z] = -1;
            v->queue[tail++] = z;
        }
    while (head < tail) {
        int32_t at = v->queue[head++];
        if (at < c->n_zones) {
            for (int32_t k = 0; k < c->n_providers; k++)
                if (!v->provider_seen[k] && v->room[k] > 0 && f->done[cell(c, k, at)] < c->reach[cell(c, k, at)]) {
                    v->provider_seen[k] = true;
                    v->provider_from[k] = at;
                    if (f->left[k] > 0)
                        return k;
                    v->queue[tail++] = c->n_zones + k;
                }
        } else {
            int32_t k = at - c->n_zones;
            for (int32_t z = 0; z < c->n_zones; z++)
                if (!v->zone_seen[z] && f->done[cell(c, k, z)] > 0) {
                    v->zone_seen[z] = true;
                    v->zone_from[z] = k;
                    v->queue[tail++] = z;
                }
        }
    }
    return -1;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Sends as much as the path that ends at provider k carries. */
static void send(hcb__viability *v, const hcb__viability_case *c, flows *f, int32_t last) {
    int64_t amount = f->left[last];
    for (int32_t k = last;;) {
        int32_t z = v->provider_from[k];
        amount = least(amount, c->reach[cell(c, k, z)] - f->done[cell(c, k, z)]);
        if (v->zone_from[z] < 0) {
            amount = least(amount, f->todo[z]);
            break;
        }
        k = v->zone_from[z];
        amount = least(amount, f->done[cell(c, k, z)]);
    }
    f->left[last] -= amount;
    f->undone -= amount;
    for (int32_t k = last;;) {
        int32_t z = v->provider_from[k];
        f->done[cell(c, k, z)] += amount;
        if (v->zone_from[z] < 0) {
            f->todo[z] -= amount;
            break;
        }
        k = v->zone_from[z];
        f->done[cell(c, k, z)] -= amount;
    }
}

/* Shortest paths first: at most (zones + providers) x cells of them (Edmonds and Karp 1972), in truth a few per zone.
 */
static void fill(hcb__viability *v, const hcb__viability_case *c, flows *f) {
    for (int32_t k = search(v, c, f); k >= 0; k = search(v, c, f))
        send(v, c, f, k);
}

/* Everything to be done; of each provider room[] to be had. */
static void start(const hcb__viability *v, const hcb__viability_case *c, flows *f) {
    f->undone = 0;
    for (int32_t z = 0; z < c->n_zones; z++) {
        f->todo[z] = c->demand[z];
        f->undone += c->demand[z];
    }
    memcpy(f->left, v->room, (size_t)c->n_providers * sizeof *f->left);
    memset(f->done, 0, (size_t)c->n_providers * (size_t)c->n_zones * sizeof *f->done);
}

static void copy(const hcb__viability_case *c, flows *to, const flows *from) {
    memcpy(to->todo, from->todo, (size_t)c->n_zones * sizeof *to->todo);
    memcpy(to->left, from->left, (size_t)c->n_providers * sizeof *to->left);
    memcpy(to->done, from->done, (size_t)c->n_providers * (size_t)c->n_zones * sizeof *to->done);
    to->undone = from->undone;
}

static void fill_all(hcb__viability *v, const hcb__viability_case *c) {
    memcpy(v->room, c->capacity, (size_t)c->n_providers * sizeof *v->room);
    start(v, c, &v->all);
    fill(v, c, &v->all);
}

/* From the flow of all: what provider k did is to be done again, by the others. */
static void leave(hcb__viability *v, const hcb__viability_case *c, int32_t k) {
    flows *f = &v->without;
    copy(c, f, &v->all);
    memcpy(v->room, c->capacity, (size_t)c->n_providers * sizeof *v->room);
    v->room[k] = f->left[k] = 0;
    for (int32_t z = 0; z < c->n_zones; z++) {
        int64_t *done = &f->done[cell(c, k, z)];
        f->todo[z] += *done;
        f->undone += *done;
        *done = 0;
    }
    fill(v, c, f);
}

/* Whether all providers with room[] > 0 can have exactly that at once. */
static bool all_have(hcb__viability *v, const hcb__viability_case *c) {
    start(v, c, &v->needed);
    fill(v, c, &v->needed);
    for (int32_t k = 0; k < c->n_providers; k++)
        if (v->needed.left[k] > 0)
            return false;
    return true;
}

/* Adds providers from candidates[at..n) to those chosen, until `enough` are together; what fails with fewer fails with
 * more. */
static int32_t add_more(hcb__viability *v, const hcb__viability_case *c, int32_t n, int32_t at, int32_t chosen,
                        int32_t enough) {
    int32_t best = chosen;
    for (int32_t i = at; i < n && best < enough && chosen + n - i > best; i++) {
        int32_t k = v->candidates[i];
        v->room[k] = c->needs[k];
        if (all_have(v, c)) {
            int32_t found = add_more(v, c, n, i + 1, chosen + 1, enough);
            best = found > best ? found : best;
        }
        v->room[k] = 0;
    }
    return best;
}

/* Providers in reach that can have what they need by themselves; those that need least first. */
static int32_t list_candidates(hcb__viability *v, const hcb__viability_case *c, int32_t zone) {
    int32_t n = 0;
    for (int32_t k = 0; k < c->n_providers; k++) {
        int64_t most = 0;
        if (c->capacity[k] == 0 || c->reach[cell(c, k, zone)] == 0)
            continue;
        for (int32_t z = 0; z < c->n_zones; z++)
            most += least(c->reach[cell(c, k, z)], c->demand[z]);
        if (least(most, c->capacity[k]) < c->needs[k])
            continue;
        int32_t i = n++;
        for (; i > 0 && c->needs[v->candidates[i - 1]] > c->needs[k]; i--)
            v->candidates[i] = v->candidates[i - 1];
        v->candidates[i] = k;
    }
    return n;
}

static void note_leaving(hcb__viability_zone *out, const hcb__viability *v, const hcb__viability_case *c, int32_t k) {
    for (int32_t z = 0; z < c->n_zones; z++) {
        if (!v->zone_seen[z])
            continue;
        out[z].exposed++;
        if (v->without.undone > out[z].worst_short) {
            out[z].worst_short = v->without.undone;
            out[z].worst = k;
        }
    }
}

void hcb__viability_run(hcb__viability_zone *out, hcb__viability *v, const hcb__viability_case *c, int32_t enough) {
    enough = enough < 1 ? 1 : enough > MOST_ENOUGH ? MOST_ENOUGH : enough;
    fill_all(v, c);
    for (int32_t z = 0; z < c->n_zones; z++) {
        out[z] = (hcb__viability_zone){.worst = -1, .short_now = v->zone_seen[z]};
        for (int32_t k = 0; k < c->n_providers; k++)
            out[z].in_reach += c->capacity[k] > 0 && c->reach[cell(c, k, z)] > 0;
    }
    for (int32_t k = 0; k < c->n_providers; k++)
        if (c->capacity[k] > 0) {
            leave(v, c, k);
            note_leaving(out, v, c, k);
        }
    for (int32_t z = 0; z < c->n_zones; z++) {
        memset(v->room, 0, (size_t)c->n_providers * sizeof *v->room);
        out[z].viable = list_candidates(v, c, z);
        out[z].together = add_more(v, c, out[z].viable, 0, 0, enough);
    }
}

void hcb__viability_cut_of(hcb__viability_cut *out, hcb__viability *v, const hcb__viability_case *c, int32_t without) {
    *out = (hcb__viability_cut){.zones = v->cut_zones, .full = v->cut_full};
    fill_all(v, c);
    if (without >= 0)
        leave(v, c, without);
    out->undone = without >= 0 ? v->without.undone : v->all.undone;
    for (int32_t z = 0; z < c->n_zones; z++)
        if (v->zone_seen[z]) {
            v->cut_zones[out->n_zones++] = z;
            out->demand += c->demand[z];
        }
    for (int32_t k = 0; k < c->n_providers; k++) {
        int64_t there = 0;
        for (int32_t i = 0; i < out->n_zones; i++)
            there += c->reach[cell(c, k, v->cut_zones[i])];
        out->room += least(there, v->room[k]);
        if (v->room[k] > 0 && there >= v->room[k])
            v->cut_full[out->n_full++] = k;
    }
}
