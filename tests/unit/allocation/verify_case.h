/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workspace of one zone, two providers, three waiting packages and one placement, and its best plan, all worked out
 * by hand:
 *
 * Q1 210 carer minutes; P1 has 600 - 420 = 180 left, so it goes to P2 (its own price, 20.00 an hour): 210 x 2000 / 60 =
 * 7000 pence; 8 km from P2: 2 + 1.8 x 4 + 0.9 x 4 = 12.8 minutes = 768 s, seven visits: 5376 s = 89.6 minutes.
 * Q2 2 x 840 = 1680 minutes fit nowhere: P1 lacks 1500, P2 210 + 1680 - 1200 = 690. Q3 needs what nobody can do.
 * L1 stays with P1: 420 minutes, 420 x 1875 / 60 = 13125 pence; 4 km: 9.2 minutes = 552 s, seven visits: 3864 s. */
#ifndef HCB_TEST_VERIFY_CASE_H
#define HCB_TEST_VERIFY_CASE_H

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "workspace_files.h"

static const char case_yaml[] = "version: 1\nname: By hand\nas_of: 2020-12-01\nzones: zones.geojson\n"
                                "prices: prices.csv\nproviders: providers.csv\ncoverage: coverage.csv\n"
                                "packages: packages.csv\nplacements: placements.csv\npolicy: policy.yaml\n";
static const char case_zones[] =
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"zone_id\":\"A\","
    "\"name\":\"All\",\"class\":\"large\",\"prime\":true},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":"
    "[[[-1.4,52.5],[-1.0,52.5],[-1.0,52.7],[-1.4,52.7],[-1.4,52.5]]]}}]}\n";
static const char case_prices[] = "band,price_per_hour,effective_from,zone_id\nurban,17.00,2019-04-01,\n"
                                  "urban,18.75,2020-04-01,\nurban,19.00,2021-04-01,\nrural,22.95,,\n";
static const char case_providers[] = "provider_id,easting,northing,capacity_hours,quality,rating,capabilities\n"
                                     "P1,450000,300000,10,80,good,hoist;carer:female\nP2,460000,300000,20,,,\n";
static const char case_coverage[] = "provider_id,zone_id,tier,price_urban\nP2,A,supplementary,20.00\nP1,A,prime,\n";
static const char case_packages[] =
    "package_id,easting,northing,weekly_hours,visits_per_week,carers,priority,received,needs,zone_id,band\n"
    "Q2,455000,300000,14,14,2,,,,A,rural\nQ1,452000,300000,3.5,7,,1,2020-11-21,,A,urban\n"
    "Q3,451000,300000,7,7,,,2020-11-30,peg,A,urban\n";
static const char case_placements[] =
    "package_id,provider_id,easting,northing,weekly_hours,visits_per_week,zone_id,band\n"
    "L1,P1,450000,304000,7,7,A,urban\n";
static const char case_policy[] = "version: 1\nmodel: prime_supplementary\n";

