/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a zone that rules hold there, joined with the rest of it. */
#ifndef HCB_DESIGN_JOIN_H
#define HCB_DESIGN_JOIN_H

#include "design/mapping.h"

/* Where a zone is in more parts than it may have, and one that holds a fixed area is not its largest: the cheapest way
 * between them, by minutes of care, over areas that may change zone, joins the zone, as far as there is one. Changes
 * `repaired`. False when memory is out. */
bool hcb__map_join_held(hcb__mapping *mapping);

#endif
