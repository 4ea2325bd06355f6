/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the desk as tables that the reader of workspaces reads: one reader, one set of rules for both. */
#include <stdio.h>
#include <string.h>

#include "desk/cells.h"
#include "desk/desk.h"
#include "io/csv_table.h"

/* One package as the state has it. Borrowed from the row. */
typedef struct row {
    const char *id, *status, *provider, *excluded, *offered;
    const char *given[HCB__CELLS_OF_STATE], *cells, *visits;
    int64_t since, moves;
} row;

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

/* Which file the package belongs to in this view; HCB__OVERRIDES: none. */
static int file_of(const row *r, const hcb__state_options *o, const char **provider) {
    *provider = r->provider;
    if (is(r->status, "ended") || (is(r->status, "suspended") && !r->provider))
        return HCB__OVERRIDES;
    if (o->subject && is(r->id, o->subject))
        return HCB__OVERRIDE_PACKAGES;
    if (r->provider)
        return HCB__OVERRIDE_PLACEMENTS;
    if (!is(r->status, "offered") || o->release_offers)
        return HCB__OVERRIDE_PACKAGES;
    if (o->ignore_offers)
        return HCB__OVERRIDES;
    *provider = r->offered;
    return HCB__OVERRIDE_PLACEMENTS;
}

static void put_heads(hcb__state_tables *t) {
    static const char *const first[HCB__OVERRIDES] = {[HCB__OVERRIDE_PACKAGES] = "package_id,current_provider",
                                                      [HCB__OVERRIDE_PLACEMENTS] = "package_id,provider_id",
                                                      [HCB__OVERRIDE_VISITS] = "package_id"};
    for (int f = HCB__OVERRIDE_PACKAGES; f < HCB__OVERRIDES; f++) {
        t->given[f] = true;
        hcb__text_puts(&t->text[f], first[f]);
        bool visits = f == HCB__OVERRIDE_VISITS;
        size_t n = visits ? HCB__VISIT_COLUMNS : hcb__n_package_columns;
        for (size_t c = visits ? 0 : HCB__CELL_CURRENT + 1; c < n; c++)
            hcb__text_printf(&t->text[f], ",%s", visits ? hcb__visit_columns[c] : hcb__package_columns[c]);
        hcb__text_putc(&t->text[f], '\n');
    }
}

static void put_excluded(hcb__text *out, const char *given, const char *added) {
    if (!*given || !*added) {
        hcb__csv_put(out, *given ? given : added, false);
        return;
    }
    hcb__text both;
    hcb__text_init(&both, out->mem);
    hcb__text_printf(&both, "%s;%s", given, added);
    hcb__csv_put(out, both.failed ? "" : both.at, false);
    out->failed |= both.failed;
    hcb__text_free(&both);
}

static bool pinned(const row *r, const hcb__state_options *o) {
    if (!o->pin)
        return false;
    return !is(r->status, "placed") || (o->moves >= 0 && r->moves >= o->moves);
}

/* Who waits counts as received when the wait began, and is not for whom it was excluded from since; who is served has
 * a provider, which may be pinned. */
static void put_package(hcb__state_tables *t, const row *r, const hcb__state_options *o) {
    const char *provider;
    int file = file_of(r, o, &provider);
    if (file == HCB__OVERRIDES)
        return;
    bool waits = file == HCB__OVERRIDE_PACKAGES;
    hcb__text *out = &t->text[file];
    hcb__csv_put(out, r->id, false);
    hcb__csv_put(out, waits ? r->given[HCB__CELL_CURRENT] : provider, false);
    put_excluded(out, r->given[HCB__CELL_EXCLUDED], waits ? r->excluded : "");
    hcb__csv_put(out, !waits && pinned(r, o) ? provider : r->given[HCB__CELL_PINNED], false);
    if (waits)
        hcb__text_date(out, (int32_t)(r->since / HCB__DAY_S));
    else
        hcb__text_puts(out, r->given[HCB__CELL_RECEIVED]);
    hcb__text_putc(out, ',');
    hcb__text_puts(out, r->cells);
    hcb__text_puts(&t->text[HCB__OVERRIDE_VISITS], r->visits);
}

