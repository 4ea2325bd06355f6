/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price build-up: the lines of each year. */
#include <string.h>

#include "base/arith.h"
#include "hcbroker/price.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/json.h"
#include "pricing/buildup.h"
#include "report/price_text.h"
#include "scenario/folder.h"

static const char file_name[] = "price_years.yaml";

/* The smallest number of decimals, down to `least`, that shows the value whole. */
static void put_short(hcb__text *out, int64_t value, int decimals, int least) {
    while (decimals > least && value % 10 == 0) {
        value /= 10;
        decimals--;
    }
    hcb__text_fixed(out, value, decimals);
}

static void put_items(hcb__text *out, const hcb__price_line *line, const char *between) {
    bool first = true;
    for (int32_t k = 0; k < HCB__ITEMS; k++)
        if (line->items & 1u << k) {
            hcb__text_printf(out, "%s%s", first ? "" : between, hcb__price_item_words[k]);
            first = false;
        }
}

/* How the line came about; nothing for an amount that is simply given. */
static void put_how(hcb__text *out, const hcb__price_line *line) {
    switch (line->kind) {
    case HCB__LINE_MINUTES:
        put_short(out, line->value, 2, 0);
        hcb__text_puts(out, " minutes at the wage");
        break;
    case HCB__LINE_MILES:
        put_short(out, line->value, 2, 0);
        hcb__text_puts(out, " miles at ");
        put_short(out, line->per_mile, 4, 2);
        break;
    case HCB__LINE_PERCENT:
        put_short(out, line->value, 3, 0);
        hcb__text_printf(out, "%% of the %s", hcb__line_base_words[line->base]);
        break;
    default:
        break;
    }
}

/* Tenths of a percent of the price. */
static int64_t share_of(const hcb__price_year *year, int64_t pence) {
    return year->total > 0 ? hcb__round_div(pence * 1000, year->total) : 0;
}

static bool has_note(const hcb__price_year *year) {
    return year->published >= 0 && year->published != year->total;
}

static void put_note(hcb__text *out, const hcb__price_year *year) {
    hcb__text_puts(out, "the source prints ");
    hcb__text_fixed(out, year->published, 2);
    hcb__text_puts(out, "; its lines add up to ");
    hcb__text_fixed(out, year->total, 2);
}

/* The first column. Several items priced together may need a line of their own. */
static void put_name(hcb__text *out, const char *name) {
    enum { NAME = 30 };
    hcb__text_printf(out, "  %-*s", NAME, name);
    if (strlen(name) > NAME)
        hcb__text_printf(out, "\n  %*s", NAME, "");
}

static void write_text(hcb__text *out, const hcb__price_year *year) {
    hcb__text_printf(out, "%s%s%s\n", year->year, *year->name ? "  " : "", year->name);
    hcb__text name;
    hcb__text_init(&name, out->mem);
    for (size_t i = 0; i < year->n_lines; i++) {
        const hcb__price_line *line = &year->lines[i];
        hcb__text_clear(&name);
        put_items(&name, line, ", ");
        put_name(out, name.at ? name.at : "");
        hcb__price_number(out, line->pence, 2, 8);
        hcb__price_number(out, share_of(year, line->pence), 1, 7);
        hcb__text_puts(out, "%");
        if (line->kind != HCB__LINE_AMOUNT) {
            hcb__text_puts(out, "  ");
            put_how(out, line);
        }
        hcb__text_putc(out, '\n');
    }
    out->failed |= name.failed;
    hcb__text_free(&name);
    put_name(out, "price, pounds a contact hour");
    hcb__price_number(out, year->total, 2, 8);
    hcb__text_putc(out, '\n');
    if (has_note(year)) {
        hcb__text_puts(out, "  note: ");
        put_note(out, year);
        hcb__text_putc(out, '\n');
    }
    if (year->travel_minutes >= 0) {
        hcb__text_puts(out, "  paid travel: ");
        hcb__text_fixed(out, year->travel_minutes, 2);
        hcb__text_puts(out, " minutes a contact hour\n");
    }
    if (*year->source)
        hcb__text_printf(out, "  source: %s\n", year->source);
}

static void write_csv(hcb__text *out, const hcb__price_year *year) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    for (size_t i = 0; i <= year->n_lines; i++) {
        const hcb__price_line *line = i < year->n_lines ? &year->lines[i] : NULL;
        hcb__csv_put(out, year->year, false);
        hcb__text_clear(&cell);
        if (line)
            put_items(&cell, line, ";");
        else
            hcb__text_puts(&cell, "total");
        hcb__csv_put(out, cell.at ? cell.at : "", false);
        hcb__csv_put_int(out, line ? line->pence : year->total, false);
        hcb__text_clear(&cell);
        if (line)
            put_how(&cell, line);
        else if (has_note(year))
            put_note(&cell, year);
        hcb__csv_put(out, cell.count ? cell.at : "", true);
    }
    out->failed |= cell.failed;
    hcb__text_free(&cell);
}

