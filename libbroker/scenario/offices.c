/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/offices.h"

#include <math.h>

typedef struct anchor {
    hcb__point at;
    double weight;
} anchor;

/* CQC-registered home-care locations on 8 Sep 2025 by district, split among its larger settlements (gazetteer
 * positions); the split is assumed. */
static const anchor county[] = {
    {{453786, 319711}, 27}, /* Charnwood 47: Loughborough */
    {{447975, 319562}, 5},  /* Shepshed */
    {{459483, 309337}, 5},  /* Birstall */
    {{462708, 311642}, 5},  /* Syston */
    {{461588, 308896}, 5},  /* Thurmaston */
    {{455384, 302663}, 12}, /* Blaby 41: Braunstone Town */
    {{454514, 306172}, 9},  /* Glenfield */
    {{453223, 303177}, 7},  /* Leicester Forest East */
    {{455861, 297425}, 7},  /* Whetstone */
    {{453918, 297459}, 6},  /* Narborough */
    {{442694, 293893}, 20}, /* Hinckley and Bosworth 30: Hinckley */
    {{446410, 297599}, 4},  /* Earl Shilton */
    {{444503, 296967}, 3},  /* Barwell */
    {{444259, 292809}, 3},  /* Burbage */
    {{473450, 287340}, 11}, /* Harborough 19: Market Harborough */
    {{454382, 284531}, 4},  /* Lutterworth */
    {{453118, 292105}, 2},  /* Broughton Astley */
    {{468110, 293719}, 2},  /* Kibworth Beauchamp */
    {{460549, 298863}, 8},  /* Oadby and Wigston 18: Wigston */
    {{462647, 300199}, 7},  /* Oadby */
    {{458866, 298365}, 3},  /* South Wigston */
    {{442468, 314251}, 9},  /* North West Leicestershire 17: Coalville */
    {{435719, 316706}, 5},  /* Ashby-de-la-Zouch */
    {{444554, 327350}, 3},  /* Castle Donington */
    {{475246, 319384}, 9},  /* Melton 10: Melton Mowbray */
    {{480470, 338953}, 1},  /* Bottesford */
};

/* Leicester 201 and Rutland 13; positions from general knowledge, to about 500 m. */
static const anchor beyond[] = {
    {{458900, 304500}, 41}, /* Leicester: centre */
    {{462500, 303000}, 20}, /* Evington */
    {{459700, 307000}, 20}, /* Belgrave */
    {{456500, 308500}, 20}, /* Beaumont Leys */
    {{457300, 301000}, 20}, /* Aylestone */
    {{462200, 306000}, 20}, /* Humberstone */
    {{457300, 303600}, 20}, /* Westcotes */
    {{459800, 301500}, 20}, /* Knighton */
    {{455800, 305500}, 20}, /* New Parks */
    {{486000, 308800}, 10}, /* Rutland: Oakham */
    {{486700, 299700}, 3},  /* Uppingham */
};

enum { N_COUNTY = sizeof county / sizeof *county, N_BEYOND = sizeof beyond / sizeof *beyond };

hcb__offices hcb__offices_of(const hcb__ground *ground, int32_t scenario) {
    int inside = 0;
    for (int i = 0; i < N_COUNTY; i++)
        inside += hcb__locate(ground->set, -1, -1, -1, false, county[i].at).by != HCB__LOCATED_NOT;
    return (hcb__offices){ground, scenario, 2 * inside >= N_COUNTY};
}

static hcb__point draw_anchor(const anchor *anchors, int n, hcb__rng *rng) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += anchors[i].weight;
    double u = hcb__rng_unit(rng) * sum;
    int i = 0;
    while (i + 1 < n && u >= anchors[i].weight)
        u -= anchors[i++].weight;
    return anchors[i].at;
}

hcb__point hcb__offices_draw(const hcb__offices *offices, hcb__rng *rng) {
    const hcb__ground *ground = offices->ground;
    hcb__point centre;
    if (!offices->leicestershire)
        centre = ground->set->areas[hcb__ground_draw(ground, rng)].point;
    else if (hcb__chance(rng, hcb__parameter(HCB__P_OFFICE_COUNTY, offices->scenario)))
        centre = draw_anchor(county, N_COUNTY, rng);
    else
        centre = draw_anchor(beyond, N_BEYOND, rng);
    return hcb__near(rng, centre, hcb__parameter(HCB__P_OFFICE_JITTER, offices->scenario));
}
