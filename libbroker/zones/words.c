/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/zones.h"

const char *const hcb__band_words[HCB__BANDS] = {"urban", "fringe", "rural", "isolated"};

const char *const hcb__zone_class_words[HCB__ZONE_CLASSES] = {"large", "medium", "small_town", "small_rural",
                                                              "rural_free"};
