/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the operating system said, in an error record. */
#ifndef HCB_IO_OSERROR_H
#define HCB_IO_OSERROR_H

#include "base/context.h"

/* "<what>: <text of the errno value>". */
HCB_NODISCARD hcb_status hcb__os_error(hcb_context *ctx, hcb_status code, const hcb__where *where, const char *what,
                                       int error);

#endif
