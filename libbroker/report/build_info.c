/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/textbuf.h"
#include "geo/crs.h"
#include "hcbroker/workspace.h"
#include "io/versions.h"
#include "solve/backend.h"

hcb_status hcb_build_info(hcb_text **out, hcb_context *ctx) {
    if (!out || !ctx)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = hcb__text_handle(out, ctx);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb__text *text = hcb__text_of(*out);
    hcb__text_printf(text, "hcbroker %s\n", hcb_version());
    hcb__io_versions(text);
    hcb__text_printf(text, "PROJ %s\nGEOS %s\n", hcb__crs_proj_version(), hcb__geos_version());
    for (const hcb__backend *const *backend = hcb__backends(); *backend; backend++)
        hcb__text_printf(text, "%s\n", (*backend)->name);
    hcb__crs *crs = NULL;
    if (hcb__crs_create(&crs, ctx, "EPSG:4326", NULL) == HCB_OK) {
        hcb__text_printf(text, "WGS 84 to EPSG:27700: %s; accuracy ", hcb__crs_operation(crs));
        if (hcb__crs_accuracy_m(crs) >= 0) {
            hcb__text_double(text, hcb__crs_accuracy_m(crs), 1);
            hcb__text_puts(text, " m\n");
        } else {
            hcb__text_puts(text, "not known\n");
        }
        hcb__crs_free(crs);
    }
    return hcb__end(ctx, hcb__text_finish(out, ctx));
}
