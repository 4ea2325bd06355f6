/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desk: files that come in, words that people type, and a ledger that is not what it was. After each call that
 * writes, the ledger is sound. First line: packages.csv, changed.csv, visits.csv, answers.csv, events.jsonl,
 * desk.ledger, or `words` (one a line). */
#include "fuzz_folder.h"

static const hcb_desk_stamp stamp = {sizeof(hcb_desk_stamp), 60, FUZZ_AT, "fuzz"};

static hcb_desk *fresh(hcb_context *ctx, bool inspect) {
    hcb_desk *desk = NULL;
    hcb_desk_options options = HCB_DESK_OPTIONS_INIT;
    options.inspect = inspect;
    hcb_status status = hcb_desk_open(&desk, ctx, fuzz_path("ws"), &options);
    FUZZ_CHECK((status == HCB_OK) == (desk != NULL));
    return desk;
}

static void sound(hcb_context *ctx, hcb_desk *desk) {
    hcb_text *text = NULL;
    int32_t good = 0;
    FUZZ_CHECK(hcb_desk_verify(&text, &good, desk, ctx, HCB_FORMAT_TEXT) == HCB_OK && good == 1);
    hcb_text_free(text);
}

static void reads(hcb_context *ctx, hcb_desk *desk, const char *word) {
    hcb_text *text = NULL;
    fuzz_drop(hcb_desk_queue(&text, desk, ctx, FUZZ_AT, HCB_FORMAT_JSON), ctx, &text);
    fuzz_drop(hcb_desk_log(&text, desk, ctx, word, 5, HCB_FORMAT_TEXT), ctx, &text);
    fuzz_drop(hcb_desk_figures(&text, desk, ctx, FUZZ_AT, 0, HCB_FORMAT_JSON), ctx, &text);
    fuzz_drop(hcb_desk_events(&text, desk, ctx), ctx, &text);
    fuzz_drop(hcb_desk_requirements(&text, desk, ctx, word, HCB_FORMAT_CSV), ctx, &text);
    test_folder_remove(fuzz_path("exported"));
    (void)!hcb_desk_export(desk, ctx, FUZZ_AT, fuzz_path("exported"));
}

/* What a call that writes says is there when it says so. */
static void wrote(hcb_status status, hcb_context *ctx, hcb_text **text) {
    fuzz_drop(status, ctx, text);
}

static void types(hcb_context *ctx, const fuzz_input *in) {
    static char lines[512];
    const char *word[4] = {"", "", "", ""};
    hcb_text *text = NULL;
    snprintf(lines, sizeof lines, "%s", fuzz_text(in));
    char *at = lines;
    for (int i = 0; i < 4 && at; i++) {
        word[i] = at;
        at = strchr(at, '\n');
        if (at)
            *at++ = '\0';
    }
    hcb_desk *desk = fresh(ctx, true);
    const int32_t json = HCB_FORMAT_JSON;
    const hcb_desk_stamp said = {sizeof said, 0, FUZZ_AT + 60, word[0]};
    wrote(hcb_desk_note(&text, desk, ctx, &said, NULL, word[1], json), ctx, &text);
    wrote(hcb_desk_note(&text, desk, ctx, &stamp, word[0], word[1], json), ctx, &text);
    wrote(hcb_desk_set(&text, desk, ctx, &stamp, HCB_DESK_SUSPEND, word, 2, word[2], json), ctx, &text);
    wrote(hcb_desk_capacity(&text, desk, ctx, &stamp, word[0], 600, json), ctx, &text);
    wrote(hcb_desk_capacity_of(&text, desk, ctx, &stamp, word[0], word[1], NULL, 600, json), ctx, &text);
    wrote(hcb_desk_capacity_of(&text, desk, ctx, &stamp, "P1", NULL, word[1], 600, json), ctx, &text);
    wrote(hcb_desk_offer(&text, desk, ctx, &stamp, word[0], word + 1, 1, json), ctx, &text);
    wrote(hcb_desk_offer(&text, desk, ctx, &stamp, "Q1", word, 1, json), ctx, &text);
    wrote(hcb_desk_answer(&text, desk, ctx, &stamp, word[0], 0, word[1], -1, json), ctx, &text);
    wrote(hcb_desk_withdraw(&text, desk, ctx, &stamp, word[0], word[1], json), ctx, &text);
    wrote(hcb_desk_handback(&text, desk, ctx, &stamp, word[0], word + 1, 1, word[2], json), ctx, &text);
    wrote(hcb_desk_adopt(&text, desk, ctx, &stamp, json), ctx, &text);
    wrote(hcb_desk_expire(&text, desk, ctx, &stamp, json), ctx, &text);
    reads(ctx, desk, word[0]);
    sound(ctx, desk);
    hcb_desk_close(desk);
}

