/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One source of a small workspace replaced by whatever text: no crash, no leak; what is accepted is solved, and the
 * plan asked about. The first line of the input is the key of the source ("packages"), the rest its bytes. */
#include <string.h>

#include "fuzz.h"
#include "hcbroker/hcbroker.h"

static void drop(hcb_status status, hcb_text **text) {
    FUZZ_CHECK((status == HCB_OK) == (*text != NULL));
    hcb_text_free(*text);
    *text = NULL;
}

static void ask(hcb_context *ctx, const hcb_workspace *workspace) {
    hcb_allocation_options options = HCB_ALLOCATION_OPTIONS_INIT;
    hcb_allocation_arrays arrays = {.struct_size = sizeof arrays};
    hcb_allocation *allocation = NULL;
    hcb_text *text = NULL;
    options.threads = 1;
    options.work_limit = 20000;
    options.method = HCB_METHOD_SEQUENTIAL;
    hcb_status status = hcb_allocation_solve(&allocation, ctx, workspace, &options);
    FUZZ_CHECK(status == HCB_OK || status == HCB_ELIMIT);
    if (status != HCB_OK)
        return;
    FUZZ_CHECK(hcb_allocation_get_arrays(allocation, &arrays) == HCB_OK);
    FUZZ_CHECK(arrays.n_items == hcb_allocation_item_count(allocation));
    drop(hcb_allocation_print(&text, allocation, ctx, HCB_FORMAT_JSON), &text);
    drop(hcb_workspace_canonical(&text, ctx, workspace), &text);
    if (arrays.n_items)
        drop(hcb_recommend_providers(&text, ctx, workspace, arrays.package_id[0], NULL, HCB_FORMAT_CSV), &text);
    hcb_allocation_free(allocation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char key[24] = "";
    const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
    size_t head = line ? (size_t)(line - data) : size;
    if (!line || head >= sizeof key)
        return 0;
    memcpy(key, data, head);
    counting memory;
    hcb_context *ctx = fuzz_begin(&memory);
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    hcb_workspace_info info = {.struct_size = sizeof info};
    FUZZ_CHECK(hcb_problem_create(&problem, ctx) == HCB_OK);
    FUZZ_CHECK(hcb_problem_set_folder(problem, ctx, HCB_SOURCE_DIR "/tests/golden/base") == HCB_OK);
    if (hcb_problem_set_text(problem, ctx, key, (const char *)line + 1, size - head - 1) == HCB_OK) {
        hcb_status status = hcb_problem_build(&workspace, ctx, problem, NULL);
        FUZZ_CHECK((status == HCB_OK) == (workspace != NULL));
        FUZZ_CHECK(status == HCB_OK || hcb_context_error(ctx)->message[0]);
        if (workspace) {
            FUZZ_CHECK(hcb_workspace_get_info(workspace, &info) == HCB_OK);
            ask(ctx, workspace);
        }
    }
    hcb_workspace_free(workspace);
    hcb_problem_free(problem);
    hcb_context_free(ctx);
    FUZZ_CHECK(memory.alive == 0);
    return 0;
}
