/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/versions.h"

#include <csv.h>
#include <jansson.h>
#include <yaml.h>

void hcb__io_versions(hcb__text *out) {
    int major, minor, patch;
    yaml_get_version(&major, &minor, &patch);
    hcb__text_printf(out, "jansson %s\nlibcsv %d.%d.%d\nlibyaml %d.%d.%d\n", JANSSON_VERSION, CSV_MAJOR, CSV_MINOR,
                     CSV_RELEASE, major, minor, patch);
}