static hcb_status put_rows(hcb__state_tables *t, hcb_desk *desk, const hcb__state_options *o) {
    hcb__store *s = &desk->store;
    sqlite3_stmt *stmt = hcb__store_bind(
        s,
        "SELECT id, status, provider, excluded, since, current, given_excluded, pinned, received, cells, visits, "
        "iif(status = 'offered', (SELECT provider FROM offer WHERE package = package.id AND status IN ('open', 'bid') "
        "ORDER BY rank, id LIMIT 1), NULL), iif(?2, (SELECT COUNT(*) FROM move WHERE package = package.id AND at > "
        "?1), 0) FROM package WHERE status <> 'ended' ORDER BY id",
        "ii", o->at - o->days * HCB__DAY_S, (int64_t)o->pin);
    while (hcb__store_next(s, stmt)) {
        row r = {.id = hcb__column(stmt, 0),
                 .status = hcb__column(stmt, 1),
                 .provider = sqlite3_column_type(stmt, 2) != SQLITE_NULL ? hcb__column(stmt, 2) : NULL,
                 .excluded = hcb__column(stmt, 3),
                 .since = sqlite3_column_int64(stmt, 4),
                 .cells = hcb__column(stmt, 9),
                 .visits = hcb__column(stmt, 10),
                 .offered = hcb__column(stmt, 11),
                 .moves = sqlite3_column_int64(stmt, 12)};
        for (int c = 0; c < HCB__CELLS_OF_STATE; c++)
            r.given[c] = hcb__column(stmt, 5 + c);
        put_package(t, &r, o);
    }
    hcb__store_end(stmt);
    return s->failed;
}

/* What a provider may still take on this week, where it takes only so many a week. */
static void less_arrivals(hcb_desk *desk, hcb__csv_table *table, size_t line, size_t column, const char *provider,
                          const hcb__state_options *o) {
    int64_t most;
    const char *cell = hcb__csv_table_get(table, line, column);
    if (!hcb__parse_int(cell, strlen(cell), &most))
        return;
    int64_t arrived = hcb__store_int(
        &desk->store, 0,
        "SELECT (SELECT COUNT(*) FROM package WHERE provider = ?1 AND placed_at > ?2 AND id IS NOT ?3) + (SELECT "
        "COUNT(DISTINCT package) FROM offer WHERE provider = ?1 AND status IN ('open', 'bid') AND ?4 = 1)",
        "sisi", provider, o->at - 7 * (int64_t)HCB__DAY_S, o->subject,
        o->release_offers || o->ignore_offers || o->subject ? INT64_C(0) : INT64_C(1));
    char left[32];
    snprintf(left, sizeof left, "%lld", (long long)(most > arrived ? most - arrived : 0));
    hcb__csv_table_set(table, line, column, left);
}

/* What a provider has stated; false: nothing. Minutes -1: no limit. */
static bool stated_minutes(int64_t *minutes, hcb_desk *desk, const char *provider, const char *zone, const char *part) {
    *minutes =
        hcb__store_int(&desk->store, -2, "SELECT minutes FROM capacity WHERE provider = ?1 AND zone = ?2 AND part = ?3",
                       "sss", provider, zone, part);
    return *minutes >= -1;
}

