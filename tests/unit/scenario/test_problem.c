/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is built from memory against what is read from files: the same content gives the same frozen model, and every
 * golden case of bad input the same messages. */
#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "hcbroker/problem.h"
#include "hcbroker/scenario.h"
#include "io/csv_table.h"
#include "io/file.h"
#include "io/json.h"
#include "workbench.h"
#include "workspace_files.h"

#define GOLDEN HCB_SOURCE_DIR "/tests/golden/"

static const char *const tables[] = {"areas",    "postcodes", "prices",     "providers",
                                     "coverage", "packages",  "placements", "visits"};
enum { TABLES = sizeof tables / sizeof *tables, MOST_COLUMNS = 64 };

/* The files of a folder as columns of text. */
typedef struct in_memory {
    hcb_context *ctx;
    hcb__arena arena;
    hcb__csv_table *table[TABLES];
    hcb_problem *problem;
} in_memory;

static const char *file_text(in_memory *m, const char *folder, const char *name, size_t *size) {
    char *bytes;
    const char *path = hcb__path_join(&m->arena, folder, name);
    if (hcb__file_read(&bytes, size, m->ctx, path, name) != HCB_OK)
        return NULL;
    const char *copy = hcb__arena_strndup(&m->arena, bytes, *size);
    hcb__free(&m->ctx->mem, bytes);
    return copy;
}

static hcb_column *text_columns(in_memory *m, const hcb__csv_table *t) {
    hcb_column *columns = hcb__arena_alloc(&m->arena, t->names.count, sizeof *columns);
    for (size_t c = 0; c < t->names.count; c++) {
        const char **cells = hcb__arena_alloc(&m->arena, t->rows.count, sizeof *cells);
        for (size_t row = 0; row < t->rows.count; row++)
            cells[row] = hcb__csv_table_get(t, row, c);
        columns[c] = (hcb_column)HCB_COLUMN(t->names.at[c], HCB_COLUMN_TEXT, cells);
    }
    return columns;
}

/* A column of numbers, dates or words as what it is; `rows` of text otherwise. */
static void give_type(in_memory *m, hcb_column *c, size_t n_rows) {
    static const char *const words[] = {"short_visit_agreed", "gender_hard", "language_hard", "active",
                                        "time_critical"};
    const char *const *cells = c->data;
    uint8_t *valid = hcb__arena_alloc(&m->arena, n_rows, 1);
    double *reals = hcb__arena_alloc(&m->arena, n_rows, sizeof *reals);
    int64_t *wholes = hcb__arena_alloc(&m->arena, n_rows, sizeof *wholes);
    int32_t *days = hcb__arena_alloc(&m->arena, n_rows, sizeof *days);
    uint8_t *flags = hcb__arena_alloc(&m->arena, n_rows, 1);
    int64_t *offsets = hcb__arena_alloc(&m->arena, n_rows + 1, sizeof *offsets);
    bool real = true, whole = true, date = true, word = false;
    size_t bytes = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        word |= strcmp(words[i], c->name) == 0;
    for (size_t row = 0; row < n_rows; row++) {
        size_t n = strlen(cells[row]);
        valid[row] = n > 0;
        offsets[row] = (int64_t)bytes;
        bytes += n;
        reals[row] = NAN;
        days[row] = INT32_MIN;
        flags[row] = *cells[row] == 'y';
        real &= n == 0 || hcb__parse_double(cells[row], n, &reals[row]);
        whole &= n == 0 || hcb__parse_int(cells[row], n, &wholes[row]);
        date &= n == 0 || hcb__parse_date(cells[row], n, &days[row]);
    }
    offsets[n_rows] = (int64_t)bytes;
    /* Ids and days of the week may look like numbers, and 01 is not 1. */
    bool text = strstr(c->name, "_id") || strcmp(c->name, "days") == 0;
    if (word)
        *c = (hcb_column){sizeof *c, HCB_COLUMN_BOOL, c->name, flags, NULL, valid};
    else if (date && !text)
        *c = (hcb_column){sizeof *c, HCB_COLUMN_DATE, c->name, days, NULL, NULL};
    else if (whole && !text)
        *c = (hcb_column){sizeof *c, HCB_COLUMN_INT64, c->name, wholes, NULL, valid};
    else if (real && !text)
        *c = (hcb_column){sizeof *c, HCB_COLUMN_DOUBLE, c->name, reals, NULL, NULL};
    else {
        char *all = hcb__arena_alloc(&m->arena, bytes + 1, 1);
        for (size_t row = 0; row < n_rows; row++)
            memcpy(all + offsets[row], cells[row], strlen(cells[row]));
        *c = (hcb_column){sizeof *c, HCB_COLUMN_BYTES, c->name, all, offsets, NULL};
    }
}