static void write_json_line(hcb__json_writer *w, const hcb__price_year *year, const hcb__price_line *line) {
    hcb__text how;
    hcb__text_init(&how, w->out->mem);
    put_how(&how, line);
    hcb__jw_object_flat(w);
    hcb__jw_key(w, "items");
    hcb__jw_array_flat(w);
    for (int32_t k = 0; k < HCB__ITEMS; k++)
        if (line->items & 1u << k)
            hcb__jw_string(w, hcb__price_item_words[k]);
    hcb__jw_end_array(w);
    hcb__jw_key_int(w, "pence", line->pence);
    hcb__jw_key(w, "share_percent");
    hcb__jw_fixed(w, share_of(year, line->pence), 1);
    hcb__jw_key_string(w, "how", how.count ? how.at : "given");
    hcb__jw_end_object(w);
    w->out->failed |= how.failed;
    hcb__text_free(&how);
}

static void write_json_year(hcb__json_writer *w, const hcb__price_year *year) {
    hcb__jw_object(w);
    hcb__jw_key_string(w, "year", year->year);
    hcb__jw_key_string(w, "name", year->name);
    hcb__jw_key_string(w, "source", year->source);
    hcb__jw_key(w, "lines");
    hcb__jw_array(w);
    for (size_t i = 0; i < year->n_lines; i++)
        write_json_line(w, year, &year->lines[i]);
    hcb__jw_end_array(w);
    hcb__jw_key_int(w, "total_pence", year->total);
    hcb__jw_key(w, "published_pence");
    if (year->published >= 0)
        hcb__jw_int(w, year->published);
    else
        hcb__jw_null(w);
    hcb__jw_key(w, "note");
    if (has_note(year)) {
        hcb__text note;
        hcb__text_init(&note, w->out->mem);
        put_note(&note, year);
        hcb__jw_string(w, note.at ? note.at : "");
        w->out->failed |= note.failed;
        hcb__text_free(&note);
    } else {
        hcb__jw_null(w);
    }
    hcb__jw_key(w, "travel_minutes_per_contact_hour");
    if (year->travel_minutes >= 0)
        hcb__jw_fixed(w, year->travel_minutes, 2);
    else
        hcb__jw_null(w);
    hcb__jw_end_object(w);
}

typedef struct request {
    const hcb__price_years *years;
    const hcb__price_year *one; /* NULL: all */
    int32_t format;
} request;

static hcb_status write(hcb__text *out, hcb_context *ctx, void *what) {
    (void)ctx;
    const request *r = what;
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    if (r->format == HCB_FORMAT_JSON) {
        hcb__jw_object(&w);
        hcb__jw_key(&w, "years");
        hcb__jw_array(&w);
    } else if (r->format == HCB_FORMAT_CSV) {
        hcb__text_puts(out, "year,items,pence,how\n");
    }
    bool first = true;
    for (size_t i = 0; i < r->years->count; i++) {
        const hcb__price_year *year = &r->years->at[i];
        if (r->one && r->one != year)
            continue;
        if (r->format == HCB_FORMAT_JSON) {
            write_json_year(&w, year);
        } else if (r->format == HCB_FORMAT_CSV) {
            write_csv(out, year);
        } else {
            if (!first)
                hcb__text_putc(out, '\n');
            write_text(out, year);
        }
        first = false;
    }
    if (r->format == HCB_FORMAT_JSON) {
        hcb__jw_end_array(&w);
        hcb__jw_end_object(&w);
        hcb__text_putc(out, '\n');
    }
    return HCB_OK;
}

/* The workspace's own file, else the bundled one. */
static hcb_status find_file(const char **path, hcb_context *ctx, hcb__arena *arena, const char *folder) {
    if (folder) {
        *path = hcb__path_join(arena, folder, file_name);
        if (!*path)
            return hcb__nomem(ctx);
        if (hcb__file_exists(*path))
            return HCB_OK;
    }
    const char *bundled = NULL;
    hcb_status status = hcb__bundled_folder(&bundled, ctx, arena, "leicestershire");
    if (status != HCB_OK)
        return status;
    *path = hcb__path_join(arena, bundled, file_name);
    return *path ? HCB_OK : hcb__nomem(ctx);
}

static hcb_status no_such_year(hcb_context *ctx, const hcb__price_years *years, const char *path, const char *year) {
    hcb__text all;
    hcb__text_init(&all, &ctx->mem);
    for (size_t i = 0; i < years->count; i++)
        hcb__text_printf(&all, "%s%s", i ? ", " : "", years->at[i].year);
    hcb_status status =
        hcb__fail(ctx, HCB_EINVAL, "%s has no year \"%.80s\"; it has %s", path, year, all.at ? all.at : "none");
    hcb__text_free(&all);
    return status;
}

static hcb_status build_up(hcb_text **out, hcb_context *ctx, const char *path, const char *year, int32_t format) {
    request r = {.format = format};
    hcb__price_years *years = NULL;
    hcb_status status = hcb__price_years_load(&years, ctx, path, path);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    r.years = years;
    if (status == HCB_OK && year) {
        r.one = hcb__price_years_find(years, year);
        if (!r.one)
            status = no_such_year(ctx, years, path, year);
    }
    if (status == HCB_OK)
        status = hcb__price_write(out, ctx, write, &r);
    hcb__price_years_free(years);
    return status;
}

hcb_status hcb_price_build_up(hcb_text **out, hcb_context *ctx, const char *folder, const char *path, const char *year,
                              int32_t format) {
    if (!out || !ctx || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    if (!path)
        status = find_file(&path, ctx, &arena, folder);
    if (status == HCB_OK)
        status = build_up(out, ctx, path, year, format);
    hcb__arena_release(&arena);
    return hcb__end(ctx, status);
}
