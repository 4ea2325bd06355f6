/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places the packages of a workspace: cc allocate.c $(pkg-config --cflags --libs hcbroker) -o allocate */
#include <hcbroker/hcbroker.h>
#include <stdio.h>

int main(int argc, char **argv) {
    hcb_context *ctx = NULL;
    hcb_workspace *workspace = NULL;
    hcb_allocation *plan = NULL;
    hcb_status status = hcb_context_create(&ctx, NULL);
    if (status == HCB_OK)
        status = hcb_workspace_load(&workspace, ctx, argc > 1 ? argv[1] : ".", NULL);
    if (status == HCB_OK)
        status = hcb_allocation_solve(&plan, ctx, workspace, NULL);
    hcb_allocation_arrays a = {.struct_size = sizeof a};
    if (status == HCB_OK)
        status = hcb_allocation_get_arrays(plan, &a);
    for (int i = 0; i < a.n_items; i++)
        printf("%s %s\n", a.package_id[i], a.provider[i] < 0 ? a.detail[i] : a.provider_id[a.provider[i]]);
    if (status != HCB_OK)
        fprintf(stderr, "%s\n", ctx ? hcb_context_error(ctx)->message : hcb_status_text(status));
    hcb_allocation_free(plan);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    return status != HCB_OK;
}