/* False when a file is not a table. */
static bool take_folder(in_memory *m, hcb_context *ctx, const char *folder, bool typed) {
    *m = (in_memory){.ctx = ctx};
    hcb__arena_init(&m->arena, &ctx->mem);
    assert_int_equal(hcb_problem_create(&m->problem, ctx), HCB_OK);
    for (int i = 0; i < TABLES; i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", tables[i]);
        const char *path = hcb__path_join(&m->arena, folder, name);
        if (!hcb__file_exists(path))
            continue;
        if (hcb__csv_table_read(&m->table[i], ctx, path, name) != HCB_OK || !m->table[i]->names.count)
            return false;
        hcb_column *columns = text_columns(m, m->table[i]);
        size_t n = m->table[i]->names.count, rows = m->table[i]->rows.count;
        for (size_t c = 0; typed && c < n; c++)
            give_type(m, &columns[c], rows);
        assert_int_equal(hcb_problem_set_table(m->problem, ctx, tables[i], columns, n, rows), HCB_OK);
    }
    static const char *const texts[][2] = {{"workspace", "hcbroker.yaml"},
                                           {"zones", "zones.geojson"},
                                           {"areas_geojson", "areas.geojson"},
                                           {"policy", "policy.yaml"},
                                           {"policy", "prime_supplementary.yaml"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t size;
        const char *bytes = file_text(m, folder, texts[i][1], &size);
        if (bytes)
            assert_int_equal(hcb_problem_set_text(m->problem, ctx, texts[i][0], bytes, size), HCB_OK);
    }
    return true;
}

static void drop(in_memory *m) {
    hcb_problem_free(m->problem);
    for (int i = 0; i < TABLES; i++)
        hcb__csv_table_free(m->table[i]);
    hcb__arena_release(&m->arena);
}

static void assert_same_model(hcb_context *ctx, const char *folder) {
    hcb_workspace *from_files = NULL, *from_memory = NULL;
    hcb_workspace_info a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
    assert_int_equal(hcb_workspace_load(&from_files, ctx, folder, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_get_info(from_files, &a), HCB_OK);
    for (int typed = 0; typed < 2; typed++) {
        in_memory m;
        assert_true(take_folder(&m, ctx, folder, typed));
        hcb_status status = hcb_problem_build(&from_memory, ctx, m.problem, NULL);
        if (status != HCB_OK)
            print_error("%s\n", hcb_context_error(ctx)->message);
        assert_int_equal(status, HCB_OK);
        drop(&m); /* the workspace has all it needs */
        assert_int_equal(hcb_workspace_get_info(from_memory, &b), HCB_OK);
        assert_string_equal(a.inputs_sha256, b.inputs_sha256);
        assert_string_equal(a.name, b.name);
        assert_int_equal(a.left_out, b.left_out);
        assert_int_equal(a.synthetic, b.synthetic);
        hcb_workspace_free(from_memory);
    }
    hcb_workspace_free(from_files);
}

static void test_problem__small_workspace_is_the_same_from_memory(void **state) {
    workbench *bench = *state;
    assert_same_model(bench->ctx, GOLDEN "base");
}

static void test_problem__bundled_county_is_the_same_from_memory(void **state) {
    workbench *bench = *state;
    test_folder parent = test_folder_make();
    char folder[128];
    snprintf(folder, sizeof folder, "%s/county", parent.path);
    hcb_generate_options options = HCB_GENERATE_OPTIONS_INIT;
    options.queue = 200;
    assert_int_equal(hcb_init(bench->ctx, folder, NULL), HCB_OK);
    assert_int_equal(hcb_generate(bench->ctx, folder, &options, NULL), HCB_OK);
    assert_same_model(bench->ctx, folder);
    test_folder_remove(parent.path);
}

/* Messages of files name lines, of which the header is the first, and file names with an ending. */
typedef struct said {
    int64_t line;
    int32_t severity;
    char text[512];
} said;

static void plain(char *out, size_t size, const char *text) {
    size_t n = 0;
    while (*text && n + 1 < size) {
        size_t ending = strncmp(text, ".csv", 4) == 0 ? 4 : strncmp(text, ".geojson", 8) == 0 ? 8 : 0;
        if (ending) {
            text += ending;
            continue;
        }
        out[n++] = *text++;
        if (n >= 5 && strncmp(out + n - 5, "line ", 5) == 0)
            while (*text >= '0' && *text <= '9')
                text++;
    }
    out[n] = '\0';
}

static size_t messages(hcb_context *ctx, bool files, said *out, size_t cap) {
    size_t n = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx) && n < cap; i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        char whole[600];
        bool csv = strstr(d->file, ".csv") != NULL, is_table = csv;
        for (int t = 0; t < TABLES && !files; t++)
            is_table |= strcmp(d->file, tables[t]) == 0;
        snprintf(whole, sizeof whole, "%s|%s|%s", is_table ? d->file : "", d->pointer, d->message);
        plain(out[n].text, sizeof out[n].text, whole);
        out[n].severity = d->severity;
        out[n++].line = files && csv && d->line ? d->line - 1 : d->line;
    }
    return n;
}

