/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the desk as tables that the reader of workspaces reads: one reader, one set of rules for both. */
#include <stdio.h>
#include <string.h>

#include "desk/desk.h"
#include "io/csv_table.h"

const char *const hcb__package_columns[] = {"postcode",
                                            "lat",
                                            "lon",
                                            "easting",
                                            "northing",
                                            "weekly_hours",
                                            "visits_per_week",
                                            "carers",
                                            "short_visit_agreed",
                                            "priority",
                                            "received",
                                            "start",
                                            "end",
                                            "needs",
                                            "gender",
                                            "gender_hard",
                                            "language",
                                            "language_hard",
                                            "current_provider",
                                            "excluded_providers",
                                            "pinned_provider",
                                            "zone_id",
                                            "band"};
const size_t hcb__n_package_columns = sizeof hcb__package_columns / sizeof *hcb__package_columns;
const char *const hcb__visit_columns[] = {"days", "start", "end", "minutes", "carers", "time_critical"};

/* One package as the state has it. Borrowed from the row. */
typedef struct row {
    const char *id, *status, *provider, *excluded, *data, *offered;
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

static bool skipped(const char *column, int file) {
    return file == HCB__OVERRIDE_PLACEMENTS && is(column, "current_provider");
}

static void put_heads(hcb__state_tables *t) {
    static const char *const first[HCB__OVERRIDES] = {[HCB__OVERRIDE_PACKAGES] = "package_id",
                                                      [HCB__OVERRIDE_PLACEMENTS] = "package_id,provider_id",
                                                      [HCB__OVERRIDE_VISITS] = "package_id"};
    for (int f = HCB__OVERRIDE_PACKAGES; f < HCB__OVERRIDES; f++) {
        t->given[f] = true;
        hcb__text_puts(&t->text[f], first[f]);
        size_t n = f == HCB__OVERRIDE_VISITS ? HCB__VISIT_COLUMNS : hcb__n_package_columns;
        const char *const *names = f == HCB__OVERRIDE_VISITS ? hcb__visit_columns : hcb__package_columns;
        for (size_t c = 0; c < n; c++)
            if (!skipped(names[c], f))
                hcb__text_printf(&t->text[f], ",%s", names[c]);
        hcb__text_putc(&t->text[f], '\n');
    }
}

static void put_cell(hcb__text *out, const char *text) {
    hcb__text_putc(out, ',');
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    hcb__csv_put(&cell, text, true);
    if (cell.count)
        hcb__text_add(out, cell.at, cell.count - 1);
    out->failed |= cell.failed;
    hcb__text_free(&cell);
}

static void put_excluded(hcb__text *out, const char *given, const char *added) {
    hcb__text both;
    hcb__text_init(&both, out->mem);
    hcb__text_printf(&both, "%s%s%s", given, *given && *added ? ";" : "", added);
    put_cell(out, both.failed ? "" : both.at);
    out->failed |= both.failed;
    hcb__text_free(&both);
}

static void put_date(hcb__text *out, int64_t at) {
    hcb__text_putc(out, ',');
    hcb__text_date(out, (int32_t)(at / HCB__DAY_S));
}

static bool pinned(const row *r, const hcb__state_options *o) {
    if (!o->pin)
        return false;
    return !is(r->status, "placed") || (o->moves >= 0 && r->moves >= o->moves);
}

/* False: it takes no part, and its visits neither. */
static bool put_package(hcb__state_tables *t, const row *r, const hcb__state_options *o, hcb__json *columns) {
    const char *provider;
    int file = file_of(r, o, &provider);
    if (file == HCB__OVERRIDES)
        return false;
    hcb__text *out = &t->text[file];
    hcb__text_puts(out, r->id);
    if (file == HCB__OVERRIDE_PLACEMENTS)
        put_cell(out, provider);
    for (size_t c = 0; c < hcb__n_package_columns; c++) {
        const char *name = hcb__package_columns[c], *cell = hcb__json_string(hcb__json_get(columns, name), NULL);
        if (skipped(name, file))
            continue;
        if (is(name, "excluded_providers") && file == HCB__OVERRIDE_PACKAGES)
            put_excluded(out, cell ? cell : "", r->excluded);
        else if (is(name, "received") && file == HCB__OVERRIDE_PACKAGES)
            put_date(out, r->since);
        else if (is(name, "pinned_provider") && file == HCB__OVERRIDE_PLACEMENTS)
            put_cell(out, pinned(r, o) ? provider : cell ? cell : "");
        else
            put_cell(out, cell ? cell : "");
    }
    hcb__text_putc(out, '\n');
    return true;
}

static void put_visits(hcb__text *out, const row *r, hcb__json *visits) {
    for (size_t v = 0; v < hcb__json_count(visits); v++) {
        hcb__json *visit = hcb__json_at(visits, v);
        hcb__text_puts(out, r->id);
        for (size_t c = 0; c < HCB__VISIT_COLUMNS; c++) {
            const char *cell = hcb__json_string(hcb__json_at(visit, c), NULL);
            put_cell(out, cell ? cell : "");
        }
        hcb__text_putc(out, '\n');
    }
}

static hcb_status put_rows(hcb__state_tables *t, hcb_desk *desk, hcb_context *ctx, const hcb__state_options *o) {
    hcb__store *s = &desk->store;
    sqlite3_stmt *stmt = hcb__store_bind(
        s,
        "SELECT id, status, provider, excluded, data, since, (SELECT provider FROM offer WHERE package = package.id "
        "AND status IN ('open', 'bid') ORDER BY rank, id LIMIT 1), (SELECT COUNT(*) FROM move WHERE package = "
        "package.id AND at > ?1) FROM package WHERE status <> 'ended' ORDER BY id",
        "i", o->at - o->days * HCB__DAY_S);
    hcb_status status = HCB_OK;
    while (status == HCB_OK && hcb__store_next(s, stmt)) {
        bool served = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
        const row r = {
            hcb__column(stmt, 0),          hcb__column(stmt, 1),         served ? hcb__column(stmt, 2) : NULL,
            hcb__column(stmt, 3),          hcb__column(stmt, 4),         hcb__column(stmt, 6),
            sqlite3_column_int64(stmt, 5), sqlite3_column_int64(stmt, 7)};
        hcb__json_doc *doc = NULL;
        status = hcb__json_parse(&doc, ctx, r.data, strlen(r.data), desk->path);
        if (status == HCB_OK) {
            bool part = put_package(t, &r, o, hcb__json_get(hcb__json_root(doc), "columns"));
            if (part)
                put_visits(&t->text[HCB__OVERRIDE_VISITS], &r, hcb__json_get(hcb__json_root(doc), "visits"));
        }
        hcb__json_close(doc);
    }
    hcb__store_end(stmt);
    return status == HCB_OK ? s->failed : status;
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

static void stated_hours(hcb_desk *desk, hcb__csv_table *table, size_t line, size_t column, const char *provider) {
    int64_t minutes =
        hcb__store_int(&desk->store, -1, "SELECT minutes FROM capacity WHERE provider = ?1", "s", provider);
    if (minutes < 0)
        return;
    char hours[32];
    snprintf(hours, sizeof hours, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
    hcb__csv_table_set(table, line, column, hours);
}

/* providers.csv with what providers have stated since, and what they may still take this week. */
static hcb_status put_providers(hcb__state_tables *t, hcb_desk *desk, hcb_context *ctx, const hcb__state_options *o) {
    const hcb__workspace_file *file = &desk->ws->files[HCB__FILE_PROVIDERS];
    hcb__csv_table *table = NULL;
    hcb_status status = hcb__csv_table_read(&table, ctx, file->path, file->name);
    if (status != HCB_OK)
        return status;
    size_t id = hcb__csv_table_need(table, "provider_id", file->renames, file->n_renames);
    size_t hours = hcb__csv_table_need(table, "capacity_hours", file->renames, file->n_renames);
    size_t most = hcb__csv_table_column(table, "max_new_packages", file->renames, file->n_renames);
    for (size_t line = 0; line < table->rows.count; line++) {
        const char *provider = hcb__csv_table_get(table, line, id);
        stated_hours(desk, table, line, hours, provider);
        if (most != HCB__NO_COLUMN)
            less_arrivals(desk, table, line, most, provider, o);
    }
    hcb__csv_table_write(table, &t->text[HCB__OVERRIDE_PROVIDERS]);
    t->given[HCB__OVERRIDE_PROVIDERS] = true;
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
    hcb_status status = put_rows(out, desk, ctx, o);
    if (status == HCB_OK)
        status = put_providers(out, desk, ctx, o);
    for (int f = 0; f < HCB__OVERRIDES && status == HCB_OK; f++)
        if (out->text[f].failed)
            status = hcb__nomem(ctx);
    return status;
}

void hcb__state_release(hcb__state_tables *tables) {
    for (int f = 0; f < HCB__OVERRIDES; f++)
        hcb__text_free(&tables->text[f]);
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
        }
    const hcb__model_options options = {.policy = desk->policy};
    if (status == HCB_OK)
        status = hcb__model_load_over(out, ctx, desk->folder, &options, &override);
    hcb__state_release(&tables);
    return status;
}