static const char case_canonical_head[] =
    "hcbroker\t1\nas_of\t2020-12-01\n"
    "travel\tcrow\tnearest_served\t3\tcontact\t2000\t1800\t900\t4000\t1000\n"
    "policy\ttiers\tprime;supplementary;framework\npolicy\tblocks\t300\t660\t900\t1140\n"
    "policy\tweights\t5\t4\t3\t2\t1\npolicy\tquality_blank\t50\npolicy\tmoves_limit\t-\n"
    "policy\tlevel\twaiting\t0\t0\t-\t-\npolicy\tlevel\ttier\t0\t0\t-\t-\npolicy\tlevel\tquality\t0\t0\t-\t-\n"
    "policy\tlevel\tcost\t0\t0\t-\t-\npolicy\tlevel\ttravel\t0\t0\t-\t-\n"
    "policy\trule\tactive\t-\t-\npolicy\trule\tzone\t-\t-\npolicy\trule\tstarts\t-\t-\n"
    "policy\trule\trating\toutstanding;good;requires_improvement;not_rated\t-\npolicy\trule\tcapability\t-\t-\n"
    "policy\trule\tgender\t-\t-\npolicy\trule\tlanguage\t-\t-\npolicy\trule\texcluded\t-\t-\n"
    "policy\trule\ttravel\t-\t-\npolicy\trule\tshort_visit\t-\t-\n"
    "zone\tA\tlarge\t1\nprice\tA\turban\t1875\nprice\tA\tfringe\t-\nprice\tA\trural\t2295\nprice\tA\tisolated\t-\n"
    "provider\tP1\t45000000\t30000000\t600\t-\t-\t-\t-\t80\tgood\t-\t-\t-\t1\tcarer:female;hoist\n"
    "provider\tP2\t46000000\t30000000\t1200\t-\t-\t-\t-\t-\tnot_rated\t-\t-\t-\t1\t-\n"
    "coverage\tP1\tA\tprime\t-\t-\t-\t-\t-\ncoverage\tP2\tA\tsupplementary\t-\t2000\t-\t-\t-\n";

/* One visit a day at the slots given, from Sunday to Monday as the canonical form sorts them. */
static inline void case_visits(char *out, const char *morning, const char *bed) {
    for (int day = 6; day >= 0; day--) {
        char days[] = "0000000";
        days[day] = '1';
        if (morning)
            sprintf(out + strlen(out), "visit\t%s\t%s\t0\n", days, morning);
        if (bed)
            sprintf(out + strlen(out), "visit\t%s\t%s\t0\n", days, bed);
    }
}

static inline void case_sha256(const char *text, char out[65]) {
    hcb__sha256 sha;
    hcb__sha256_init(&sha);
    hcb__sha256_add(&sha, text, strlen(text));
    hcb__sha256_hex(&sha, out);
}

static inline void case_canonical(char out[65]) {
    char text[8192];
    strcpy(text, case_canonical_head);
    strcat(text, "package\tQ1\tA\turban\t45200000\t30000000\t1\t2020-11-21\t-\t-\t-\tany\t1\t-\t0\t0\t-\t-\t-\n");
    case_visits(text, "420\t600\t30\t1", NULL);
    strcat(text, "package\tQ2\tA\trural\t45500000\t30000000\t3\t-\t-\t-\t-\tany\t1\t-\t0\t0\t-\t-\t-\n");
    case_visits(text, "420\t600\t60\t2", "1140\t1320\t60\t2");
    strcat(text, "package\tQ3\tA\turban\t45100000\t30000000\t3\t2020-11-30\t-\t-\tpeg\tany\t1\t-\t0\t0\t-\t-\t-\n");
    case_visits(text, "420\t600\t60\t1", NULL);
    strcat(text, "placement\tL1\tA\turban\t45000000\t30400000\t3\t-\t-\t-\t-\tany\t1\t-\t0\t0\tP1\t-\t-\n");
    case_visits(text, "420\t600\t60\t1", NULL);
    case_sha256(text, out);
}

static const char case_allocations[] =
    "package_id,provider_id,tier,zone_id,band,carer_minutes,price_pence_per_hour,weekly_cost_pence,travel_minutes,"
    "quality,rank,previous_provider\r\nQ1,P2,supplementary,A,urban,210,2000,7000,90,50,2,\r\n";
static const char case_waiting[] =
    "package_id,zone_id,band,carer_minutes,priority,days_waiting,reason,detail\r\n"
    "Q2,A,rural,1680,3,,capacity,P2: hours/P2 short by 690\r\nQ3,A,urban,420,3,1,rule,capability_missing:peg 2\r\n";

/* Values: waiting 3 x 1680 + 3 x 420; tier 210 x 1; quality 420 x 20 + 210 x 50; cost 13125 + 7000; travel 3864 + 5376.
 * %s: inputs_sha256 */