static int by_message(const void *va, const void *vb) {
    const said *a = va, *b = vb;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* base with the files of a case over it; false for a case about bytes, or with a hcbroker.yaml of its own. */
static bool copy_case(const test_folder *folder, const char *name) {
    DIR *dir = opendir(name);
    bool plain_case = true;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        const char *file = entry->d_name, *end = strrchr(file, '.');
        if (*file == '.' || strcmp(file, "expected") == 0 || strcmp(file, "exit") == 0)
            continue;
        if ((!end || strcmp(end, ".csv") != 0) && strcmp(file, "policy.yaml") != 0)
            plain_case = false;
    }
    closedir(dir);
    char command[1024];
    snprintf(command, sizeof command, "cp %sbase/* '%s' && cp '%s'/* '%s'", GOLDEN, folder->path, name, folder->path);
    if (plain_case)
        assert_int_equal(system(command), 0);
    return plain_case;
}

enum { MOST_SAID = 400 };

static bool assert_same_messages(hcb_context *ctx, const char *folder, const char *name) {
    static said a[MOST_SAID], b[MOST_SAID];
    hcb_workspace *workspace = NULL;
    in_memory m;
    hcb_status first = hcb_workspace_load(&workspace, ctx, folder, NULL);
    size_t n = messages(ctx, true, a, MOST_SAID);
    hcb_workspace_free(workspace);
    workspace = NULL;
    /* Columns are always well formed. */
    if (first == HCB_EPARSE)
        return false;
    if (!take_folder(&m, ctx, folder, false)) {
        drop(&m);
        return false;
    }
    hcb_status second = hcb_problem_build(&workspace, ctx, m.problem, NULL);
    size_t n2 = messages(ctx, false, b, MOST_SAID);
    hcb_workspace_free(workspace);
    drop(&m);
    qsort(a, n, sizeof *a, by_message);
    qsort(b, n2, sizeof *b, by_message);
    for (size_t i = 0; i < n && i < n2; i++)
        if (strcmp(a[i].text, b[i].text) != 0 || a[i].line != b[i].line)
            print_error("%s: files %lld %s\n     memory %lld %s\n", name, (long long)a[i].line, a[i].text,
                        (long long)b[i].line, b[i].text);
    for (size_t i = 0; i < n && i < n2; i++) {
        assert_string_equal(a[i].text, b[i].text);
        assert_int_equal(a[i].line, b[i].line);
        assert_int_equal(a[i].severity, b[i].severity);
    }
    assert_int_equal(n, n2);
    assert_int_equal(first, second);
    return true;
}

static void test_problem__bad_input_gives_the_messages_of_files(void **state) {
    workbench *bench = *state;
    DIR *dir = opendir(GOLDEN "invalid");
    int compared = 0;
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        char name[512];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, GOLDEN "invalid/%.200s", entry->d_name);
        test_folder folder = test_folder_make();
        if (copy_case(&folder, name))
            compared += assert_same_messages(bench->ctx, folder.path, entry->d_name);
        test_folder_remove(folder.path);
    }
    closedir(dir);
    assert_in_range(compared, 40, 1000);
}

