/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "allocation/verify_data.h"

#include <string.h>

const char *const hcb__vf_bands[HCB__VF_BANDS] = {"urban", "fringe", "rural", "isolated"};
const char *const hcb__vf_blocks[HCB__VF_BLOCKS] = {"morning", "lunch", "tea", "bed"};
const char *const hcb__vf_ratings[HCB__VF_RATINGS] = {"outstanding", "good", "requires_improvement", "inadequate",
                                                      "not_rated"};
const char *const hcb__vf_classes[HCB__VF_CLASSES] = {"large", "medium", "small_town", "small_rural", "rural_free"};
const char *const hcb__vf_tiers[HCB__VF_TIERS] = {"prime", "supplementary", "framework"};
const char *const hcb__vf_genders[3] = {"any", "female", "male"};
const char *const hcb__vf_rules[HCB__VF_RULES] = {"active",     "zone",        "starts",       "rating",
                                                  "capability", "gender",      "language",     "excluded",
                                                  "travel",     "short_visit", "double_handed"};
const char *const hcb__vf_excuses[HCB__VF_EXCUSES] = {"agreed", "longer_visit", "known"};
const char *const hcb__vf_levels[HCB__VF_LEVELS] = {"waiting", "tier",  "moves", "quality",   "cost",
                                                    "travel",  "blend", "fair",  "preference"};

int32_t hcb__vf_word(const char *const *words, int32_t n, const char *word) {
    for (int32_t i = 0; word && i < n; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return HCB__VF_NONE;
}

void *hcb__vf_new(hcb__vf *vf, size_t count, size_t size) {
    void *p = hcb__arena_alloc(&vf->arena, count, size);
    vf->nomem |= !p;
    return p;
}

const char *hcb__vf_keep(hcb__vf *vf, const char *text, size_t len) {
    const char *p = hcb__arena_strndup(&vf->arena, text, len);
    vf->nomem |= !p;
    return p;
}
