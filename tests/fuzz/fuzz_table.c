/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of columns: whatever types, gaps and offsets a caller has, and options of whatever bytes. First line: the key
 * of a table, or the name of a structure of options; then its bytes. */
#include "base/option_table.h"
#include "base/options.h"
#include "fuzz_folder.h"

enum { ROWS = 3, COLUMNS = 4 };

/* A column of the bytes from `at` on; what does not fit its type is refused, never read. */
static hcb_column column_of(const uint8_t *bytes, size_t size, size_t at) {
    static const char *const names[] = {
        "package_id",  "postcode", "easting", "northing",       "weekly_hours", "priority", "start", "carers",
        "provider_id", "zone_id",  "band",    "price_per_hour", "tier",         "active",   "name",  "geometry"};
    static int64_t store[COLUMNS][ROWS], offsets[COLUMNS][ROWS + 1];
    static const char *texts[COLUMNS][ROWS];
    static uint8_t valid[COLUMNS][ROWS];
    size_t i = at % COLUMNS;
    uint8_t how = at < size ? bytes[at] : 0;
    hcb_column c = {.struct_size = sizeof c, .type = (how & 7) - (how == 255)};
    c.name = names[(at + 1 < size ? bytes[at + 1] : 0) % (sizeof names / sizeof *names)];
    memset(store[i], how, sizeof store[i]);
    if (at + 2 < size)
        memcpy(store[i], bytes + at + 2, size - at - 2 < sizeof store[i] ? size - at - 2 : sizeof store[i]);
    for (int r = 0; r < ROWS; r++) {
        texts[i][r] = how & 16 && r == 1 ? NULL : r ? "R1" : "P1";
        valid[i][r] = (uint8_t)(how >> r & 1);
        offsets[i][r + 1] = how & 64 ? (int64_t)(r + 1) * 8 : (signed char)store[i][r];
    }
    c.data = how & 128 ? NULL : c.type == HCB_COLUMN_TEXT ? (const void *)texts[i] : store[i];
    c.offsets = how & 32 ? offsets[i] : NULL;
    c.valid = how & 8 ? valid[i] : NULL;
    /* Offsets are the caller's promise that so many bytes are there. */
    if (c.type == HCB_COLUMN_BYTES && c.offsets)
        for (int r = 0; r <= ROWS; r++)
            if (offsets[i][r] > (int64_t)sizeof store[i])
                c.offsets = NULL;
    return c;
}

static void tables(hcb_context *ctx, const fuzz_input *in) {
    const uint8_t *bytes = (const uint8_t *)in->bytes;
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    hcb_column columns[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = column_of(bytes, in->size, i * (in->size / COLUMNS));
    FUZZ_CHECK(hcb_problem_create(&problem, ctx) == HCB_OK);
    FUZZ_CHECK(hcb_problem_set_folder(problem, ctx, HCB_SOURCE_DIR "/tests/golden/base") == HCB_OK);
    if (hcb_problem_set_table(problem, ctx, in->name, columns, COLUMNS, in->size % (ROWS + 1)) == HCB_OK) {
        hcb_status status = hcb_problem_build(&workspace, ctx, problem, NULL);
        FUZZ_CHECK((status == HCB_OK) == (workspace != NULL));
        FUZZ_CHECK(status == HCB_OK || hcb_context_error(ctx)->message[0]);
    }
    hcb_workspace_free(workspace);
    hcb_problem_free(problem);
}

static void options(hcb_context *ctx, const fuzz_input *in, const hcb__option_table *table) {
    union {
        char bytes[512];
        uint32_t size;
        int64_t align;
    } given = {{0}}, taken;
    static const char *const text = "x";
    memcpy(given.bytes, in->bytes, in->size < sizeof given.bytes ? in->size : sizeof given.bytes);
    given.size %= sizeof given.bytes;
    for (size_t i = 0; i < table->n_rows; i++)
        if (table->rows[i].type == HCB_OPTION_TEXT)
            memcpy(given.bytes + table->rows[i].offset, &text, sizeof text);
    FUZZ_CHECK(hcb__begin(ctx) == HCB_OK);
    hcb_status status = hcb__options_take(ctx, &taken, table->structure, &given);
    FUZZ_CHECK(status == HCB_OK || status == HCB_EINVAL || status == HCB_EVERSION);
    /* What was taken is taken again as it is. */
    if (status == HCB_OK)
        FUZZ_CHECK(hcb__options_take(ctx, &given, table->structure, &taken) == HCB_OK &&
                   memcmp(&given, &taken, table->size) == 0);
    (void)!hcb__end(ctx, status);
    (void)!hcb_options_init(table->structure, &taken, in->size % sizeof taken.bytes);
    FUZZ_CHECK(hcb_option_find(table->structure, fuzz_text(in)) == NULL || in->size < 40);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in;
    counting memory;
    if (!fuzz_split(&in, data, size))
        return 0;
    hcb_context *ctx = fuzz_begin(&memory);
    const hcb__option_table *table = hcb__option_table_of(in.name);
    if (table)
        options(ctx, &in, table);
    else
        tables(ctx, &in);
    fuzz_close(ctx, &memory);
    return 0;
}