static hcb_status build_with(hcb_context *ctx, in_memory *m) {
    hcb_workspace *workspace = NULL;
    hcb_status status = hcb_problem_build(&workspace, ctx, m->problem, NULL);
    hcb_workspace_free(workspace);
    return status;
}

static void test_problem__zones_may_be_a_table(void **state) {
    workbench *bench = *state;
    hcb_context *ctx = bench->ctx;
    in_memory m;
    hcb_workspace *a = NULL, *b = NULL;
    hcb_workspace_info ia = {.struct_size = sizeof ia}, ib = {.struct_size = sizeof ib};
    assert_true(take_folder(&m, ctx, GOLDEN "base", false));
    assert_int_equal(hcb_problem_build(&a, ctx, m.problem, NULL), HCB_OK);
    /* The polygons of tests/golden/base/zones.geojson, which a test reads with the library's own reader. */
    hcb__json_doc *doc = NULL;
    assert_int_equal(hcb__json_load(&doc, ctx, GOLDEN "base/zones.geojson", "zones.geojson"), HCB_OK);
    const hcb__json *features = hcb__json_get(hcb__json_root(doc), "features");
    size_t n = hcb__json_count(features);
    const char *id[8], *zone_class[8], *geometry[8];
    uint8_t prime[8], given[8];
    assert_in_range(n, 1, 8);
    for (size_t i = 0; i < n; i++) {
        const hcb__json *properties = hcb__json_get(hcb__json_at(features, i), "properties");
        const hcb__json *rings = hcb__json_get(hcb__json_get(hcb__json_at(features, i), "geometry"), "coordinates");
        hcb__text text;
        hcb__text_init(&text, &m.arena.mem);
        bool yes = false;
        id[i] = hcb__json_string(hcb__json_get(properties, "zone_id"), NULL);
        zone_class[i] = hcb__json_string(hcb__json_get(properties, "class"), NULL);
        given[i] = hcb__json_bool(hcb__json_get(properties, "prime"), &yes);
        prime[i] = yes;
        assert_int_equal(hcb__json_count(rings), 1);
        const hcb__json *ring = hcb__json_at(rings, 0);
        hcb__text_puts(&text, "{\"type\":\"Polygon\",\"coordinates\":[[");
        for (size_t p = 0; p < hcb__json_count(ring); p++) {
            double lon, lat;
            assert_true(hcb__json_number(hcb__json_at(hcb__json_at(ring, p), 0), &lon));
            assert_true(hcb__json_number(hcb__json_at(hcb__json_at(ring, p), 1), &lat));
            hcb__text_puts(&text, p ? ",[" : "[");
            hcb__text_double(&text, lon, 9);
            hcb__text_putc(&text, ',');
            hcb__text_double(&text, lat, 9);
            hcb__text_putc(&text, ']');
        }
        hcb__text_puts(&text, "]]}");
        geometry[i] = hcb__arena_strndup(&m.arena, text.at, text.count);
        hcb__text_free(&text);
    }
    const hcb_column columns[] = {HCB_COLUMN("zone_id", HCB_COLUMN_TEXT, id),
                                  HCB_COLUMN("class", HCB_COLUMN_TEXT, zone_class),
                                  {sizeof(hcb_column), HCB_COLUMN_BOOL, "prime", prime, NULL, given},
                                  HCB_COLUMN("geometry", HCB_COLUMN_TEXT, geometry)};
    assert_int_equal(hcb_problem_set_table(m.problem, ctx, "zones", columns, 4, n), HCB_OK);
    assert_int_equal(hcb_problem_build(&b, ctx, m.problem, NULL), HCB_OK);
    assert_int_equal(hcb_workspace_get_info(a, &ia), HCB_OK);
    assert_int_equal(hcb_workspace_get_info(b, &ib), HCB_OK);
    assert_string_equal(ia.inputs_sha256, ib.inputs_sha256);
    geometry[1] = "{\"type\":\"Polygon\"";
    assert_int_equal(build_with(ctx, &m), HCB_EPARSE);
    bool named = false;
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++)
        named |= strcmp(hcb_context_diagnostic_at(ctx, i)->file, "zones, geometry of row 2") == 0;
    assert_true(named);
    hcb_workspace_free(a);
    hcb_workspace_free(b);
    hcb__json_close(doc);
    drop(&m);
}

