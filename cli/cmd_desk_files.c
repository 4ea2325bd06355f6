/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd_desk.h"

enum { FOR_WORKSPACE, FOR_PROVIDERS, FOR_PUBLIC, FOR_EVENTS };

static int save_or_print(cli *c, hcb_desk *desk, hcb_status status, hcb_text *text) {
    if (status == HCB_OK && c->args.out) {
        status = hcb_text_save(c->ctx, text, c->args.out);
        hcb_text_free(text);
        text = NULL;
    }
    return desk_done(c, desk, status, text);
}

static int run_export(cli *c) {
    hcb_desk_stamp stamp;
    int code;
    if (c->args.export_for == FOR_WORKSPACE && !c->args.out) {
        complain("desk export: --out DIR is missing: the folder of the new workspace");
        return EXIT_USAGE;
    }
    hcb_desk *desk = desk_open(c, c->args.export_for == FOR_EVENTS, &stamp, &code);
    if (!desk)
        return code;
    hcb_text *text = NULL;
    /* Files for providers are tables unless JSON is asked for. */
    int32_t format = c->args.format == HCB_FORMAT_JSON ? HCB_FORMAT_JSON : HCB_FORMAT_CSV;
    hcb_status status;
    switch (c->args.export_for) {
    case FOR_PROVIDERS:
        status = hcb_desk_requirements(&text, desk, c->ctx, c->args.provider, format);
        break;
    case FOR_PUBLIC:
        status = hcb_desk_figures(&text, desk, c->ctx, stamp.at, 1, c->args.format);
        break;
    case FOR_EVENTS:
        status = hcb_desk_events(&text, desk, c->ctx);
        break;
    default:
        return desk_done(c, desk, hcb_desk_export(desk, c->ctx, stamp.at, c->args.out), NULL);
    }
    return save_or_print(c, desk, status, text);
}

/* EOF: the file is empty. False after a message: it cannot be read. */
static bool first_byte(const char *path, int *byte) {
    FILE *file = fopen(path, "rb");
    *byte = file ? fgetc(file) : EOF;
    bool good = file && !ferror(file);
    if (!good)
        complain("%s cannot be read: %s", path, strerror(errno));
    if (file)
        fclose(file);
    return good;
}

static int import_answers(cli *c) {
    hcb_desk_stamp stamp;
    int code;
    hcb_desk *desk = desk_open(c, false, &stamp, &code);
    if (!desk)
        return code;
    hcb_text *text = NULL;
    hcb_status status = hcb_desk_answers(&text, desk, c->ctx, &stamp, c->args.operands[0], c->args.format);
    code = finish(c, status);
    if (status == HCB_OK) {
        code = print_text(text);
        desk_renew_plan(c, desk, &stamp);
    }
    hcb_desk_close(desk);
    return code;
}

/* The result is what desk verify says of the new ledger: its head is what to compare with the old one's. */
static int import_events(cli *c) {
    hcb_desk_stamp stamp;
    if (c->args.format == HCB_FORMAT_CSV) {
        complain("desk import: of events, --format is text or json");
        return EXIT_USAGE;
    }
    if (!desk_stamp(c, &stamp))
        return EXIT_USAGE;
    hcb_desk_options o = desk_options_of(c, false);
    int code = finish(c, hcb_desk_import(c->ctx, c->args.dir, &o, c->args.operands[0]));
    return code == EXIT_DONE ? command_desk_verify.run(c) : code;
}

static int run_import(cli *c) {
    int byte;
    if (!first_byte(c->args.operands[0], &byte))
        return EXIT_IO;
    return byte == '{' ? import_events(c) : import_answers(c);
}

static const hcb_option_word purposes[] = {
    {"workspace", FOR_WORKSPACE}, {"providers", FOR_PROVIDERS}, {"public", FOR_PUBLIC}, {"events", FOR_EVENTS}};
static const arg_option export_options[] = {
    OWN_CHOICE("for", purposes, export_for, "what for"),
    OWN_TEXT("provider", "ID", provider, "only what is offered to this provider"),
    OWN_TEXT("out", "PATH", out, "the folder of a workspace, else a file (default: standard output)"), DESK_READS};
static const arg_option import_options[] = {OWN_FLAG("no-plan", no_plan, "leave the plan as it is"), DESK_WRITES};

DESK_COMMAND(command_desk_export, "desk export", "", 0, 0,
             "the state as a workspace, open offers for providers, events",
             "workspace: a folder that every other command reads. providers: open offers without\n"
             "anything that tells who the person is. public: figures, none under 5. events: JSON\n"
             "lines, which desk import takes back.",
             export_options, run_export);
DESK_COMMAND(command_desk_import, "desk import", "FILE", 1, 1, "a file of answers, or the events of another ledger",
             "CSV: offer_id, answer (accept, decline), reason, price; all of them or none. JSON\n"
             "lines of desk export --for events: a new ledger, after every hash was checked; prints\n"
             "what desk verify says of it.",
             import_options, run_import);
