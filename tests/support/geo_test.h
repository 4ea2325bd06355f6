/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of geo/ and zones/ begin with. */
#ifndef HCB_TEST_GEO_TEST_H
#define HCB_TEST_GEO_TEST_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/context.h"
#include "base/mem.h"

/* cmocka 1.1.5 compares floats only. */
#define ASSERT_NEAR(got, want, tolerance)                                                                              \
    do {                                                                                                               \
        double got_ = (got), want_ = (want);                                                                           \
        if (!(fabs(got_ - want_) <= (tolerance)))                                                                      \
            fail_msg("%s is %.9g, expected %.9g within %g", #got, got_, want_, (double)(tolerance));                   \
    } while (0)

/* An allocator that counts what is not given back. */
static long geo_test_blocks;
static inline void *counted_malloc(size_t size, void *user) {
    (void)user;
    void *p = malloc(size);
    geo_test_blocks += p != NULL;
    return p;
}
static inline void *counted_realloc(void *ptr, size_t size, void *user) {
    (void)user;
    geo_test_blocks += ptr == NULL;
    return realloc(ptr, size);
}
static inline void counted_free(void *ptr, void *user) {
    (void)user;
    geo_test_blocks -= ptr != NULL;
    free(ptr);
}

static inline int context_setup(void **state) {
    static const hcb_allocator allocator = {counted_malloc, counted_realloc, counted_free, NULL};
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &allocator};
    hcb_context *ctx;
    geo_test_blocks = 0;
    if (hcb_context_create(&ctx, &options) != HCB_OK)
        return -1;
    *state = ctx;
    return 0;
}

static inline int context_teardown(void **state) {
    hcb_context_free(*state);
    if (geo_test_blocks != 0)
        print_error("%ld blocks were not given back\n", geo_test_blocks);
    return geo_test_blocks == 0 ? 0 : -1;
}

#define CONTEXT_TEST(f) cmocka_unit_test_setup_teardown(f, context_setup, context_teardown)

/* The text of all diagnostics, for messages of failed tests. */
static inline void print_diagnostics(const hcb_context *ctx) {
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        print_error("%s %s:%lld:%lld %s: %s\n", d->severity == HCB_SEVERITY_ERROR ? "error" : "warning", d->file,
                    (long long)d->line, (long long)d->column, d->pointer, d->message);
    }
}

#endif