/* The queue alone from memory, the rest from the folder. */
static void test_problem__folder_gives_what_memory_does_not(void **state) {
    workbench *bench = *state;
    hcb_context *ctx = bench->ctx;
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    const char *ids[] = {"N1", "N2"};
    const double easting[] = {451000, 454000}, northing[] = {305000, 295000}, hours[] = {7, 3.5};
    const hcb_column columns[] = {
        HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids), HCB_COLUMN("easting", HCB_COLUMN_DOUBLE, easting),
        HCB_COLUMN("northing", HCB_COLUMN_DOUBLE, northing), HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours)};
    const char visits[] = "package_id,days,start,end,minutes\nN1,MTWTFSS,08:00,10:00,60\n"
                          "L4,MTWTF--,12:00,14:00,30\n";
    assert_int_equal(hcb_problem_create(&problem, ctx), HCB_OK);
    assert_int_equal(hcb_problem_set_folder(problem, ctx, GOLDEN "base"), HCB_OK);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", columns, 4, 2), HCB_OK);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "visits", visits, sizeof visits - 1), HCB_OK);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_OK);
    hcb_workspace_info info = {.struct_size = sizeof info};
    assert_int_equal(hcb_workspace_get_info(workspace, &info), HCB_OK);
    assert_int_equal(info.packages, 2);
    assert_int_equal(info.queue_carer_minutes, 7 * 60 + 210);
    assert_int_equal(info.placements, 6);
    hcb_workspace_free(workspace);
    assert_int_equal(hcb_problem_set_folder(problem, ctx, "/nowhere"), HCB_OK);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_ENOTFOUND);
    assert_int_equal(hcb_problem_set_folder(problem, ctx, NULL), HCB_OK);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_EINVAL);
    assert_null(workspace);
    hcb_problem_free(problem);
}

static void test_problem__wrong_values_are_named_with_their_row(void **state) {
    workbench *bench = *state;
    hcb_context *ctx = bench->ctx;
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    const char *ids[] = {"N1", "N2", "N\xff"};
    const double easting[] = {451000, HUGE_VAL, 451000}, northing[] = {305000, 305000, 305000};
    const double hours[] = {7, 7.008, 7};
    const int64_t carers[] = {3, 1, 1};
    const int32_t start[] = {INT32_MAX, INT32_MIN, 18600};
    const hcb_column columns[] = {
        HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids),       HCB_COLUMN("easting", HCB_COLUMN_DOUBLE, easting),
        HCB_COLUMN("northing", HCB_COLUMN_DOUBLE, northing),  HCB_COLUMN("weekly_hours", HCB_COLUMN_DOUBLE, hours),
        HCB_COLUMN("carers", HCB_COLUMN_INT64, carers),       HCB_COLUMN("start", HCB_COLUMN_DATE, start),
        HCB_COLUMN("weekly_horse", HCB_COLUMN_DOUBLE, hours),
    };
    static const struct {
        int64_t line;
        const char *pointer, *has;
    } expected[] = {{0, "", "weekly_horse"}, {1, "carers", "\"3\""},       {1, "start", "day 2147483647"},
                    {2, "easting", "inf"},   {2, "weekly_hours", "7.008"}, {3, "package_id", "UTF-8"}};
    assert_int_equal(hcb_problem_create(&problem, ctx), HCB_OK);
    assert_int_equal(hcb_problem_set_folder(problem, ctx, GOLDEN "base"), HCB_OK);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "visits", "package_id,days,start,end,minutes\n", 34), HCB_OK);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", columns, 7, 3), HCB_OK);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_EDATA);
    assert_null(workspace);
    for (size_t e = 0; e < sizeof expected / sizeof *expected; e++) {
        bool found = false;
        for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
            const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
            found |= strcmp(d->file, "packages") == 0 && d->line == expected[e].line && d->column == 0 &&
                     strcmp(d->pointer, expected[e].pointer) == 0 && strstr(d->message, expected[e].has);
        }
        if (!found)
            print_error("nothing about %s\n", expected[e].has);
        assert_true(found);
    }
    hcb_problem_free(problem);
}

