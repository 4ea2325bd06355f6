/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every number the generator uses, in one list, with its standing and source; docs/synthetic.md shows the same list.
 * Standing: S committee papers of the council 2019-2021; W a public page; D derived from such figures; A assumption. */
#ifndef HCB_SCENARIO_PARAMETERS_H
#define HCB_SCENARIO_PARAMETERS_H

#include <stdint.h>

#include "base/text.h"

/* XX(symbol, name, s0, s1, s2, standing, "meaning and source") */
#define HCB__PARAMETER_MAP(XX)                                                                                         \
    XX(PEOPLE, "people", 1670, 2090, 2650, "D",                                                                        \
       "people served today; s0 = budget 2020/21 over the mean price, 12.0 h a person; s1 = s0 + 25 % (Dec on Mar "    \
       "2020); s2 = value of the 2026 framework")                                                                      \
    XX(HOURS, "hours", 20000, 28600, 38000, "D", "carer hours a week of these people; s1 = s0 x 1.25 x 1.14")          \
    XX(HOURS_TOLERANCE, "hours_tolerance", 0.0025, 0.0025, 0.0025, "A",                                                \
       "calibration ends this near to `hours` (a share)")                                                              \
    XX(WEIGHT_65, "weight_65", 0.8, 0.8, 0.8, "A", "weight of a small area for each age-weighted resident aged 65+")   \
    XX(WEIGHT_ALL, "weight_all", 0.2, 0.2, 0.2, "A", "... and for each resident (users aged 18-64)")                   \
    XX(RATIO_65, "ratio_65_74", 1, 1, 1, "A", "age weight of a resident of 65-74")                                     \
    XX(RATIO_75, "ratio_75_84", 3.5, 3.5, 3.5, "A", "... of 75-84")                                                    \
    XX(RATIO_85, "ratio_85", 11, 11, 11, "A", "... of 85 and over")                                                    \
    XX(SHARE_75, "share_75_84", 0.3317, 0.3317, 0.3317, "D",                                                           \
       "share of 75-84 among those aged 65+: (67,488 - 18,832) / 146,675, ONS mid-2020, county")                       \
    XX(SHARE_85, "share_85", 0.1284, 0.1284, 0.1284, "D", "share of 85+ among those aged 65+: 18,832 / 146,675")       \
    XX(RESIDENTS, "residents_per_household", 2.405, 2.405, 2.405, "D", "713,085 residents / 296,443 households")       \
    XX(JITTER_POSTCODE, "jitter_postcode_m", 25, 25, 25, "A", "standard deviation of a person around the postcode")    \
    XX(JITTER_AREA, "jitter_area_m", 300, 300, 300, "A", "... around the small area's point when it has no postcodes") \
    XX(DOUBLE, "double_handed", 0.15, 0.19, 0.21, "D",                                                                 \
       "share of people with two carers: 49,000 of 245-275 thousand in England 2024 (Homecare Association, ADASS)")    \
    XX(DOUBLE_2, "double_calls_2", 0.10, 0.10, 0.10, "A", "of them: two calls a day")                                  \
    XX(DOUBLE_3, "double_calls_3", 0.15, 0.15, 0.15, "A", "... three calls a day; the rest four")                      \
    XX(FEW, "single_few", 0.14, 0.12, 0.10, "A", "one carer: a few visits a week")                                     \
    XX(FEW_LEAST, "few_least", 2, 2, 2, "A", "... at least")                                                           \
    XX(FEW_MOST, "few_most", 5, 5, 5, "A", "... at most")                                                              \
    XX(CALLS_1, "single_calls_1", 0.28, 0.24, 0.23, "A", "one carer: one call a day; fitted to ADASS mean hours")      \
    XX(CALLS_2, "single_calls_2", 0.25, 0.24, 0.25, "A", "... two")                                                    \
    XX(CALLS_3, "single_calls_3", 0.18, 0.21, 0.21, "A", "... three; the rest four")                                   \
    XX(LENGTH_15, "length_15", 0.03, 0.03, 0.03, "W",                                                                  \
       "share of visits of 15 minutes; lengths after Access/UKHCA 2019, Torbay, UNISON 2014; one length a slot")       \
    XX(LENGTH_30, "length_30", 0.62, 0.62, 0.62, "W", "... of 30 minutes")                                             \
    XX(LENGTH_45, "length_45", 0.20, 0.20, 0.20, "W", "... of 45 minutes; the rest 60")                                \
    XX(TOLERANCE, "window_tolerance_min", 30, 30, 30, "A", "a visit's window: planned time +/- this, within its slot") \
    XX(TOLERANCE_CRITICAL, "window_tolerance_critical_min", 15, 15, 15, "A", "... where it is time-critical")          \
    XX(CRITICAL, "time_critical", 0.15, 0.15, 0.15, "A", "share of calls that are time-critical")                      \
    XX(STAY_MEAN, "stay_mean_weeks", 51, 51, 51, "D", "mean time since start: people / starts a week (33, 40, 40)")    \
    XX(STAY_SHORT, "stay_short", 0.30, 0.30, 0.30, "A", "share of people who began within the short time")             \
    XX(STAY_SHORT_WEEKS, "stay_short_weeks", 8, 8, 8, "A", "... which is this long; the others exponential beyond it") \
    XX(END_GIVEN, "end_given", 0.03, 0.03, 0.03, "A", "share of placements with an end agreed")                        \
    XX(END_WEEKS, "end_weeks", 8, 8, 8, "A", "... within this time")                                                   \
    XX(NEED_DEMENTIA, "need_dementia", 0.20, 0.20, 0.20, "A", "share of people who need the capability `dementia`")    \
    XX(NEED_HOIST, "need_hoist", 0.60, 0.60, 0.60, "A", "`hoist`: share of people with two carers")                    \
    XX(NEED_LEARNING, "need_learning_disability", 0.06, 0.06, 0.06, "A", "`learning_disability`")                      \
    XX(NEED_END_OF_LIFE, "need_end_of_life", 0.03, 0.03, 0.03, "A", "`end_of_life`")                                   \
    XX(NEED_PEG, "need_peg_feeding", 0.02, 0.02, 0.02, "A", "`peg_feeding`")                                           \
    XX(FEMALE, "prefer_female", 0.17, 0.17, 0.17, "A", "share of people who prefer female carers")                     \
    XX(MALE, "prefer_male", 0.03, 0.03, 0.03, "A", "... male carers")                                                  \
    XX(GENDER_HARD, "gender_hard", 0.35, 0.35, 0.35, "A", "... of them: hard, no other carer will do")                 \
    XX(LANG_GU, "language_gu", 0.03, 0.03, 0.03, "A", "share of people who prefer Gujarati")                           \
    XX(LANG_PA, "language_pa", 0.01, 0.01, 0.01, "A", "... Punjabi")                                                   \
    XX(LANG_PL, "language_pl", 0.005, 0.005, 0.005, "A", "... Polish")                                                 \
    XX(LANGUAGE_HARD, "language_hard", 0.20, 0.20, 0.20, "A", "... of them: hard")                                     \
    XX(PROVIDERS, "providers", 86, 86, 86, "W", "providers of the framework (market position statement, 2023)")        \
    XX(OFFICE_COUNTY, "office_in_county", 0.60, 0.60, 0.60, "A",                                                       \
       "share of offices in the county, by district as CQC locations in Sep 2025; the rest Leicester 201 : "           \
       "Rutland 13. On another map all offices lie in its small areas")                                                \
    XX(OFFICE_JITTER, "office_jitter_m", 400, 400, 400, "A", "standard deviation of an office around its settlement")  \
    XX(SIZE_MEDIAN, "size_median_hours", 200, 200, 200, "A",                                                           \
       "provider size, hours a week, lognormal; then scaled so that the sizes add up to `hours`")                      \
    XX(SIZE_SIGMA, "size_sigma", 1, 1, 1, "A", "... of the logarithm")                                                 \
    XX(SIZE_CAP, "size_cap_hours", 3000, 3000, 3000, "A", "... at most")                                               \
    XX(SPARE_NONE, "spare_none", 0.10, 0.10, 0.10, "A", "share of providers without spare hours")                      \
    XX(SPARE_MOST, "spare_most", 0.12, 0.12, 0.12, "A", "the others: uniform from 0 to this share of what they serve") \
    XX(ZONES_1, "zones_1", 0.30, 0.30, 0.30, "A", "share of providers that cover one zone, the nearest")               \
    XX(ZONES_2, "zones_2", 0.25, 0.25, 0.25, "A", "... the two nearest")                                               \
    XX(ZONES_3, "zones_3", 0.20, 0.20, 0.20, "A", "... three")                                                         \
    XX(ZONES_4, "zones_4", 0.12, 0.12, 0.12, "A", "... four")                                                          \
    XX(ZONES_5, "zones_5", 0.08, 0.08, 0.08, "A", "... five; the rest six")                                            \
    XX(ZONE_LEAST, "providers_per_zone_least", 2, 2, 2, "S",                                                           \
       "then the nearest providers are added until every zone has this many, the zones with fewest people first")      \
    XX(PRIMES_LARGE, "primes_large", 2, 2, 2, "A", "prime providers of a large or medium zone: its biggest")           \
    XX(PRIMES_SMALL, "primes_small", 1, 1, 1, "A", "... of the other zones with a prime role")                         \
    XX(FRAMEWORK, "framework_tier", 0.10, 0.10, 0.10, "A", "share of the other coverage that is framework only")       \
    XX(OWN_PRICE, "own_price", 0.50, 0.50, 0.50, "A", "share of framework coverage with a price of its own")           \
    XX(OWN_PRICE_LEAST, "own_price_least", 0.97, 0.97, 0.97, "A", "... between this and")                              \
    XX(OWN_PRICE_MOST, "own_price_most", 1.10, 1.10, 1.10, "A", "... this times the price of the band")                \
    XX(RATED, "rated", 0.5714, 0.5714, 0.5714, "W", "share of providers with a CQC rating: 104 of 182, Sep 2025")      \
    XX(RATED_OUTSTANDING, "rated_outstanding", 0.0385, 0.0385, 0.0385, "W", "of them outstanding: 4 of 104")           \
    XX(RATED_GOOD, "rated_good", 0.8269, 0.8269, 0.8269, "W", "... good: 86 of 104; the rest require improvement")     \
    XX(QUALITY_OUTSTANDING, "quality_outstanding", 90, 90, 90, "A", "mean quality score of outstanding providers")     \
    XX(QUALITY_GOOD, "quality_good", 75, 75, 75, "A", "... of good ones")                                              \
    XX(QUALITY_IMPROVE, "quality_requires_improvement", 55, 55, 55, "A", "... of those that require improvement")      \
    XX(QUALITY_NOT_RATED, "quality_not_rated", 66, 66, 66, "A", "... of those not rated")                              \
    XX(QUALITY_SD, "quality_sd", 7, 7, 7, "A", "standard deviation of the score")                                      \
    XX(CAN_DEMENTIA, "can_dementia", 0.80, 0.80, 0.80, "A", "share of providers with `dementia`")                      \
    XX(CAN_HOIST, "can_hoist", 0.75, 0.75, 0.75, "A", "`hoist`")                                                       \
    XX(CAN_LEARNING, "can_learning_disability", 0.40, 0.40, 0.40, "A", "`learning_disability`")                        \
    XX(CAN_END_OF_LIFE, "can_end_of_life", 0.50, 0.50, 0.50, "A", "`end_of_life`")                                     \
    XX(CAN_PEG, "can_peg_feeding", 0.35, 0.35, 0.35, "A", "`peg_feeding`")                                             \
    XX(CAN_FEMALE, "can_carer_female", 0.98, 0.98, 0.98, "A", "`carer:female`")                                        \
    XX(CAN_MALE, "can_carer_male", 0.60, 0.60, 0.60, "A", "`carer:male`")                                              \
    XX(CAN_GU, "can_lang_gu", 0.30, 0.30, 0.30, "A", "`lang:gu`")                                                      \
    XX(CAN_PA, "can_lang_pa", 0.20, 0.20, 0.20, "A", "`lang:pa`")                                                      \
    XX(CAN_PL, "can_lang_pl", 0.15, 0.15, 0.15, "A", "`lang:pl`")                                                      \
    XX(TRAVEL_GIVEN, "max_travel_given", 0.60, 0.60, 0.60, "A", "share of providers that state a largest travel time") \
    XX(TRAVEL_LEAST, "max_travel_least_min", 12, 12, 12, "A", "... uniform from this")                                 \
    XX(TRAVEL_MOST, "max_travel_most_min", 30, 30, 30, "A", "... to this, and never below what they travel today")     \
    XX(TRAVEL_REACH, "reach_min", 35, 35, 35, "A", "nobody is placed farther from an office than this, if possible")   \
    XX(NEW_GIVEN, "max_new_given", 0.30, 0.30, 0.30, "A", "share of providers with a limit of new packages a week")    \
    XX(NEW_LEAST, "max_new_least", 2, 2, 2, "A", "... uniform from this")                                              \
    XX(NEW_MOST, "max_new_most", 8, 8, 8, "A", "... to this")                                                          \
    XX(BLOCKS_GIVEN, "blocks_given", 0.15, 0.15, 0.15, "A",                                                            \
       "share of providers with a capacity for each time block: what they serve in it and its part of the spare "      \
       "hours "                                                                                                        \
       "x 0.6 to 1.4")                                                                                                 \
    XX(ZONE_CAP_GIVEN, "zone_capacity_given", 0.15, 0.15, 0.15, "A",                                                   \
       "share of coverage with a capacity of its own: what is served there and 0.4 to 1 of the spare hours")           \
    XX(FUTURE, "not_yet_started", 0.03, 0.03, 0.03, "A",                                                               \
       "share of providers that start after `as_of`, with nobody yet")                                                 \
    XX(FUTURE_WEEKS, "not_yet_started_weeks", 8, 8, 8, "A",                                                            \
       "... within this time; capacity: the spare share of their size")                                                \
    XX(VIABLE, "viable_share", 0.60, 0.60, 0.60, "A", "hours a provider needs to be viable, share of what it serves")  \
    XX(DISTANCE, "distance_km", 3, 3, 3, "A",                                                                          \
       "a person goes to an eligible provider with probability falling by e at this distance from its office or "      \
       "nearest person served, and rising with the hours it still lacks of its size")                                  \
    XX(PRIME_FACTOR, "prime_factor", 1.5, 1.5, 1.5, "A", "... times this where it is prime")                           \
    XX(FRAMEWORK_FACTOR, "framework_factor", 0.5, 0.5, 0.5, "A", "... times this where it is framework only")          \
    XX(QUEUE, "queue", 60, 60, 60, "A", "waiting packages, when no number is asked for")                               \
    XX(HOSPITAL, "from_hospital", 0.40, 0.40, 0.40, "A", "share of the queue from hospital: priority 1 or 2")          \
    XX(REABLEMENT, "from_reablement", 0.35, 0.35, 0.35, "A",                                                           \
       "... from reablement: priority 2 or 3; the rest from the community: 3, 4 or 5")                                 \
    XX(HOSPITAL_DAYS, "received_hospital_days", 7, 7, 7, "A", "received within so many days before `as_of`")           \
    XX(REABLEMENT_DAYS, "received_reablement_days", 14, 14, 14, "A", "... from reablement")                            \
    XX(COMMUNITY_DAYS, "received_community_days", 28, 28, 28, "A", "... from the community")                           \
    XX(START_GIVEN, "start_given", 0.70, 0.70, 0.70, "A", "share of the queue with a start date")                      \
    XX(START_DAYS, "start_days", 10, 10, 10, "A", "... within so many days from `as_of`")                              \
    XX(EXCLUDED, "excluded", 0.05, 0.05, 0.05, "A", "share of the queue that one provider has declined")

typedef enum hcb__parameter_name {
#define HCB__PARAMETER_ENUM(symbol, name, s0, s1, s2, standing, text) HCB__P_##symbol,
    HCB__PARAMETER_MAP(HCB__PARAMETER_ENUM)
#undef HCB__PARAMETER_ENUM
        HCB__PARAMETERS
} hcb__parameter_name;

double hcb__parameter(hcb__parameter_name name, int32_t scenario);

/* The list as a Markdown table. */
void hcb__parameters_markdown(hcb__text *out);

#endif
