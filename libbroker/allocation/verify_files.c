/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan's tables: who is placed with whom, who waits, and every column of both. */
#include <string.h>

#include "allocation/verify_run.h"
#include "base/arith.h"
#include "io/file.h"

static const char allocations[] = "allocations.csv", waiting[] = "waiting.csv";

enum {
    A_PACKAGE,
    A_PROVIDER,
    A_TIER,
    A_ZONE,
    A_BAND,
    A_MINUTES,
    A_PRICE,
    A_COST,
    A_TRAVEL,
    A_QUALITY,
    A_RANK,
    A_PREVIOUS,
    A_N
};
static const hcb__csv_column allocation_columns[A_N] = {{"package_id", true},
                                                        {"provider_id", true},
                                                        {"tier", true},
                                                        {"zone_id", true},
                                                        {"band", true},
                                                        {"carer_minutes", true},
                                                        {"price_pence_per_hour", true},
                                                        {"weekly_cost_pence", true},
                                                        {"travel_minutes", true},
                                                        {"quality", true},
                                                        {"rank", true},
                                                        {"previous_provider", true}};

enum { W_PACKAGE, W_ZONE, W_BAND, W_MINUTES, W_PRIORITY, W_DAYS, W_REASON, W_DETAIL, W_N };
static const hcb__csv_column waiting_columns[W_N] = {
    {"package_id", true}, {"zone_id", true},      {"band", true},   {"carer_minutes", true},
    {"priority", true},   {"days_waiting", true}, {"reason", true}, {"detail", true}};

/* One of the two files while it is read. Cells are kept, because most can only be judged once the plan is known. */
typedef struct table {
    hcb__vf_run *run;
    hcb_verify_report *report;
    const char *file;
    const hcb__csv_column *columns;
    size_t n;
    const char **cells; /* [items x n] of the item's row; NULL: empty or not there */
    const char *previous_id;
} table;

static const char *cell_of(const table *t, int32_t item, size_t column) {
    const char *text = t->cells[(size_t)item * t->n + column];
    return text ? text : "";
}

static bool read_row(table *t, hcb__csv *csv) {
    hcb__vf_run *run = t->run;
    size_t len;
    const char *id = hcb__csv_text(csv, 0, &len);
    int32_t item = id ? hcb__idmap_get(&run->item_ids, id, len) : HCB__VF_NONE;
    if (item < 0) {
        hcb__vf_find(t->report, t->file, id ? id : "", "package_id", id ? id : "", "a package of the run",
                     "\"%s\" is not a package of this run", id ? id : "");
        return true;
    }
    hcb__vf_item *it = &run->items.at[item];
    if (it->placed || it->waits) {
        hcb__vf_find(t->report, t->file, id, "package_id", id, "each package once", "package \"%s\" appears again", id);
        return true;
    }
    if (t->previous_id && hcb__compare_ids(t->previous_id, id) > 0)
        hcb__vf_find(t->report, t->file, id, "package_id", id, "rows in the order of ids",
                     "package \"%s\" stands behind \"%s\"", id, t->previous_id);
    t->previous_id = it->package->id;
    *(t->columns == allocation_columns ? &it->placed : &it->waits) = true;
    for (size_t c = 0; c < t->n; c++) {
        const char *text = hcb__csv_text(csv, c, &len);
        if (text && !(t->cells[(size_t)item * t->n + c] = hcb__vf_keep(run->vf, text, len)))
            return false;
    }
    return true;
}

static bool read_table(table *t, const char *folder) {
    hcb__vf *vf = t->run->vf;
    size_t before = vf->ctx->diags.count;
    char *path = hcb__path_join(&vf->arena, folder, t->file);
    hcb__csv *csv;
    t->cells = hcb__vf_new(vf, t->run->items.count * t->n, sizeof *t->cells);
    if (!path || !t->cells)
        return false;
    hcb_status status = hcb__csv_open(&csv, vf->ctx, path, t->file, t->columns, t->n, NULL, 0);
    if (status != HCB_OK) {
        hcb__vf_take_diagnostics(t->report, vf->ctx, t->file, before, status);
        return status != HCB_ENOMEM;
    }
    bool ok = true;
    while (ok && hcb__csv_next(csv))
        ok = read_row(t, csv);
    hcb__csv_close(csv);
    hcb__vf_take_diagnostics(t->report, vf->ctx, t->file, before, HCB_OK);
    return ok;
}

static void compare(const table *t, int32_t item, size_t column, const char *expected) {
    const char *found = cell_of(t, item, column), *id = t->run->items.at[item].package->id;
    if (strcmp(found, expected) != 0)
        hcb__vf_find(t->report, t->file, id, t->columns[column].name, found, expected,
                     "%s of \"%s\" is \"%s\"; must be \"%s\"", t->columns[column].name, id, found, expected);
}