static const char case_summary[] =
    "{\"version\":\"%s\",\"name\":\"By hand\",\"synthetic\":false,\"as_of\":\"2020-12-01\",\"packages\":3,\"placed\":1,"
    "\"waiting\":2,\"placements_fixed\":1,\"carer_minutes_placed\":210,\"weekly_cost_pence\":7000,"
    "\"travel_minutes\":90,\"levels\":["
    "{\"name\":\"waiting\",\"unit\":\"priority minutes\",\"value\":6300,\"best\":6300,\"frozen\":6300,\"bound\":6300,"
    "\"gap\":0,\"stop\":\"proved\",\"packages\":0,\"priority_minutes\":0},"
    "{\"name\":\"tier\",\"unit\":\"rank minutes\",\"value\":210,\"best\":210,\"frozen\":210,\"bound\":210,"
    "\"gap\":0,\"stop\":\"proved\"},"
    "{\"name\":\"quality\",\"unit\":\"point minutes\",\"value\":18900,\"best\":18900,\"frozen\":18900,"
    "\"bound\":18900,\"gap\":0,\"stop\":\"proved\"},"
    "{\"name\":\"cost\",\"unit\":\"pence a week\",\"value\":20125,\"best\":20125,\"frozen\":20125,\"bound\":20125,"
    "\"gap\":0,\"stop\":\"proved\"},"
    "{\"name\":\"travel\",\"unit\":\"seconds a week\",\"value\":9240,\"best\":9240,\"frozen\":9240,\"bound\":9240,"
    "\"gap\":0,\"stop\":\"proved\"}],"
    "\"outcome\":\"optimal\",\"stop\":\"proved\",\"seconds\":0.5,\"method\":\"optimal\","
    "\"policy\":\"prime_supplementary\",\"replan\":\"fixed\",\"seed\":1,\"options\":{\"gap\":0.0001,\"work_limit\":0,"
    "\"time_limit\":0,\"replan\":\"fixed\",\"seed\":1},\"inputs_sha256\":\"%s\",\"matrix_fallback_carer_minutes\":0,"
    "\"by_zone\":[{\"zone_id\":\"A\",\"name\":\"All\",\"packages\":3,\"placed\":1,\"waiting\":2,"
    "\"carer_minutes_placed\":210,\"carer_minutes_waiting\":2100,\"weekly_cost_pence\":7000,\"travel_minutes\":90,"
    "\"placements_fixed\":1,\"carer_minutes_fixed\":420}],"
    "\"by_provider\":[{\"provider_id\":\"P1\",\"placed\":0,\"carer_minutes_placed\":0,\"weekly_cost_pence\":0,"
    "\"travel_minutes\":0,\"placements_fixed\":1,\"carer_minutes_fixed\":420,\"capacity_minutes\":600,"
    "\"room_minutes\":180},"
    "{\"provider_id\":\"P2\",\"placed\":1,\"carer_minutes_placed\":210,\"weekly_cost_pence\":7000,"
    "\"travel_minutes\":90,\"placements_fixed\":0,\"carer_minutes_fixed\":0,\"capacity_minutes\":1200,"
    "\"room_minutes\":990}],"
    "\"by_tier\":[{\"tier\":\"prime\",\"placed\":0,\"carer_minutes_placed\":0,\"weekly_cost_pence\":0,"
    "\"travel_minutes\":0},{\"tier\":\"supplementary\",\"placed\":1,\"carer_minutes_placed\":210,"
    "\"weekly_cost_pence\":7000,\"travel_minutes\":90},{\"tier\":\"framework\",\"placed\":0,"
    "\"carer_minutes_placed\":0,\"weekly_cost_pence\":0,\"travel_minutes\":0}]}";

