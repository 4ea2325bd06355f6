/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/soft.h"

#include <math.h>
#include <string.h>

enum { MOST_STEPS = 30, MOST_HALVINGS = 20, CHOICES_A_UNIT = 24, PRODUCTS_A_UNIT = 1000 };

static const double LEAST_PRICE = 1e-6, LEAST_SHARE = 1e-6, CLOSE = 0.05;

bool hcb__soft_init(hcb__soft *soft, hcb__arena *arena, const hcb__filling *f) {
    size_t bins = (size_t)f->core->n_bins + 1, most = (size_t)f->most + 1;
    soft->at = hcb__arena_alloc(arena, most, sizeof *soft->at);
    soft->row = hcb__arena_alloc(arena, most, sizeof *soft->row);
    soft->term = hcb__arena_alloc(arena, 2 * most, sizeof *soft->term);
    soft->price = hcb__arena_alloc(arena, bins, sizeof *soft->price);
    soft->trial = hcb__arena_alloc(arena, bins, sizeof *soft->trial);
    soft->gradient = hcb__arena_alloc(arena, bins, sizeof *soft->gradient);
    soft->step = hcb__arena_alloc(arena, bins, sizeof *soft->step);
    soft->hessian = hcb__arena_alloc(arena, bins * bins, sizeof *soft->hessian);
    soft->factor = hcb__arena_alloc(arena, bins * bins, sizeof *soft->factor);
    return soft->at && soft->row && soft->term && soft->price && soft->trial && soft->gradient && soft->step &&
           soft->hessian && soft->factor;
}

/* The item's part of the smoothed value: its terms become shares, their sum is returned through `share`. */
static double soft_least(hcb__soft *soft, const hcb__filling *f, const hcb__filled *s, int32_t n, const double *price,
                         double *share) {
    double least = INFINITY, sum = 0;
    for (int32_t q = 0; q < n; q++) {
        int32_t k = soft->at[q];
        soft->term[q] = f->cost[k] + price[s->place[f->bin[k]]] * f->weight[k];
        least = fmin(least, soft->term[q]);
    }
    for (int32_t q = 0; q < n; q++) {
        soft->term[q] = exp((least - soft->term[q]) / soft->temperature);
        sum += soft->term[q];
    }
    *share = 1 / sum;
    return least - soft->temperature * log(fmax(sum, 1)); /* the least term alone is 1 */
}

static void add_item(hcb__soft *soft, const hcb__filling *f, const hcb__filled *s, int32_t n, double share) {
    int32_t rows = 0, width = s->n_open;
    double *load = soft->term + f->most + 1;
    for (int32_t q = 0; q < n; q++) {
        double p = soft->term[q] * share, w = f->weight[soft->at[q]];
        if (p < LEAST_SHARE)
            continue;
        int32_t r = s->place[f->bin[soft->at[q]]];
        soft->row[rows] = r;
        load[rows++] = p * w;
        soft->gradient[r] += p * w;
        soft->hessian[r * width + r] += p * w * w;
    }
    for (int32_t a = 0; a < rows; a++)
        for (int32_t b = 0; b < rows; b++)
            soft->hessian[soft->row[a] * width + soft->row[b]] -= load[a] * load[b];
}

/* The smoothed value at the prices; with its gradient, and minus its Hessian times the temperature, when asked for. */
static double smoothed(hcb__soft *soft, const hcb__filling *f, const hcb__filled *s, const double *price, bool slopes,
                       int64_t *looks) {
    double t = soft->temperature, value = 0;
    int32_t width = s->n_open;
    if (slopes)
        memset(soft->hessian, 0, (size_t)width * (size_t)width * sizeof *soft->hessian);
    for (int32_t b = 0; b < width; b++) {
        double room = f->room[s->open[b]];
        value += t * log(price[b]) - price[b] * room;
        if (slopes) {
            soft->gradient[b] = t / price[b] - room;
            soft->hessian[b * width + b] = t * t / (price[b] * price[b]);
        }
    }
    for (int32_t i = 0; i < f->core->n_items; i++) {
        if (s->choice[i] >= 0) {
            value += (double)f->core->cost[s->choice[i]];
            continue;
        }
        double share;
        int32_t n = hcb__filling_choices(f, s, i, soft->at);
        *looks += n + 1;
        if (n == 0)
            return INFINITY;
        value += soft_least(soft, f, s, n, price, &share);
        if (slopes)
            add_item(soft, f, s, n, share);
    }
    return value;
}

