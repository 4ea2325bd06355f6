/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every fuzz target shares: a context whose memory is counted, and a check that stops the program. */
#ifndef HCB_TESTS_FUZZ_H
#define HCB_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/context.h"
#include "counting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #condition);                              \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

static inline hcb_context *fuzz_begin(counting *memory) {
    hcb_context *ctx;
    counting_init(memory);
    hcb_context_options options = {.struct_size = sizeof options, .allocator = &memory->mem};
    FUZZ_CHECK(hcb_context_create(&ctx, &options) == HCB_OK);
    return ctx;
}

/* Every problem has a place inside the input and a message. */
static inline void fuzz_end(hcb_context *ctx, counting *memory, size_t size) {
    for (size_t i = 0; i < hcb_context_diagnostic_count(ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(ctx, i);
        FUZZ_CHECK(d->line >= 1 && (size_t)d->line <= size + 1);
        FUZZ_CHECK(d->column >= 0 && (size_t)d->column <= size + 1);
        FUZZ_CHECK(d->message[0] != '\0');
    }
    hcb_context_free(ctx);
    FUZZ_CHECK(memory->alive == 0);
}

#endif
