/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the text: no crash, no leak; every node and every problem has a place inside the text. */
#include <string.h>

#include "fuzz.h"
#include "io/yaml.h"

static void visit(hcb__yaml_doc *doc, const hcb__yaml_node *node, size_t size) {
    static const char *const words[] = {"model", "origin"};
    int64_t whole;
    int32_t small;
    double real;
    bool flag;
    const char *text;
    FUZZ_CHECK(node && node->line >= 1 && node->column >= 1);
    FUZZ_CHECK((size_t)node->line <= size + 1 && (size_t)node->column <= size + 1);
    FUZZ_CHECK(strlen(node->text) == node->len && node->path);
    (void)hcb__yaml_string(doc, node, &text);
    (void)hcb__yaml_bool(doc, node, &flag);
    (void)hcb__yaml_int(doc, node, 0, 10, &whole);
    (void)hcb__yaml_fixed(doc, node, 2, 0, 10, &whole);
    (void)hcb__yaml_double(doc, node, 0, 10, &real);
    (void)hcb__yaml_date(doc, node, &small);
    (void)hcb__yaml_word(doc, node, words, 2, &small);
    (void)hcb__yaml_known_keys(doc, node, words, 2);
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == HCB__YAML_MAPPING)
            FUZZ_CHECK(hcb__yaml_get(node, node->keys[i]->text) == node->items[i]);
        visit(doc, node->items[i], size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    counting memory;
    hcb_context *ctx = fuzz_begin(&memory);
    hcb__yaml_doc *doc;
    hcb_status status = hcb__yaml_parse(&doc, ctx, (const char *)data, size, "f");
    FUZZ_CHECK(status == HCB_OK || (status == HCB_EPARSE && !doc && hcb_context_diagnostic_count(ctx) == 1));
    if (status == HCB_OK) {
        visit(doc, doc->root, size);
        hcb__yaml_close(doc);
    }
    fuzz_end(ctx, &memory, size);
    return 0;
}