/* Newton's step by Cholesky; what it promises to gain, twice. */
static double newton(hcb__soft *soft, int32_t n) {
    double *l = soft->factor, *d = soft->step, gain = 0;
    for (int32_t a = 0; a < n; a++)
        for (int32_t b = 0; b <= a; b++) {
            double sum = soft->hessian[a * n + b] + (a == b ? 1e-9 * (1 + soft->hessian[a * n + a]) : 0);
            for (int32_t c = 0; c < b; c++)
                sum -= l[a * n + c] * l[b * n + c];
            l[a * n + b] = a == b ? sqrt(fmax(sum, 1e-12)) : sum / l[b * n + b];
        }
    for (int32_t a = 0; a < n; a++) {
        d[a] = soft->gradient[a] * soft->temperature;
        for (int32_t c = 0; c < a; c++)
            d[a] -= l[a * n + c] * d[c];
        d[a] /= l[a * n + a];
    }
    for (int32_t a = n - 1; a >= 0; a--) {
        for (int32_t c = a + 1; c < n; c++)
            d[a] -= l[c * n + a] * d[c];
        d[a] /= l[a * n + a];
    }
    for (int32_t a = 0; a < n; a++)
        gain += d[a] * soft->gradient[a];
    return gain;
}

/* Goes along the step as far as the value rises enough and prices stay above zero. */
static void follow(hcb__soft *soft, const hcb__filling *f, const hcb__filled *s, double value, double gain,
                   int64_t *looks) {
    int32_t n = s->n_open;
    double length = 1;
    for (int32_t b = 0; b < n; b++)
        if (soft->step[b] < 0)
            length = fmin(length, -0.8 * soft->price[b] / soft->step[b]);
    for (int32_t k = 0; k < MOST_HALVINGS; k++, length /= 2) {
        for (int32_t b = 0; b < n; b++)
            soft->trial[b] = fmax(soft->price[b] + length * soft->step[b], LEAST_PRICE);
        if (smoothed(soft, f, s, soft->trial, false, looks) >= value + 0.1 * length * gain)
            break;
    }
    memcpy(soft->price, soft->trial, (size_t)n * sizeof *soft->price);
}

/* The Lagrangian's value at the prices. */
static double plain(hcb__soft *soft, const hcb__filling *f, const hcb__filled *s) {
    double value = 0;
    for (int32_t b = 0; b < s->n_open; b++)
        value -= soft->price[b] * f->room[s->open[b]];
    for (int32_t i = 0; i < f->core->n_items; i++) {
        if (s->choice[i] >= 0) {
            value += (double)f->core->cost[s->choice[i]];
            continue;
        }
        double least = INFINITY;
        int32_t n = hcb__filling_choices(f, s, i, soft->at);
        for (int32_t q = 0; q < n; q++) {
            int32_t k = soft->at[q];
            least = fmin(least, f->cost[k] + soft->price[s->place[f->bin[k]]] * f->weight[k]);
        }
        value += least;
    }
    return value;
}

void hcb__soft_solve(hcb__soft *soft, const hcb__filling *f, hcb__filled *s, hcb__budget *budget) {
    int64_t looks = f->core->n_items / 4, n = s->n_open;
    for (int32_t b = 0; b < s->n_open; b++)
        soft->price[b] = fmax(s->price[s->open[b]], LEAST_PRICE);
    for (int32_t k = 0; k < MOST_STEPS; k++) {
        s->score = smoothed(soft, f, s, soft->price, true, &looks);
        if (!isfinite(s->score))
            break;
        double gain = newton(soft, s->n_open);
        looks += CHOICES_A_UNIT * n * n * n / 6 / PRODUCTS_A_UNIT;
        if (!(gain > CLOSE * soft->temperature))
            break;
        follow(soft, f, s, s->score, gain, &looks);
    }
    for (int32_t b = 0; b < s->n_open; b++)
        s->price[s->open[b]] = soft->price[b];
    s->value = isfinite(s->score) ? plain(soft, f, s) : INFINITY;
    budget->work += looks / CHOICES_A_UNIT + 1;
}