static void compare_int(const table *t, int32_t item, size_t column, int64_t expected) {
    hcb__text text;
    hcb__text_init(&text, &t->run->vf->ctx->mem);
    hcb__text_int(&text, expected);
    if (text.failed)
        t->run->vf->nomem = true;
    else
        compare(t, item, column, text.at);
    hcb__text_free(&text);
}

/* The choice the row names; a provider that is not known or not allowed is a finding. */
static void choose(table *t, int32_t item) {
    hcb__vf_run *run = t->run;
    hcb__vf *vf = run->vf;
    hcb__vf_item *it = &run->items.at[item];
    const char *name = cell_of(t, item, A_PROVIDER);
    it->says = hcb__idmap_get(&vf->provider_ids, name, strlen(name));
    if (it->says < 0) {
        hcb__vf_find(t->report, t->file, it->package->id, "provider_id", name, "a provider",
                     "\"%s\" is placed with \"%s\", which is no provider", it->package->id, name);
        return;
    }
    for (size_t c = it->choice_start; c < it->choice_end && it->chosen < 0; c++)
        if (run->choices.at[c].service.provider == it->says)
            it->chosen = (int64_t)c;
    if (it->chosen >= 0)
        return;
    hcb__vf_service service = hcb__vf_serve(run, it->package, it->says);
    hcb__vf_refusal why = hcb__vf_refuses(run, it->package, &service);
    hcb__vf_find(t->report, t->file, it->package->id, "provider_id", name, "a provider that passes every rule",
                 "\"%s\" may not be placed with \"%s\": %s%s", it->package->id, name, why.code ? why.code : "",
                 why.detail ? why.detail : "");
}

static void check_placed(table *t, int32_t item) {
    hcb__vf_run *run = t->run;
    const hcb__vf *vf = run->vf;
    const hcb__vf_item *it = &run->items.at[item];
    const hcb__vf_package *p = it->package;
    if (it->chosen < 0)
        return;
    const hcb__vf_choice *choice = &run->choices.at[it->chosen];
    const hcb__vf_service *s = &choice->service;
    compare(t, item, A_TIER, hcb__vf_tiers[s->tier]);
    compare(t, item, A_ZONE, vf->zones.at[p->zone].id);
    compare(t, item, A_BAND, hcb__vf_bands[p->band]);
    compare_int(t, item, A_MINUTES, p->carer_minutes);
    compare_int(t, item, A_PRICE, s->price);
    compare_int(t, item, A_COST, s->cost);
    compare_int(t, item, A_TRAVEL, hcb__round_div(s->travel, 60));
    compare_int(t, item, A_QUALITY, s->quality);
    compare_int(t, item, A_RANK, hcb__vf_rank_of(run, choice));
    compare(t, item, A_PREVIOUS, p->provider >= 0 ? vf->providers.at[p->provider].id : "");
}

/* "zone_not_covered 80; capability_missing:hoist 6": the rules' first failures, counted. */
static bool rule_detail(const hcb__vf_run *run, const hcb__vf_package *p, hcb__text *out) {
    typedef struct reason {
        int32_t order; /* of the rule */
        int64_t count;
        hcb__vf_refusal why;
    } reason;
    static const char *const codes[] = {"inactive",
                                        "zone_not_covered",
                                        "start_too_late",
                                        "rating_not_allowed",
                                        "capability_missing:",
                                        "preference_hard:gender",
                                        "preference_hard:language",
                                        "excluded",
                                        "travel_too_far",
                                        "short_visit_not_agreed",
                                        "double_handed_not_offered"};
    hcb__vf *vf = run->vf;
    HCB__VEC(reason) reasons = {0};
    bool ok = true;
    for (size_t k = 0; ok && k < vf->providers.count; k++) {
        hcb__vf_service s = hcb__vf_serve(run, p, (int32_t)k);
        reason r = {HCB__VF_NONE, 1, hcb__vf_refuses(run, p, &s)};
        if (!r.why.code)
            continue;
        for (int32_t i = 0; i < vf->policy.n_rules; i++)
            if (strcmp(codes[vf->policy.rules[i].name], r.why.code) == 0)
                r.order = i;
        /* Insert in order: by rule, then by the name of the capability. */
        size_t at = 0;
        int order = -1;
        for (; at < reasons.count; at++) {
            const reason *o = &reasons.at[at];
            order = o->order != r.order             ? (o->order < r.order ? -1 : 1)
                    : r.why.detail && o->why.detail ? strcmp(o->why.detail, r.why.detail)
                                                    : 0;
            if (order >= 0)
                break;
        }
        if (at < reasons.count && order == 0) {
            reasons.at[at].count++;
            continue;
        }
        ok = HCB__RESERVE(&vf->ctx->mem, &reasons, reasons.count + 1);
        if (ok) {
            memmove(reasons.at + at + 1, reasons.at + at, (reasons.count - at) * sizeof r);
            reasons.at[at] = r;
            reasons.count++;
        }
    }
    for (size_t i = 0; i < reasons.count; i++)
        hcb__text_printf(out, "%s%s%s %lld", i ? "; " : "", reasons.at[i].why.code,
                         reasons.at[i].why.detail ? reasons.at[i].why.detail : "", (long long)reasons.at[i].count);
    HCB__VEC_FREE(&vf->ctx->mem, &reasons);
    return ok;
}

