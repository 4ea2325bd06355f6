/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/solver.h"

#include <string.h>

void hcb__publish(const hcb__solver *s, int32_t j, int64_t value, int64_t bound, bool has_bound) {
    hcb_progress progress;
    memset(&progress, 0, sizeof progress);
    progress.struct_size = sizeof progress;
    progress.phase = HCB_PHASE_SOLVE;
    progress.level = j >= 0 && s->p->levels[j].name ? s->p->levels[j].name : "";
    progress.elapsed_s = hcb__now() - s->began;
    progress.value = value;
    progress.bound = bound;
    progress.has_value = 1;
    progress.has_bound = has_bound;
    progress.work = s->budget.work;
    progress.work_limit = s->budget.work_limit;
    hcb__worker_publish(s->worker, &progress);
}

static double magnitude(int64_t v) {
    return v < 0 ? -(double)v : (double)v;
}

double hcb__gap_room(const hcb__solver *s, int32_t j, int64_t value) {
    double whole = magnitude(value), part = j >= 0 ? magnitude(value - s->p->levels[j].constant) : whole;
    return s->options->gap * (part < whole ? part : whole);
}

bool hcb__close_enough(const hcb__solver *s, int32_t j, int64_t value, int64_t bound) {
    return value <= bound || (double)value - (double)bound <= hcb__gap_room(s, j, value);
}

int64_t hcb__tolerated(const hcb__engine_level *level, int64_t value) {
    hcb__wide more = value > 0 ? (hcb__wide)value * level->tolerance_ppm / 1000000 : 0;
    if (more < level->tolerance)
        more = level->tolerance;
    hcb__wide sum = more + value;
    return sum > INT64_MAX / 4 ? INT64_MAX / 4 : (int64_t)sum;
}

/* What `of` of the work that is left adds up to. At least one unit in all: 0 would be no limit. */
static int64_t work_until(const hcb__budget *budget, double of) {
    int64_t left = budget->work_limit - budget->work;
    int64_t until = budget->work + (left > 0 ? (int64_t)((double)left * of) : 0);
    return until > 0 ? until : 1;
}

hcb__budget hcb__budget_share(const hcb__solver *s, int32_t j) {
    hcb__budget part = s->budget;
    double of = j < 0 ? 0.5 : 2.0 / (s->p->n_levels - j + 1);
    if (part.deadline.at > 0) {
        double left = hcb__deadline_left(part.deadline) * of;
        part.deadline = hcb__deadline_in(left > 1e-6 ? left : 1e-6);
    }
    if (part.work_limit > 0)
        part.work_limit = work_until(&part, of);
    return part;
}

hcb__budget hcb__budget_part(const hcb__budget *budget, double of) {
    hcb__budget part = *budget;
    if (part.deadline.at > 0)
        part.deadline = hcb__deadline_in(hcb__deadline_left(part.deadline) * of + 1e-6);
    if (part.work_limit > 0)
        part.work_limit = work_until(&part, of);
    return part;
}

hcb_status hcb__work_set_plan(hcb__work *w, const int32_t *bin, const hcb_allocator *mem) {
    int32_t *choice = hcb__calloc(mem, (size_t)w->core->n_items + 1, sizeof *choice);
    if (!choice)
        return HCB_ENOMEM;
    bool ok = true;
    for (int32_t i = 0; ok && i < w->core->n_items; i++) {
        choice[i] = hcb__core_find(w->core, i, bin[i]);
        ok = choice[i] >= 0;
    }
    ok = ok && hcb__plan_set(&w->plan, choice);
    hcb__free(mem, choice);
    return ok ? HCB_OK : HCB_EINTERNAL;
}
