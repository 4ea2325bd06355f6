/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeded random numbers: xoshiro256** (Blackman and Vigna 2018), seeded by splitmix64. Same seed, same stream, on every
 * machine; nothing here uses floating point functions whose last bit depends on the C library, except where said. */
#ifndef HCB_BASE_RNG_H
#define HCB_BASE_RNG_H

#include <stdint.h>

typedef struct hcb__rng {
    uint64_t s[4];
} hcb__rng;

/* Independent streams of one seed: the stream number is mixed in, so streams do not overlap in practice. */
void hcb__rng_seed(hcb__rng *rng, uint64_t seed, uint64_t stream);

static inline uint64_t hcb__rng_u64(hcb__rng *rng) {
    uint64_t *s = rng->s;
    uint64_t m = s[1] * 5, result = (m << 7 | m >> 57) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return result;
}

/* Uniform in [0, n), n > 0; multiply-shift, whose bias below 2^32 is under 2^-32. */
static inline uint32_t hcb__rng_below(hcb__rng *rng, uint32_t n) {
    return (uint32_t)(((hcb__rng_u64(rng) >> 32) * n) >> 32);
}

/* Uniform in [0, 1) with 53 bits. */
static inline double hcb__rng_unit(hcb__rng *rng) {
    return (double)(hcb__rng_u64(rng) >> 11) * 0x1p-53;
}

/* Standard normal (Marsaglia's polar method; log and sqrt of the C library). */
double hcb__rng_normal(hcb__rng *rng);

#endif