/* By how much rows would be too full with the choice added; writes the list when `out` is given. */
static int64_t lacks(const hcb__vf_run *run, const hcb__vf_choice *choice, hcb__text *out) {
    int64_t total = 0;
    for (size_t u = choice->use_start; u < choice->use_end; u++) {
        const hcb__vf_row *row = &run->rows.at[run->uses.at[u].row];
        int64_t over = row->value + run->uses.at[u].weight - row->limit;
        if (over <= 0)
            continue;
        if (out)
            hcb__text_printf(out, "%s%s short by %lld", total ? ", " : "", row->name, (long long)over);
        total += over;
    }
    return total;
}

static void check_waiting(table *t, int32_t item) {
    hcb__vf_run *run = t->run;
    hcb__vf *vf = run->vf;
    const hcb__vf_item *it = &run->items.at[item];
    const hcb__vf_package *p = it->package;
    const char *reason = it->choice_start == it->choice_end ? "rule" : "capacity";
    const hcb__vf_choice *best = NULL;
    int64_t least = 0;
    hcb__text detail;
    hcb__text_init(&detail, &vf->ctx->mem);
    hcb__text_puts(&detail, "");
    for (size_t c = it->choice_start; c < it->choice_end; c++) {
        int64_t lack = lacks(run, &run->choices.at[c], NULL);
        if (!best || lack < least) {
            least = lack;
            best = &run->choices.at[c];
        }
    }
    if (!best) {
        vf->nomem |= !rule_detail(run, p, &detail);
    } else if (!least) {
        reason = "trade";
    } else {
        hcb__text_printf(&detail, "%s: ", vf->providers.at[best->service.provider].id);
        lacks(run, best, &detail);
    }
    compare(t, item, W_ZONE, vf->zones.at[p->zone].id);
    compare(t, item, W_BAND, hcb__vf_bands[p->band]);
    compare_int(t, item, W_MINUTES, p->carer_minutes);
    compare_int(t, item, W_PRIORITY, p->priority);
    if (p->received == HCB__NO_DATE)
        compare(t, item, W_DAYS, "");
    else
        compare_int(t, item, W_DAYS, (int64_t)vf->as_of - p->received);
    compare(t, item, W_REASON, reason);
    if (detail.failed)
        vf->nomem = true;
    else
        compare(t, item, W_DETAIL, detail.at ? detail.at : "");
    hcb__text_free(&detail);
}

bool hcb__vf_check_csv(hcb__vf_run *run, hcb_verify_report *report, const char *folder) {
    table placed = {.run = run, .report = report, .file = allocations, .columns = allocation_columns, .n = A_N};
    table waits = {.run = run, .report = report, .file = waiting, .columns = waiting_columns, .n = W_N};
    if (!read_table(&placed, folder) || !read_table(&waits, folder))
        return false;
    int64_t n_placed = 0, n_waiting = 0;
    for (size_t i = 0; i < run->items.count; i++) {
        const hcb__vf_item *it = &run->items.at[i];
        const char *id = it->package->id;
        if (it->placed)
            choose(&placed, (int32_t)i);
        else if (!it->waits)
            hcb__vf_find(report, waiting, id, "package_id", "", id, "\"%s\" is neither placed nor waiting", id);
        n_placed += it->placed;
        n_waiting += it->waits;
    }
    hcb__vf_rows_evaluate(run);
    for (size_t i = 0; i < run->items.count; i++)
        if (run->items.at[i].placed)
            check_placed(&placed, (int32_t)i);
        else if (run->items.at[i].waits)
            check_waiting(&waits, (int32_t)i);
    hcb__vf_checked(report, "packages placed: provider allowed, every column computed again", n_placed);
    hcb__vf_checked(report, "packages waiting: reason and every column computed again", n_waiting);
    return !run->vf->nomem;
}
