/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A broker's questions about one package: who may take it, and why it waits. ask WORKSPACE PACKAGE */
#include <hcbroker/hcbroker.h>
#include <stdio.h>

/* Progress comes about ten times a second on this thread; anything but 0 stops the call with its best answer. */
static int32_t show(const hcb_progress *progress, void *payload) {
    int *calls = payload;
    ++*calls;
    return progress->elapsed_s > 600;
}

static void print(hcb_text *text) {
    fputs(hcb_text_data(text), stdout);
    hcb_text_free(text);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    int calls = 0;
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_text *text = NULL;
    hcb_context_options options = {.struct_size = sizeof options, .progress = show, .progress_payload = &calls};
    hcb_status status = hcb_context_create(&ctx, &options);
    if (status == HCB_OK)
        status = hcb_workspace_load(&workspace, ctx, argv[1], NULL);
    hcb_recommend_options best = HCB_RECOMMEND_OPTIONS_INIT;
    best.top = 3;
    if (status == HCB_OK)
        status = hcb_recommend_providers(&text, ctx, workspace, argv[2], &best, HCB_FORMAT_TEXT);
    if (status == HCB_OK) {
        print(text);
        status = hcb_explain(&text, ctx, workspace, argv[2], NULL, HCB_FORMAT_TEXT);
    }
    if (status == HCB_OK)
        print(text);
    else if (ctx)
        fprintf(stderr, "%s: %s\n", hcb_status_name(status), hcb_context_error(ctx)->message);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return status != HCB_OK;
}
