/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "model/model.h"
#include "scenario/generate.h"

enum { CELL = 512 };

static int id_width(int32_t count, int least) {
    int width = 1;
    for (int32_t n = count; n >= 10; n /= 10)
        width++;
    return width > least ? width : least;
}

/* Cells of one row, by column name. */
typedef struct cells {
    hcb__csv_table *table;
    const hcb__workspace_file *file;
    size_t row;
} cells;

static void put(const cells *c, const char *column, const char *value) {
    size_t at = hcb__csv_table_need(c->table, column, c->file->renames, c->file->n_renames);
    if (*value)
        hcb__csv_table_set(c->table, c->row, at, value);
}

static void put_int(const cells *c, const char *column, int64_t value) {
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    put(c, column, text);
}

static void put_limit(const cells *c, const char *column, int64_t value) {
    if (value < 0)
        put(c, column, "");
    else
        put_int(c, column, value);
}

/* Minutes in whole quarters of an hour, as decimal hours; < 0: no limit. */
static void put_hours(const cells *c, const char *column, int64_t minutes) {
    static const char *const quarters[] = {"", ".25", ".5", ".75"};
    char text[32] = "";
    if (minutes >= 0)
        snprintf(text, sizeof text, "%lld%s", (long long)(minutes / 60), quarters[minutes % 60 / 15]);
    put(c, column, text);
}

static void put_pence(const cells *c, const char *column, int64_t pence) {
    char text[32] = "";
    if (pence >= 0)
        snprintf(text, sizeof text, "%lld.%02d", (long long)(pence / 100), (int)(pence % 100));
    put(c, column, text);
}

static void put_date(const cells *c, const char *column, int32_t days) {
    if (days == HCB__NO_DATE) {
        put(c, column, "");
        return;
    }
    hcb__text text;
    hcb__text_init(&text, &c->table->arena.mem);
    hcb__text_date(&text, days);
    if (text.failed)
        c->table->failed = true;
    else
        put(c, column, text.at);
    hcb__text_free(&text);
}

static void put_abilities(const cells *c, const char *column, uint32_t abilities) {
    char text[CELL] = "";
    int n = 0;
    for (int i = 0; i < HCB__ABILITIES; i++)
        if (abilities >> i & 1)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s", n ? ";" : "", hcb__ability_words[i]);
    put(c, column, text);
}

/* A number with zeros before it up to a width. */
typedef struct padded {
    char text[24];
} padded;

static padded pad(int64_t number, int width) {
    char reversed[24];
    int n = 0;
    for (; number > 0 && n < 20; number /= 10)
        reversed[n++] = (char)('0' + number % 10);
    while (n < width && n < 20)
        reversed[n++] = '0';
    padded out = {""};
    for (int i = 0; i < n; i++)
        out.text[i] = reversed[n - 1 - i];
    return out;
}

static void put_id(const cells *c, const char *column, char letter, int width, int64_t number) {
    char text[32];
    snprintf(text, sizeof text, "%c%s", letter, pad(number, width).text);
    put(c, column, text);
}

static void put_time(const cells *c, const char *column, int minutes) {
    char text[64];
    snprintf(text, sizeof text, "%s:%s", pad(minutes / 60, 2).text, pad(minutes % 60, 2).text);
    put(c, column, text);
}

static void put_point(const cells *c, hcb__point point) {
    put_int(c, "easting", (int64_t)point.x);
    put_int(c, "northing", (int64_t)point.y);
}

void hcb__write_providers(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__supply *supply,
                          int32_t scenario) {
    static const char *const slots[HCB__SLOTS] = {"capacity_morning", "capacity_lunch", "capacity_tea", "capacity_bed"};
    int width = id_width(supply->n, 3);
    for (int32_t k = 0; k < supply->n; k++) {
        const hcb__supplier *s = &supply->at[k];
        cells c = {table, file, hcb__csv_table_add(table)};
        char name[64];
        snprintf(name, sizeof name, "Provider %s (synthetic)", pad(k + 1, width).text);
        put_id(&c, "provider_id", 'P', width, k + 1);
        put(&c, "name", name);
        put_point(&c, s->office);
        put_hours(&c, "capacity_hours", s->capacity);
        for (int i = 0; i < HCB__SLOTS; i++)
            put_hours(&c, slots[i], s->slot_capacity[i]);
        put_int(&c, "quality", s->quality);
        put(&c, "rating", hcb__rating_words[s->rating]);
        put_abilities(&c, "capabilities", s->abilities);
        put_limit(&c, "max_travel_min", s->max_travel_min);
        put_limit(&c, "max_new_packages", s->max_new);
        put_date(&c, "starts_from", s->starts_from);
        int64_t viable = (int64_t)(hcb__parameter(HCB__P_VIABLE, scenario) * (double)s->load) / 60 * 60;
        put_hours(&c, "viable_hours", viable);
        put(&c, "active", "yes");
    }
}

