/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of docs/formats.md: what each choice weighs in them, their limits, and whether a plan holds them.
 *
 * Tables from things to rows, HCB__VF_NONE where there is none: hours_row and new_row by provider, block_rows by
 * provider and block, zone_row by coverage, share_rows by share and coverage (largest) or share and zone (smallest). */
#include "allocation/verify_run.h"

#include <string.h>

/* Every row, in the order of docs/formats.md; what weighs nothing in a run is not `used`. */
static int32_t add_row(hcb__vf_run *run, int32_t kind, int32_t provider, int64_t limit, const char *a, const char *b,
                       const char *c, const char *d) {
    hcb__vf *vf = run->vf;
    const char *parts[] = {a, b, c, d};
    size_t len = 0;
    for (int i = 0; i < 4; i++)
        len += parts[i] ? 3 * strlen(parts[i]) + 1 : 0; /* what has a mark of its own takes three */
    char *name = hcb__vf_new(vf, len + 1, 1);
    if (!name)
        return HCB__VF_NONE;
    char *end = name;
    for (int i = 0; i < 4; i++)
        if (parts[i]) {
            if (end > name)
                *end++ = '/';
            for (const char *from = parts[i]; *from; from++) {
                bool marked = *from == '/' || *from == '%';
                memcpy(end, marked ? (*from == '/' ? "%2F" : "%25") : from, marked ? 3 : 1);
                end += marked ? 3 : 1;
            }
        }
    hcb__vf_row row = {.name = name, .kind = kind, .provider = provider, .limit = limit};
    int32_t at = (int32_t)run->rows.count;
    vf->nomem |= !HCB__PUSH(&vf->ctx->mem, &run->rows, row) || !hcb__idmap_put(&run->row_names, name, at);
    return at;
}

static int32_t *table(hcb__vf *vf, size_t n) {
    int32_t *t = hcb__vf_new(vf, n, sizeof *t);
    for (size_t i = 0; t && i < n; i++)
        t[i] = HCB__VF_NONE;
    return t;
}

static void number_text(size_t n, char out[24]) {
    char back[24];
    int len = 0;
    do
        back[len++] = (char)('0' + n % 10);
    while (n /= 10);
    for (int i = 0; i < len; i++)
        out[i] = back[len - 1 - i];
    out[len] = '\0';
}

static void add_share_rows(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    size_t n_cover = vf->coverage.count, stride = n_cover + vf->zones.count;
    for (int largest = 1; largest >= 0; largest--)
        for (size_t n = 0; n < vf->policy.shares.count; n++) {
            const hcb__vf_share *share = &vf->policy.shares.at[n];
            char number[24];
            number_text(n, number);
            if (share->largest != (bool)largest)
                continue;
            for (size_t z = 0; z < vf->zones.count; z++) {
                const char *zone = vf->zones.at[z].id;
                if (share->zone >= 0 && share->zone != (int32_t)z)
                    continue;
                if (!largest) {
                    if (share->tier != HCB__VF_TIER_PRIME || vf->zones.at[z].prime)
                        run->share_rows[n * stride + n_cover + z] =
                            add_row(run, HCB__VF_ROW_SHARE_MIN, HCB__VF_NONE, 0, "share_min", number, zone, NULL);
                    continue;
                }
                for (size_t c = 0; c < n_cover; c++)
                    if (vf->coverage.at[c].zone == (int32_t)z)
                        run->share_rows[n * stride + c] =
                            add_row(run, HCB__VF_ROW_SHARE_MAX, HCB__VF_NONE, 0, "share_max", number, zone,
                                    vf->providers.at[vf->coverage.at[c].provider].id);
            }
        }
}

static int64_t count_movable(const hcb__vf_run *run) {
    int64_t n = 0;
    for (size_t i = 0; i < run->items.count; i++)
        n += run->items.at[i].movable;
    return n;
}

