/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Versions of the readers' libraries, one a line. */
#ifndef HCB_IO_VERSIONS_H
#define HCB_IO_VERSIONS_H

#include "base/text.h"

void hcb__io_versions(hcb__text *out);

#endif
