/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public calls that write and print an allocation. */
#include <string.h>

#include "base/textbuf.h"
#include "io/file.h"
#include "report/allocation_report.h"

enum { FILES = 4 };

static hcb_status write_all(const hcb_allocation *allocation, hcb_context *ctx, const char *folder, bool spreadsheet,
                            hcb__file_set *set, hcb__text texts[FILES], hcb__arena *arena) {
    static const char *const names[FILES] = {"allocations.csv", "waiting.csv", "certificate.json", "summary.json"};
    hcb__tallies tallies;
    hcb_status status = hcb__tallies_make(&tallies, ctx, allocation);
    if (status != HCB_OK)
        return status;
    hcb__write_allocations_csv(&texts[0], allocation, spreadsheet);
    hcb__write_waiting_csv(&texts[1], allocation, spreadsheet);
    hcb__write_certificate_json(&texts[2], allocation);
    hcb__write_summary_json(&texts[3], allocation, &tallies);
    hcb__tallies_release(&tallies);
    status = hcb__file_set_folder(set, folder);
    for (int f = 0; f < FILES && status == HCB_OK; f++) {
        char *path = hcb__path_join(arena, folder, names[f]);
        status = texts[f].failed || !path ? hcb__nomem(ctx) : hcb__file_set_add(set, path, texts[f].at, texts[f].count);
    }
    return status == HCB_OK ? hcb__file_set_commit(set) : status;
}

hcb_status hcb_allocation_write(const hcb_allocation *allocation, hcb_context *ctx, const char *folder,
                                int32_t spreadsheet) {
    if (!allocation || !ctx || !folder || !*folder)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__text texts[FILES];
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    for (int f = 0; f < FILES; f++)
        hcb__text_init(&texts[f], &ctx->mem);
    hcb__file_set *set = NULL;
    status = hcb__file_set_create(&set, ctx);
    if (status == HCB_OK)
        status = write_all(allocation, ctx, folder, spreadsheet != 0, set, texts, &arena);
    hcb__file_set_free(set);
    for (int f = 0; f < FILES; f++)
        hcb__text_free(&texts[f]);
    hcb__arena_release(&arena);
    return hcb__end(ctx, status);
}

hcb_status hcb_allocation_print(hcb_text **out, const hcb_allocation *allocation, hcb_context *ctx, int32_t format) {
    if (!out || !allocation || !ctx || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb__tallies tallies;
    status = hcb__tallies_make(&tallies, ctx, allocation);
    if (status == HCB_OK) {
        status = hcb__text_handle(out, ctx);
        if (status == HCB_OK) {
            hcb__text *text = hcb__text_of(*out);
            if (format == HCB_FORMAT_JSON)
                hcb__write_summary_json(text, allocation, &tallies);
            else if (format == HCB_FORMAT_CSV)
                hcb__write_allocations_csv(text, allocation, false);
            else
                hcb__write_tables(text, allocation, &tallies);
            status = hcb__text_finish(out, ctx);
        }
        hcb__tallies_release(&tallies);
    }
    return hcb__end(ctx, status);
}

hcb_status hcb_text_save(hcb_context *ctx, const hcb_text *text, const char *path) {
    if (!ctx || !text || !path || !*path)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    return hcb__end(ctx, hcb__file_write(ctx, path, hcb_text_data(text), hcb_text_size(text)));
}