/* Waiting needs no prices: Q2 alone is more than either provider has left, so it waits whatever happens. The others
 * price the first level so that letting Q1 wait is no gain: tier at 1 a minute (210 against 1050), the rest at 10. For
 * tier: 210
 * + 5040 + 1260 - 6300 = 210. %s: bound of tier's proof, inputs_sha256. */
static const char case_certificate[] =
    "{\"format\":1,\"inputs_sha256\":\"%s\",\"method\":\"optimal\",\"replan\":\"fixed\",\"plan\":{\"Q1\":\"P2\","
    "\"Q2\":null,\"Q3\":null},\"levels\":["
    "{\"name\":\"waiting\",\"value\":6300,\"best\":6300,\"frozen\":6300,\"bound\":6300,\"denominator\":0,"
    "\"multipliers\":[],\"nodes\":[]},"
    "{\"name\":\"tier\",\"value\":210,\"best\":210,\"frozen\":210,\"bound\":210,\"denominator\":1,\"multipliers\":["
    "{\"rows\":{\"level/waiting\":1}}],\"nodes\":[{\"leaf\":0}]},"
    "{\"name\":\"quality\",\"value\":18900,\"best\":18900,\"frozen\":18900,\"bound\":18900,\"denominator\":1,"
    "\"multipliers\":[{\"rows\":{\"level/waiting\":10}}],\"nodes\":[{\"leaf\":0}]},"
    "{\"name\":\"cost\",\"value\":20125,\"best\":20125,\"frozen\":20125,\"bound\":20125,\"denominator\":1,"
    "\"multipliers\":[{\"rows\":{\"level/waiting\":10}}],\"nodes\":[{\"leaf\":0}]},"
    "{\"name\":\"travel\",\"value\":9240,\"best\":9240,\"frozen\":9240,\"bound\":9240,\"denominator\":1,"
    "\"multipliers\":[{\"rows\":{\"level/waiting\":10}}],\"nodes\":[{\"leaf\":0}]}]";

/* Text with the first `from` replaced; both NULL: as it is. */
static inline void case_replace(char *text, const char *from, const char *to) {
    char rest[16384];
    char *at = from ? strstr(text, from) : NULL;
    if (!from)
        return;
    if (!at)
        abort();
    strcpy(rest, at + strlen(from));
    strcpy(at, to);
    strcat(at, rest);
}

static inline void case_write_workspace(const test_folder *folder) {
    test_folder_write(folder, "hcbroker.yaml", case_yaml);
    test_folder_write(folder, "zones.geojson", case_zones);
    test_folder_write(folder, "prices.csv", case_prices);
    test_folder_write(folder, "providers.csv", case_providers);
    test_folder_write(folder, "coverage.csv", case_coverage);
    test_folder_write(folder, "packages.csv", case_packages);
    test_folder_write(folder, "placements.csv", case_placements);
    test_folder_write(folder, "policy.yaml", case_policy);
}

/* The plan, with the first `from` in the file named replaced by `to`; the certificate is sealed after that. */
static inline void case_write_plan(const test_folder *folder, const char *file, const char *from, const char *to) {
    static const char *const names[] = {"allocations.csv", "waiting.csv", "summary.json", "certificate.json"};
    char sha[65], seal[65], text[16384];
    case_canonical(sha);
    for (int i = 0; i < 4; i++) {
        if (i == 0)
            strcpy(text, case_allocations);
        else if (i == 1)
            strcpy(text, case_waiting);
        else if (i == 2)
            snprintf(text, sizeof text, case_summary, hcb_version(), sha);
        else
            snprintf(text, sizeof text, case_certificate, sha);
        if (file && strcmp(file, names[i]) == 0)
            case_replace(text, from, to);
        if (i == 3) {
            char whole[16384];
            snprintf(whole, sizeof whole, "%.16000s}", text);
            case_sha256(whole, seal);
            sprintf(text + strlen(text), ",\"seal\":\"%s\"}\n", seal);
        }
        test_folder_write(folder, names[i], text);
    }
}

#endif
