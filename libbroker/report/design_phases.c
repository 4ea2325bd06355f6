/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/design_report.h"

static void add_unit(const hcb__design_figures *f, hcb__phase *phase, int32_t unit) {
    const hcb__demand_unit *d = &f->mapping->demand->unit[unit];
    phase->n_units++;
    phase->minutes += d->minutes;
    phase->packages += d->packages;
    phase->people += f->mapping->problem.attribute[(size_t)HCB__SUM_PEOPLE * (size_t)f->mapping->n + (size_t)unit];
    for (int32_t i = 0; i < f->model->n_packages + f->model->n_placements; i++) {
        int32_t provider = f->model->packages[i].provider;
        if (f->mapping->demand->unit_of[i] == unit && provider >= 0 &&
            !hcb__mapping_covers(f->mapping, provider, f->proposal->zone[unit]))
            phase->other_provider++;
    }
}

static int32_t date_of(const hcb__map_rules *rules, int32_t phase, int32_t n_phases) {
    if (rules->start == HCB__NO_DATE || n_phases < 2 || rules->end == HCB__NO_DATE)
        return rules->start;
    return rules->start + (int32_t)((int64_t)(rules->end - rules->start) * phase / (n_phases - 1));
}

bool hcb__design_phases(hcb__design_figures *f, hcb__arena *arena) {
    const hcb__migration *m = f->proposal->migration;
    f->step_of = hcb__arena_alloc(arena, (size_t)f->mapping->n, sizeof *f->step_of);
    f->phases = hcb__arena_alloc(arena, (size_t)f->rules->phases, sizeof *f->phases);
    if (!f->step_of || !f->phases)
        return false;
    for (int32_t u = 0; u < f->mapping->n; u++)
        f->step_of[u] = -1;
    if (!m || m->n_steps == 0)
        return true;
    int64_t total = 0, done = 0;
    for (int32_t i = 0; i < m->n_units; i++)
        total += f->mapping->demand->unit[m->unit[i]].minutes;
    for (int32_t s = 0; s < m->n_steps; s++) {
        /* A phase is full with its share of the hours. */
        int32_t at = total > 0 ? (int32_t)(done * f->rules->phases / (total + 1)) : 0;
        hcb__phase *phase = &f->phases[f->n_phases > 0 ? f->n_phases - 1 : 0];
        if (f->n_phases == 0 || (at >= f->n_phases && f->n_phases < f->rules->phases)) {
            phase = &f->phases[f->n_phases++];
            phase->first_step = s;
        }
        phase->n_steps++;
        phase->missing = m->missing[s];
        for (int32_t i = m->first[s]; i < m->first[s + 1]; i++) {
            add_unit(f, phase, m->unit[i]);
            done += f->mapping->demand->unit[m->unit[i]].minutes;
            f->step_of[m->unit[i]] = s;
        }
    }
    for (int32_t i = 0; i < f->n_phases; i++)
        f->phases[i].date = date_of(f->rules, i, f->n_phases);
    return true;
}
