/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The public handle of a frozen model: counted, so that what was made from it keeps it alive. */
#ifndef HCB_MODEL_HANDLE_H
#define HCB_MODEL_HANDLE_H

#include <stdatomic.h>

#include "hcbroker/workspace.h"
#include "model/model.h"

struct hcb_workspace {
    atomic_int references;
    hcb_allocator mem;
    hcb__model *model;
};

/* A handle of a model, which it then owns; on failure the model is freed. */
HCB_NODISCARD hcb_status hcb__workspace_wrap(hcb_workspace **out, hcb_context *ctx, hcb__model *model);
/* Reads and freezes; `folder` NULL: from the context's memory alone. */
HCB_NODISCARD hcb_status hcb__workspace_open(hcb_workspace **out, hcb_context *ctx, const char *folder,
                                             const hcb_workspace_options *options);
hcb_workspace *hcb__workspace_retain(const hcb_workspace *workspace);

#endif