static void add_rows(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    int64_t unit = vf->travel.with_travel ? 60 : 1;
    for (size_t k = 0; k < vf->providers.count; k++)
        run->hours_row[k] = add_row(run, HCB__VF_ROW_HOURS, (int32_t)k, unit * vf->providers.at[k].capacity, "hours",
                                    vf->providers.at[k].id, NULL, NULL);
    for (size_t c = 0; c < vf->coverage.count; c++) {
        const hcb__vf_coverage *cover = &vf->coverage.at[c];
        if (cover->capacity >= 0)
            run->zone_row[c] = add_row(run, HCB__VF_ROW_ZONE, cover->provider, unit * cover->capacity, "zone",
                                       vf->providers.at[cover->provider].id, vf->zones.at[cover->zone].id, NULL);
    }
    for (size_t k = 0; k < vf->providers.count; k++)
        for (int b = 0; b < HCB__VF_BLOCKS; b++)
            if (vf->providers.at[k].block[b] >= 0)
                run->block_rows[k * HCB__VF_BLOCKS + (size_t)b] =
                    add_row(run, HCB__VF_ROW_BLOCK, (int32_t)k, unit * vf->providers.at[k].block[b], "block",
                            vf->providers.at[k].id, hcb__vf_blocks[b], NULL);
    for (size_t k = 0; k < vf->providers.count; k++)
        if (vf->providers.at[k].max_new >= 0)
            run->new_row[k] = add_row(run, HCB__VF_ROW_NEW, (int32_t)k, vf->providers.at[k].max_new, "new",
                                      vf->providers.at[k].id, NULL, NULL);
    add_share_rows(run);
    int64_t moves = run->replan >= 0 ? run->replan : vf->policy.moves_limit;
    /* Those that do not stay are all that move less those that stay. */
    if (run->replan != HCB__VF_REPLAN_FIXED && moves >= 0)
        run->moves_row =
            add_row(run, HCB__VF_ROW_MOVES, HCB__VF_NONE, moves - count_movable(run), "moves", NULL, NULL, NULL);
}

typedef HCB__VEC(hcb__vf_use) use_list;

static bool use(hcb__vf_run *run, use_list *to, int32_t row, int64_t weight) {
    hcb__vf_use u = {row, weight};
    return row < 0 || weight == 0 || HCB__PUSH(&run->vf->ctx->mem, to, u);
}

/* What the package weighs at the provider, row by row. `arrives` and `stays` say how it comes to be there. */
static bool weigh(hcb__vf_run *run, use_list *to, const hcb__vf_package *p, const hcb__vf_service *s, bool arrives,
                  bool stays) {
    const hcb__vf *vf = run->vf;
    size_t k = (size_t)s->provider;
    int32_t cover = vf->providers.at[k].covers[p->zone];
    bool with_travel = vf->travel.with_travel, ok = true;
    int64_t load = with_travel ? 60 * p->carer_minutes + s->travel : p->carer_minutes;
    ok &= use(run, to, run->hours_row[k], load);
    if (cover >= 0)
        ok &= use(run, to, run->zone_row[cover], load);
    for (int b = 0; b < HCB__VF_BLOCKS; b++)
        ok &= use(run, to, run->block_rows[k * HCB__VF_BLOCKS + (size_t)b],
                  with_travel ? 60 * p->block_minutes[b] + p->block_visits[b] * s->seconds : p->block_minutes[b]);
    if (arrives)
        ok &= use(run, to, run->new_row[k], 1);
    size_t n_cover = vf->coverage.count, stride = n_cover + vf->zones.count;
    for (size_t n = 0; n < vf->policy.shares.count; n++) {
        const hcb__vf_share *share = &vf->policy.shares.at[n];
        const int32_t *rows = run->share_rows + n * stride;
        if (!share->largest) {
            int64_t promised = s->tier == share->tier ? 10000 : 0;
            ok &= use(run, to, rows[n_cover + (size_t)p->zone], (share->bp - promised) * p->carer_minutes);
            continue;
        }
        for (size_t c = 0; c < n_cover; c++)
            if (rows[c] >= 0 && vf->coverage.at[c].zone == p->zone)
                ok &= use(run, to, rows[c],
                          ((vf->coverage.at[c].provider == s->provider ? 10000 : 0) - share->bp) * p->carer_minutes);
    }
    if (stays)
        ok &= use(run, to, run->moves_row, -1);
    return ok;
}

