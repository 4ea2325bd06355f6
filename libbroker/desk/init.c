/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new ledger, from the workspace or from exported events. */
#include "desk/desk.h"

static hcb_status write_opened(hcb__entry *e) {
    char reference[65];
    hcb_status status = hcb__desk_reference(e->desk, e->ctx, reference);
    if (status != HCB_OK)
        return status;
    hcb__json_writer *w = hcb__entry_open(e, HCB__EVENT_OPENED);
    hcb__jw_key_string(w, "workspace", e->desk->ws->name);
    hcb__jw_key_string(w, "reference", reference);
    hcb__jw_key_bool(w, "synthetic", e->desk->ws->synthetic);
    return hcb__entry_close(e);
}

static hcb_status run_init(hcb__entry *e, void *payload) {
    (void)payload;
    hcb_status status = write_opened(e);
    return status == HCB_OK ? hcb__receive_workspace(e) : status;
}

/* The frame of a call needs the table of events: it is made before, in a transaction of its own, and counts as an empty
 * ledger until the first event stands. */
static hcb_status make_tables(hcb_desk *desk, hcb_context *ctx) {
    hcb__store *s = &desk->store;
    hcb__store_begin(s, true);
    hcb_status status = s->failed;
    if (status == HCB_OK)
        status = hcb__desk_refuse_old(desk, ctx);
    if (status == HCB_OK) {
        if (hcb__store_int(s, 0, "SELECT COUNT(*) FROM sqlite_schema", "") == 0)
            hcb__schema_create(s);
        hcb__store_commit(s);
        status = s->failed;
    }
    if (status != HCB_OK)
        hcb__store_rollback(s);
    return status;
}

hcb_status hcb__desk_new(hcb_desk **out, hcb_context *ctx, const char *folder, const hcb_desk_options *options) {
    hcb_status status = hcb__desk_open(out, ctx, folder, options, true);
    if (status == HCB_OK)
        status = make_tables(*out, ctx);
    if (status != HCB_OK) {
        hcb_desk_close(*out);
        *out = NULL;
    }
    return status;
}

hcb_status hcb_desk_init(hcb_context *ctx, const char *folder, const hcb_desk_options *options,
                         const hcb_desk_stamp *stamp) {
    if (!ctx)
        return HCB_EINVAL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    hcb_desk *desk = NULL;
    status = hcb__desk_new(&desk, ctx, folder, options);
    if (hcb__end(ctx, status) == HCB_OK)
        status = hcb__desk_write(NULL, desk, ctx, stamp, HCB_FORMAT_TEXT, run_init, NULL);
    hcb_desk_close(desk);
    return status;
}