static void takes(hcb_context *ctx, const fuzz_input *in) {
    hcb_text *text = NULL;
    hcb_desk *desk = fresh(ctx, false);
    hcb_desk_plan_options few;
    hcb_desk_plan_options_init(&few);
    few.allocation.work_limit = 1000;
    few.allocation.threads = 1;
    const char *file = fuzz_path(in->name), *good = HCB_SOURCE_DIR "/tests/golden/base/packages.csv";
    hcb_status status;
    if (fuzz_is(in, "answers.csv"))
        status = hcb_desk_answers(&text, desk, ctx, &stamp, file, HCB_FORMAT_JSON);
    else if (fuzz_is(in, "changed.csv"))
        status = hcb_desk_change(&text, desk, ctx, &stamp, file, NULL, HCB_FORMAT_JSON);
    else if (fuzz_is(in, "visits.csv"))
        status = hcb_desk_change(&text, desk, ctx, &stamp, good, file, HCB_FORMAT_JSON);
    else
        status = hcb_desk_receive(&text, desk, ctx, &stamp, file, NULL, HCB_FORMAT_JSON);
    wrote(status, ctx, &text);
    if (status == HCB_OK) {
        status = hcb_desk_plan(&text, NULL, desk, ctx, &stamp, &few, HCB_FORMAT_TEXT);
        FUZZ_CHECK(status == HCB_OK || status == HCB_ELIMIT);
        fuzz_drop(status, ctx, &text);
    }
    sound(ctx, desk);
    hcb_desk_close(desk);
}

/* Whatever is in the file, it is refused, or read and found wrong. */
static void broken(hcb_context *ctx, const fuzz_input *in) {
    hcb_text *text = NULL;
    int32_t good;
    fuzz_write("ws", in);
    hcb_desk *desk = fresh(ctx, true);
    if (!desk)
        return;
    fuzz_drop(hcb_desk_verify(&text, &good, desk, ctx, HCB_FORMAT_TEXT), ctx, &text);
    reads(ctx, desk, NULL);
    hcb_desk_close(desk);
}

static void imported(hcb_context *ctx, const fuzz_input *in) {
    hcb_desk_options options = HCB_DESK_OPTIONS_INIT;
    options.ledger = fuzz_path("imported.ledger");
    remove(options.ledger);
    hcb_status status = hcb_desk_import(ctx, fuzz_path("ws"), &options, fuzz_path(in->name));
    FUZZ_CHECK(status == HCB_OK || hcb_context_error(ctx)->message[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input in;
    counting memory;
    if (!fuzz_split(&in, data, size))
        return 0;
    bool first = fuzz_home();
    hcb_context *ctx = fuzz_begin(&memory);
    if (first) {
        FUZZ_CHECK(hcb_desk_init(ctx, fuzz_path("ws"), NULL, &stamp) == HCB_OK);
        fuzz_copy(fuzz_path("ws/desk.ledger"), "kept.ledger");
        FUZZ_CHECK(mkdir(fuzz_path("exported"), 0700) == 0);
    }
    fuzz_write(".", &in);
    if (fuzz_is(&in, "words"))
        types(ctx, &in);
    else if (fuzz_is(&in, "desk.ledger"))
        broken(ctx, &in);
    else if (fuzz_is(&in, "events.jsonl"))
        imported(ctx, &in);
    else
        takes(ctx, &in);
    remove(fuzz_path("ws/desk.ledger-wal"));
    remove(fuzz_path("ws/desk.ledger-shm"));
    fuzz_copy(fuzz_path("kept.ledger"), "ws/desk.ledger");
    fuzz_close(ctx, &memory);
    return 0;
}