static void set_hours(hcb__csv_table *table, size_t line, size_t column, int64_t minutes) {
    char hours[32] = "";
    if (minutes >= 0)
        snprintf(hours, sizeof hours, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
    hcb__csv_table_set(table, line, column, hours);
}

const char *const hcb__parts_of_day[HCB__BLOCKS] = {"morning", "lunch", "tea", "bed"};

/* Columns for the parts of the day are there where somebody has stated one. */
static void stated_hours(hcb_desk *desk, hcb__csv_table *table, const hcb__workspace_file *file, size_t id) {
    size_t in_all = hcb__csv_table_need(table, "capacity_hours", file->renames, file->n_renames);
    int64_t minutes;
    for (size_t line = 0; line < table->rows.count; line++)
        if (stated_minutes(&minutes, desk, hcb__csv_table_get(table, line, id), "", ""))
            set_hours(table, line, in_all, minutes);
    for (int b = 0; b < HCB__BLOCKS; b++) {
        char name[32];
        snprintf(name, sizeof name, "capacity_%s", hcb__parts_of_day[b]);
        if (!hcb__store_int(&desk->store, 0, "SELECT COUNT(*) FROM capacity WHERE part = ?1", "s",
                            hcb__parts_of_day[b]))
            continue;
        size_t column = hcb__csv_table_need(table, name, file->renames, file->n_renames);
        for (size_t line = 0; line < table->rows.count; line++)
            if (stated_minutes(&minutes, desk, hcb__csv_table_get(table, line, id), "", hcb__parts_of_day[b]))
                set_hours(table, line, column, minutes);
    }
}

/* providers.csv with what providers have stated since, and what they may still take this week. */
static hcb_status put_providers(hcb__state_tables *t, hcb_desk *desk, hcb_context *ctx, const hcb__state_options *o) {
    const hcb__workspace_file *file = &desk->ws->files[HCB__FILE_PROVIDERS];
    hcb__csv_table *table = NULL;
    hcb_status status = hcb__csv_table_read(&table, ctx, file->path, file->name);
    if (status != HCB_OK)
        return status;
    size_t id = hcb__csv_table_need(table, "provider_id", file->renames, file->n_renames);
    size_t most = hcb__csv_table_column(table, "max_new_packages", file->renames, file->n_renames);
    stated_hours(desk, table, file, id);
    for (size_t line = 0; line < table->rows.count && most != HCB__NO_COLUMN; line++)
        less_arrivals(desk, table, line, most, hcb__csv_table_get(table, line, id), o);
    hcb__csv_table_write(table, &t->text[HCB__OVERRIDE_PROVIDERS]);
    t->given[HCB__OVERRIDE_PROVIDERS] = true;
    status = table->failed ? hcb__nomem(ctx) : desk->store.failed;
    hcb__csv_table_free(table);
    return status;
}

/* coverage.csv with what providers have stated for their zones; the workspace's own where nobody has. */
static hcb_status put_coverage(hcb__state_tables *t, hcb_desk *desk, hcb_context *ctx) {
    const hcb__workspace_file *file = &desk->ws->files[HCB__FILE_COVERAGE];
    if (!hcb__store_int(&desk->store, 0, "SELECT COUNT(*) FROM capacity WHERE zone <> ''", ""))
        return desk->store.failed;
    hcb__csv_table *table = NULL;
    hcb_status status = hcb__csv_table_read(&table, ctx, file->path, file->name);
    if (status != HCB_OK)
        return status;
    size_t id = hcb__csv_table_need(table, "provider_id", file->renames, file->n_renames);
    size_t zone = hcb__csv_table_need(table, "zone_id", file->renames, file->n_renames);
    size_t hours = hcb__csv_table_need(table, "capacity_hours", file->renames, file->n_renames);
    int64_t minutes;
    for (size_t line = 0; line < table->rows.count; line++)
        if (stated_minutes(&minutes, desk, hcb__csv_table_get(table, line, id), hcb__csv_table_get(table, line, zone),
                           ""))
            set_hours(table, line, hours, minutes);
    hcb__csv_table_write(table, &t->text[HCB__OVERRIDE_COVERAGE]);
    t->given[HCB__OVERRIDE_COVERAGE] = true;
    status = table->failed ? hcb__nomem(ctx) : desk->store.failed;
    hcb__csv_table_free(table);
    return status;
}

hcb_status hcb__state_write(hcb__state_tables *out, hcb_desk *desk, hcb_context *ctx, const hcb__state_options *o) {
    for (int f = 0; f < HCB__OVERRIDES; f++) {
        hcb__text_init(&out->text[f], &ctx->mem);
        out->given[f] = false;
    }
    put_heads(out);
    hcb_status status = put_rows(out, desk, o);
    if (status == HCB_OK)
        status = put_providers(out, desk, ctx, o);
    if (status == HCB_OK)
        status = put_coverage(out, desk, ctx);
    for (int f = 0; f < HCB__OVERRIDES && status == HCB_OK; f++)
        if (out->text[f].failed)
            status = hcb__nomem(ctx);
    return status;
}

void hcb__state_release(hcb__state_tables *tables) {
    for (int f = 0; f < HCB__OVERRIDES; f++)
        hcb__text_free(&tables->text[f]);
}

hcb_status hcb__desk_model(hcb__model **out, hcb_desk *desk, hcb_context *ctx, const hcb__model_override *override,
                           bool strict) {
    const hcb__model_options options = {.policy = desk->policy, .strict = strict, .zones = desk->zones};
    hcb_status status = hcb__model_load_over(out, ctx, desk->folder, &options, override);
    if (status == HCB_OK && !desk->zones)
        desk->zones = hcb__zone_set_retain((*out)->zones);
    return status;
}

hcb_status hcb__state_model(hcb__model **out, hcb_desk *desk, hcb_context *ctx, const hcb__state_options *o) {
    static const char *const names[HCB__OVERRIDES] = {"providers of the desk", "coverage of the desk",
                                                      "packages of the desk", "placements of the desk",
                                                      "visits of the desk"};
    hcb__state_tables tables;
    hcb__model_override override = {.as_of = (int32_t)(o->at / HCB__DAY_S)};
    hcb_status status = hcb__state_write(&tables, desk, ctx, o);
    for (int f = 0; f < HCB__OVERRIDES && status == HCB_OK; f++)
        if (tables.given[f]) {
            override.shown[f] = names[f];
            override.text[f] = (hcb__csv_bytes){tables.text[f].at, tables.text[f].count};
            override.renamed[f] = f == HCB__OVERRIDE_PROVIDERS || f == HCB__OVERRIDE_COVERAGE;
        }
    if (status == HCB_OK)
        status = hcb__desk_model(out, desk, ctx, &override, false);
    hcb__state_release(&tables);
    return status;
}
