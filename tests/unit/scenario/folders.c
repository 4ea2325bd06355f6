/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/stat.h>

#include "folders.h"

static void put_zone(hcb__text *text, int i) {
    int west = -16 + i % 3, south = 539 + i / 3; /* tenths of a degree */
    const double ring[5][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}};
    hcb__text_printf(text, "%s{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"%c\",\"class\":\"%s\",\"prime\":%s},",
                     i ? "," : "", 'A' + i, i < 3 ? "large" : "small_rural", i == 5 ? "false" : "true");
    hcb__text_puts(text, "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[");
    for (int k = 0; k < 5; k++) {
        hcb__text_puts(text, k ? ",[" : "[");
        hcb__text_double(text, (west + ring[k][0]) / 10, 7);
        hcb__text_putc(text, ',');
        hcb__text_double(text, (south + ring[k][1]) / 10, 7);
        hcb__text_putc(text, ']');
    }
    hcb__text_puts(text, "]]}}\n");
}

static void put_areas(hcb__text *text, int i) {
    static const char *const bands[] = {"urban", "urban", "fringe", "rural", "isolated"};
    for (int k = 0; k < 5; k++) {
        hcb__text_printf(text, "%c%d,", 'A' + i, k);
        hcb__text_double(text, (539 + i / 3 + 0.2 + 0.15 * k) / 10, 7);
        hcb__text_putc(text, ',');
        hcb__text_double(text, (-16 + i % 3 + 0.5) / 10, 7);
        hcb__text_printf(text, ",%c,%s,%d,%d\n", 'A' + i, bands[k], 2000 - 300 * k - 100 * i, 900 - 150 * k);
    }
}

void folders_small_map(workbench *bench, const char *more_yaml) {
    hcb__text text;
    hcb__text_init(&text, &bench->memory.mem);
    hcb__text_puts(&text, "{\"type\":\"FeatureCollection\",\"features\":[\n");
    for (int i = 0; i < 6; i++)
        put_zone(&text, i);
    hcb__text_puts(&text, "]}\n");
    workbench_file(bench, "zones.geojson", text.at, text.count);
    hcb__text_clear(&text);
    hcb__text_puts(&text, "area_id,lat,lon,zone_id,band,households,people65\n");
    for (int i = 0; i < 6; i++)
        put_areas(&text, i);
    workbench_file(bench, "areas.csv", text.at, text.count);
    hcb__text_clear(&text);
    hcb__text_printf(&text,
                     "# a comment\nversion: 1\nas_of: 2020-12-01   # the day\nzones: zones.geojson\nareas: areas.csv\n"
                     "prices: prices.csv\npolicy: policy.yaml\n%s",
                     more_yaml);
    workbench_file(bench, "hcbroker.yaml", text.at, text.count);
    hcb__text_free(&text);
    static const char prices[] = "band,price_per_hour\nurban,18.75\nfringe,19.95\nrural,22.95\nisolated,26.15\n";
    workbench_file(bench, "prices.csv", prices, sizeof prices - 1);
    static const char policy[] = "version: 1\nmodel: prime_supplementary\n";
    workbench_file(bench, "policy.yaml", policy, sizeof policy - 1);
}

hcb_generate_summary folders_generate(workbench *bench, const char *dir, int32_t scenario, int32_t queue, double scale,
                                      uint64_t seed) {
    hcb_generate_options options = HCB_GENERATE_OPTIONS_INIT;
    hcb_generate_summary summary = {.struct_size = sizeof summary};
    options.scenario = scenario;
    options.queue = queue;
    options.scale = scale;
    options.seed = seed;
    if (hcb_generate(bench->ctx, dir, &options, &summary) != HCB_OK)
        fail_msg("%s", hcb_context_error(bench->ctx)->message);
    return summary;
}

hcb__csv_table *folders_table(workbench *bench, const char *dir, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    hcb__csv_table *table = NULL;
    assert_int_equal(hcb__csv_table_read(&table, bench->ctx, path, name), HCB_OK);
    return table;
}

char *folders_bytes(const char *dir, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    char *bytes = calloc(size + 1, 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, file), size);
    fclose(file);
    return bytes;
}

const char *folders_cell(const hcb__csv_table *table, size_t row, const char *column) {
    size_t c = hcb__csv_table_column(table, column, NULL, 0);
    if (c == HCB__NO_COLUMN)
        fail_msg("no column %s", column);
    return hcb__csv_table_get(table, row, c);
}

size_t folders_count(const hcb__csv_table *table, const char *column, const char *text) {
    size_t n = 0;
    for (size_t row = 0; row < table->rows.count; row++)
        n += strcmp(folders_cell(table, row, column), text) == 0;
    return n;
}

size_t folders_row(const hcb__csv_table *table, const char *column, const char *text) {
    for (size_t row = 0; row < table->rows.count; row++)
        if (strcmp(folders_cell(table, row, column), text) == 0)
            return row;
    fail_msg("no row with %s %s", column, text);
    return 0;
}

const char *folders_make(workbench *bench, const char *name) {
    const char *path = workbench_path(bench, name);
    assert_int_equal(mkdir(path, 0755), 0);
    return path;
}

void folders_remove(workbench *bench, const char *name) {
    char path[512], file[1024];
    snprintf(path, sizeof path, "%s/%s", bench->dir, name);
    DIR *dir = opendir(path);
    for (struct dirent *entry; dir && (entry = readdir(dir));) {
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            unlink(file);
    }
    if (dir)
        closedir(dir);
    rmdir(path);
}