void hcb__write_coverage(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__supply *supply,
                         const hcb__zone_set *set) {
    static const char *const prices[HCB__BANDS] = {"price_urban", "price_fringe", "price_rural", "price_isolated"};
    int width = id_width(supply->n, 3);
    for (int32_t i = 0; i < supply->n_cover; i++) {
        const hcb__cover *cover = &supply->cover[i];
        cells c = {table, file, hcb__csv_table_add(table)};
        put_id(&c, "provider_id", 'P', width, cover->provider + 1);
        put(&c, "zone_id", set->zones[cover->zone].id);
        put(&c, "tier", hcb__tier_words[cover->tier]);
        put_hours(&c, "capacity_hours", cover->capacity);
        for (int band = 0; band < HCB__BANDS; band++)
            put_pence(&c, prices[band], cover->price[band]);
    }
}

/* The columns that packages and placements share, but for the id. */
static void put_person(const cells *c, const hcb__person *p) {
    static const char *const genders[] = {"any", "female", "male"};
    put_point(c, p->point);
    put_hours(c, "weekly_hours", p->contact_minutes);
    put_int(c, "visits_per_week", p->visits);
    put_int(c, "carers", p->carers);
    put(c, "short_visit_agreed", p->short_visit ? "yes" : "");
    put_date(c, "start", p->start);
    put_date(c, "end", p->end);
    put_abilities(c, "needs", p->needs);
    put(c, "gender", genders[p->gender]);
    put(c, "gender_hard", p->gender == HCB__ANY ? "" : p->gender_hard ? "yes" : "no");
    put(c, "language", p->language < 0 ? "" : hcb__ability_words[p->language] + 5); /* without `lang:` */
    put(c, "language_hard", p->language < 0 ? "" : p->language_hard ? "yes" : "no");
}

void hcb__write_placements(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                           int32_t n_suppliers) {
    int width = id_width(n, 6), provider_width = id_width(n_suppliers, 3);
    for (int32_t i = 0; i < n; i++) {
        cells c = {table, file, hcb__csv_table_add(table)};
        put_id(&c, "package_id", 'K', width, i + 1);
        put_id(&c, "provider_id", 'P', provider_width, people[i].provider + 1);
        put_person(&c, &people[i]);
    }
}

void hcb__write_packages(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                         int64_t first, const char *const *declined) {
    /* An empty queue is a header, not an empty file. */
    static const char *const always[] = {"package_id", "easting", "northing"};
    for (size_t k = 0; k < sizeof always / sizeof *always; k++)
        (void)hcb__csv_table_need(table, always[k], file->renames, file->n_renames);
    for (int32_t i = 0; i < n; i++) {
        const hcb__person *p = &people[i];
        cells c = {table, file, hcb__csv_table_add(table)};
        put_id(&c, "package_id", 'Q', 6, first + i);
        put_int(&c, "priority", p->priority);
        put_date(&c, "received", p->received);
        put_person(&c, p);
        put(&c, "excluded_providers", declined[i] ? declined[i] : "");
    }
}

void hcb__write_visits(hcb__csv_table *table, const hcb__workspace_file *file, const hcb__person *people, int32_t n,
                       char letter, int64_t first) {
    int width = letter == 'K' ? id_width(n, 6) : 6;
    for (int32_t i = 0; i < n; i++)
        for (int32_t v = 0; v < people[i].n_calls; v++) {
            const hcb__call *call = &people[i].calls[v];
            cells c = {table, file, hcb__csv_table_add(table)};
            char days[] = "MTWTFSS";
            for (int d = 0; d < 7; d++)
                if (!(call->days >> d & 1))
                    days[d] = '-';
            put_id(&c, "package_id", letter, width, first + i);
            put(&c, "days", days);
            put_time(&c, "start", call->start);
            put_time(&c, "end", call->end);
            put_int(&c, "minutes", call->minutes);
            put_int(&c, "carers", people[i].carers);
            put(&c, "time_critical", call->critical ? "yes" : "no");
        }
}