/* Fixed loads, and limits relaxed to what today's placements need. */
static bool settle_limits(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    size_t n = run->rows.count;
    int64_t *today = hcb__vf_new(vf, n, sizeof *today), *without = hcb__vf_new(vf, n, sizeof *without);
    use_list uses = {0};
    bool ok = today && without, movable = run->replan != HCB__VF_REPLAN_FIXED;
    for (size_t i = 0; ok && i < vf->placements.count; i++) {
        const hcb__vf_package *p = &vf->placements.at[i];
        bool lost = movable && hcb__vf_refuses(run, p, &run->today[i]).code;
        uses.count = 0;
        ok = weigh(run, &uses, p, &run->today[i], false, movable);
        for (size_t u = 0; ok && u < uses.count; u++) {
            today[uses.at[u].row] += uses.at[u].weight;
            if (!lost)
                without[uses.at[u].row] += uses.at[u].weight;
            if (!movable)
                run->rows.at[uses.at[u].row].fixed += uses.at[u].weight;
        }
    }
    for (size_t r = 0; ok && r < n; r++) {
        hcb__vf_row *row = &run->rows.at[r];
        int64_t needed = today[r] > without[r] ? today[r] : without[r];
        row->limit = (needed > row->limit ? needed : row->limit) - row->fixed;
    }
    HCB__VEC_FREE(&vf->ctx->mem, &uses);
    return ok;
}

bool hcb__vf_rows_make(hcb__vf_run *run) {
    hcb__vf *vf = run->vf;
    size_t n_providers = vf->providers.count, n_cover = vf->coverage.count;
    run->moves_row = HCB__VF_NONE;
    run->hours_row = table(vf, n_providers);
    run->new_row = table(vf, n_providers);
    run->block_rows = table(vf, n_providers * HCB__VF_BLOCKS);
    run->zone_row = table(vf, n_cover);
    run->share_rows = table(vf, vf->policy.shares.count * (n_cover + vf->zones.count));
    if (vf->nomem)
        return false;
    add_rows(run);
    if (vf->nomem || !settle_limits(run))
        return false;
    use_list uses = {0};
    bool ok = true;
    for (size_t c = 0; ok && c < run->choices.count; c++) {
        hcb__vf_choice *choice = &run->choices.at[c];
        const hcb__vf_item *item = &run->items.at[choice->item];
        bool stays = item->movable && choice->service.provider == item->package->provider;
        choice->use_start = uses.count;
        ok = weigh(run, &uses, item->package, &choice->service, !stays, stays);
        choice->use_end = uses.count;
    }
    run->uses.at = uses.at;
    run->uses.count = uses.count;
    run->uses.cap = uses.cap;
    for (size_t u = 0; u < uses.count; u++)
        run->rows.at[uses.at[u].row].used = true;
    return ok;
}

void hcb__vf_rows_evaluate(hcb__vf_run *run) {
    for (size_t r = 0; r < run->rows.count; r++)
        run->rows.at[r].value = 0;
    for (size_t i = 0; i < run->items.count; i++)
        if (run->items.at[i].chosen >= 0) {
            const hcb__vf_choice *choice = &run->choices.at[run->items.at[i].chosen];
            for (size_t u = choice->use_start; u < choice->use_end; u++)
                run->rows.at[run->uses.at[u].row].value += run->uses.at[u].weight;
        }
}

static void shift(hcb__vf_run *run, const hcb__vf_choice *choice, int64_t sign) {
    for (size_t u = choice->use_start; u < choice->use_end; u++)
        run->rows.at[run->uses.at[u].row].value += sign * run->uses.at[u].weight;
}

bool hcb__vf_step_holds(hcb__vf_run *run, const hcb__vf_item *item, const hcb__vf_choice *to) {
    const hcb__vf_choice *from = item->chosen >= 0 ? &run->choices.at[item->chosen] : NULL;
    bool holds = true;
    if (from)
        shift(run, from, -1);
    shift(run, to, 1);
    /* Only rows that one of the two uses have changed, and all others held before or are reported by themselves. */
    for (size_t u = to->use_start; u < to->use_end && holds; u++)
        holds = run->rows.at[run->uses.at[u].row].value <= run->rows.at[run->uses.at[u].row].limit;
    for (size_t u = from ? from->use_start : 0; from && u < from->use_end && holds; u++)
        holds = run->rows.at[run->uses.at[u].row].value <= run->rows.at[run->uses.at[u].row].limit;
    shift(run, to, -1);
    if (from)
        shift(run, from, 1);
    return holds;
}