/* What is not well formed has a status of its own, whichever file it is; the record and the status agree. */
static void test_problem__syntax_and_meaning_have_their_statuses(void **state) {
    static const struct {
        const char *key, *text;
        hcb_status status;
    } cases[] = {{"workspace", "version: [1\n", HCB_EPARSE},
                 {"workspace", "version: 77\n", HCB_EDATA},
                 {"policy", "model: {\n", HCB_EPARSE},
                 {"policy", "model: none\n", HCB_EDATA},
                 {"zones", "{\"type\": ", HCB_EPARSE},
                 {"packages", "package_id,\"weekly\nQ1,", HCB_EPARSE},
                 {"packages", "package_id,weekly_hours\nQ1,many\n", HCB_EDATA}};
    workbench *bench = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hcb_problem *problem = NULL;
        hcb_workspace *workspace = NULL;
        assert_int_equal(hcb_problem_create(&problem, bench->ctx), HCB_OK);
        assert_int_equal(hcb_problem_set_folder(problem, bench->ctx, GOLDEN "base"), HCB_OK);
        assert_int_equal(hcb_problem_set_text(problem, bench->ctx, cases[i].key, cases[i].text, strlen(cases[i].text)),
                         HCB_OK);
        assert_int_equal(hcb_problem_build(&workspace, bench->ctx, problem, NULL), cases[i].status);
        assert_int_equal(hcb_context_error(bench->ctx)->code, cases[i].status);
        hcb_problem_free(problem);
    }
}

static void test_problem__calls_that_make_no_sense_are_refused(void **state) {
    workbench *bench = *state;
    hcb_context *ctx = bench->ctx;
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    const char *ids[] = {"N1"};
    const int64_t offsets[] = {2, 1};
    hcb_column column = HCB_COLUMN("package_id", HCB_COLUMN_TEXT, ids);
    assert_int_equal(hcb_problem_create(NULL, ctx), HCB_EINVAL);
    assert_int_equal(hcb_problem_create(&problem, NULL), HCB_EINVAL);
    assert_int_equal(hcb_problem_create(&problem, ctx), HCB_OK);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", NULL, 1, 1), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 0, 1), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "policy", &column, 1, 1), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "people", &column, 1, 1), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "people", "", 0), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "policy", NULL, 1), HCB_EINVAL);
    column.type = 7;
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 1, 1), HCB_EINVAL);
    column.type = HCB_COLUMN_BYTES;
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 1, 1), HCB_EINVAL);
    column.offsets = offsets;
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 1, 1), HCB_EINVAL);
    assert_non_null(strstr(hcb_context_error(ctx)->message, "ascend at row 1"));
    column = (hcb_column)HCB_COLUMN("package_id", HCB_COLUMN_TEXT, NULL);
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 1, 1), HCB_EINVAL);
    column = (hcb_column){.struct_size = 3};
    assert_int_equal(hcb_problem_set_table(problem, ctx, "packages", &column, 1, 1), HCB_EVERSION);
    assert_int_equal(hcb_problem_build(NULL, ctx, problem, NULL), HCB_EINVAL);
    assert_int_equal(hcb_problem_build(&workspace, ctx, NULL, NULL), HCB_EINVAL);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_EINVAL);
    assert_int_equal(hcb_problem_set_text(problem, ctx, "workspace", "version: 1\nas_of: 2020-12-01\n", 29), HCB_OK);
    assert_int_equal(hcb_problem_build(&workspace, ctx, problem, NULL), HCB_EDATA);
    assert_non_null(strstr(hcb_context_error(ctx)->message, "the source zones is missing"));
    hcb_problem_free(problem);
    hcb_problem_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problem__small_workspace_is_the_same_from_memory),
        cmocka_unit_test(test_problem__bundled_county_is_the_same_from_memory),
        cmocka_unit_test(test_problem__bad_input_gives_the_messages_of_files),
        cmocka_unit_test(test_problem__zones_may_be_a_table),
        cmocka_unit_test(test_problem__folder_gives_what_memory_does_not),
        cmocka_unit_test(test_problem__wrong_values_are_named_with_their_row),
        cmocka_unit_test(test_problem__syntax_and_meaning_have_their_statuses),
        cmocka_unit_test(test_problem__calls_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, workbench_open, workbench_close);
}
