/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the file: no crash, no leak, every problem has a place; and rows that were read can be written and read
 * again. */
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "io/csv.h"

enum { A, B, C, COUNT };
static const hcb__csv_column columns[COUNT] = {{"a", false}, {"b", false}, {"c", false}};
static const hcb__csv_rename renames[] = {{"x", "b"}};

/* The reader takes files. */
static const char *as_file(const void *bytes, size_t size) {
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        strcpy(path, "/dev/shm/hcb-fuzz-XXXXXX"); /* memory, where there is such a folder */
        fd = mkstemp(path);
        if (fd < 0) {
            strcpy(path, "/tmp/hcb-fuzz-XXXXXX");
            fd = mkstemp(path);
        }
        FUZZ_CHECK(fd >= 0);
    }
    FUZZ_CHECK(ftruncate(fd, 0) == 0);
    FUZZ_CHECK(pwrite(fd, bytes, size, 0) == (ssize_t)size);
    return path;
}

static void remove_file(void) {
    unlink(as_file("", 0));
}

static void read_types(hcb__csv *csv) {
    static const char *const words[] = {"red", "green"};
    int64_t whole;
    int32_t small;
    double real;
    bool flag;
    const char *id;
    size_t len;
    (void)hcb__csv_id(csv, A, &id, &len);
    (void)hcb__csv_int(csv, A, 0, 100, &whole);
    (void)hcb__csv_fixed(csv, A, 3, INT64_MIN, INT64_MAX, &whole);
    (void)hcb__csv_double(csv, A, -1, 1e300, &real);
    (void)hcb__csv_hours(csv, A, 10080, &whole);
    (void)hcb__csv_date(csv, A, &small);
    (void)hcb__csv_time(csv, A, true, &small);
    (void)hcb__csv_bool(csv, A, &flag);
    (void)hcb__csv_word(csv, A, words, 2, &small);
    (void)hcb__csv_money(csv, A, INT64_MAX, &whole);
    for (size_t cursor = 0; hcb__csv_list(csv, A, &cursor, &id, &len);)
        FUZZ_CHECK(len > 0);
}

static void write_rows(hcb__csv *csv, hcb__text *out) {
    hcb__text_puts(out, "a,b,c\n");
    while (hcb__csv_next(csv))
        for (size_t k = 0; k < COUNT; k++) {
            size_t len;
            const char *cell = hcb__csv_text(csv, k, &len);
            FUZZ_CHECK(!cell || (strlen(cell) == len && len > 0 && hcb__valid_utf8(cell, len)));
            FUZZ_CHECK(hcb__csv_where(csv, k).line >= 1);
            hcb__csv_put(out, cell ? cell : "", k == C);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    counting memory;
    hcb_context *ctx = fuzz_begin(&memory);
    hcb__csv *csv;
    hcb__text once, twice;
    static bool registered;
    if (!registered)
        registered = atexit(remove_file) == 0;
    if (hcb__csv_open(&csv, ctx, as_file(data, size), "f", columns, COUNT, renames, 1) == HCB_OK) {
        hcb__text_init(&once, &memory.mem);
        write_rows(csv, &once);
        hcb__csv_close(csv);
        hcb__text_init(&twice, &memory.mem);
        size_t problems = hcb_context_diagnostic_count(ctx);
        FUZZ_CHECK(hcb__csv_open(&csv, ctx, as_file(once.at, once.count), "f", columns, COUNT, NULL, 0) == HCB_OK);
        write_rows(csv, &twice);
        FUZZ_CHECK(hcb_context_diagnostic_count(ctx) == problems);
        FUZZ_CHECK(once.count == twice.count && memcmp(once.at, twice.at, once.count) == 0);
        hcb__csv_close(csv);
        hcb__text_free(&once);
        hcb__text_free(&twice);
    }
    if (hcb__csv_open_headerless(&csv, ctx, as_file(data, size), "f", columns, COUNT) == HCB_OK) {
        while (hcb__csv_next(csv))
            read_types(csv);
        hcb__csv_close(csv);
    }
    fuzz_end(ctx, &memory, size);
    return 0;
}
