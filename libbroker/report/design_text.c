/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proposal for people, in 80 columns. */
#include <math.h>

#include "report/design_report.h"
#include "report/table_text.h"

static void put_level(hcb__text *out, const hcb__design_figures *f, int32_t aim) {
    int32_t l = f->rules->aims[aim].level;
    const hcb__proposal *p = f->proposal;
    hcb__cell_left(out, hcb__map_level_words[l], 15);
    hcb__cell_int(out, p->before[l], 15);
    hcb__cell_int(out, p->value[l], 15);
    /* That no figure is below 0 is no bound that says anything. */
    bool bounded = p->bound[l] > 0 || p->best[l] <= p->bound[l];
    if (bounded)
        hcb__cell_int(out, p->bound[l], 15);
    else
        hcb__text_puts(out, "           none");
    double change = p->before[l] ? 100 * (double)(p->value[l] - p->before[l]) / (double)p->before[l] : 0;
    double gap = p->best[l] ? 100 * (double)(p->best[l] - p->bound[l]) / (double)p->best[l] : 0;
    hcb__cell_fixed(out, llround(100 * change), 2, 9);
    if (bounded)
        hcb__cell_fixed(out, llround(100 * gap), 2, 9);
    else
        hcb__text_puts(out, "        -");
    hcb__text_putc(out, '\n');
}

static void put_zones(hcb__text *out, const hcb__design_figures *f) {
    const hcb__map_problem *p = &f->mapping->problem;
    hcb__text_puts(out, "\nzone    name                   hours before   hours after   road h before   after\n");
    for (int32_t z = 0; z < f->proposal->n_zones; z++) {
        const int64_t *before = f->proposal->sums_before + (size_t)z * (size_t)p->n_attributes;
        const int64_t *after = f->proposal->sums + (size_t)z * (size_t)p->n_attributes;
        const hcb__map_level *travel = &p->levels[HCB__MAP_TRAVEL];
        hcb__cell_left(out, f->mapping->zones[z].id, 8);
        hcb__cell_left(out, f->mapping->zones[z].name, 20);
        hcb__cell_hours(out, before[HCB__SUM_MINUTES], 15);
        hcb__cell_hours(out, after[HCB__SUM_MINUTES], 14);
        hcb__cell_hours(out, travel->figure(before, z, travel->payload) / 60, 15);
        hcb__cell_hours(out, travel->figure(after, z, travel->payload) / 60, 8);
        hcb__text_putc(out, '\n');
    }
}

static void put_curve(hcb__text *out, const hcb__design_figures *f) {
    if (!f->proposal->n_curve)
        return;
    hcb__text_puts(out, "\nhours allowed to move   hours moved   people 65+   ");
    hcb__text_puts(out, hcb__map_level_words[f->rules->aims[0].level]);
    hcb__text_putc(out, '\n');
    for (int32_t i = 0; i < f->proposal->n_curve; i++) {
        const hcb__curve_point *c = &f->proposal->curve[i];
        hcb__cell_hours(out, c->limit, 21);
        hcb__cell_hours(out, c->minutes, 14);
        hcb__cell_fixed(out, c->people, 1, 13);
        hcb__cell_int(out, c->value, 15);
        hcb__text_putc(out, '\n');
    }
}

static void put_numbers(hcb__text *out, const hcb__design_figures *f) {
    if (!f->proposal->n_numbers)
        return;
    hcb__text_printf(out, "\nzones   best %s found with so many\n", hcb__map_level_words[f->rules->aims[0].level]);
    for (int32_t i = 0; i < f->proposal->n_numbers; i++) {
        const hcb__number_tried *t = &f->proposal->numbers[i];
        hcb__cell_int(out, t->zones, 5);
        if (t->legal)
            hcb__cell_int(out, t->value, 15);
        else
            hcb__text_puts(out, "   no legal map found");
        hcb__text_putc(out, '\n');
    }
}

static void put_phases(hcb__text *out, const hcb__design_figures *f) {
    if (!f->n_phases)
        return;
    hcb__text_puts(out, "\nphase  date        steps  areas  packages      hours   other provider\n");
    for (int32_t i = 0; i < f->n_phases; i++) {
        const hcb__phase *p = &f->phases[i];
        hcb__text date;
        hcb__text_init(&date, out->mem);
        if (p->date != HCB__NO_DATE)
            hcb__text_date(&date, p->date);
        hcb__cell_int(out, i + 1, 5);
        hcb__text_puts(out, "  ");
        hcb__cell_left(out, date.at ? date.at : "-", 11);
        hcb__cell_int(out, p->n_steps, 6);
        hcb__cell_int(out, p->n_units, 7);
        hcb__cell_int(out, p->packages, 10);
        hcb__cell_hours(out, p->minutes, 11);
        hcb__cell_int(out, p->other_provider, 17);
        hcb__text_putc(out, '\n');
        hcb__text_free(&date);
    }
}

static void put_ensemble(hcb__text *out, const hcb__design_figures *f) {
    const hcb__map_ensemble *e = f->proposal->ensemble;
    if (!e)
        return;
    hcb__text_printf(out, "\n%lld legal maps, %lld distinct\n", (long long)e->maps, (long long)e->distinct);
    hcb__text_puts(out, "figure              least        median          most   R-hat      ESS\n");
    for (int32_t l = 0; l < e->n_levels; l++) {
        const int64_t *q = e->quantile + (size_t)l * HCB__QUANTILES;
        if (q[0] == q[HCB__QUANTILES - 1])
            continue;
        hcb__cell_left(out, hcb__map_level_words[l], 15);
        hcb__cell_int(out, q[0], 10);
        hcb__cell_int(out, q[HCB__QUANTILES / 2], 14);
        hcb__cell_int(out, q[HCB__QUANTILES - 1], 14);
        hcb__cell_fixed(out, llround(1000 * e->rhat[l]), 3, 8);
        hcb__cell_fixed(out, llround(10 * e->ess[l]), 1, 9);
        hcb__text_putc(out, '\n');
    }
}

static void put_clash(hcb__text *out, const hcb__design_figures *f) {
    if (!f->clash->proved) {
        hcb__text_puts(out, "No map was found that keeps the rules, and no proof that there is none.\n");
        return;
    }
    hcb__text_printf(out, "No map keeps these rules together: %s.\n", f->clash->why);
    for (size_t r = 0; r < f->rules->rules.count; r++)
        if (f->clash->in[r])
            hcb__text_printf(out, "  %s%s\n", f->rules->rules.at[r].text,
                             f->clash->drops_help[r] ? " (without it there is a map)" : "");
}

void hcb__design_text(hcb__text *out, const hcb__design_figures *f) {
    if (f->outcome != HCB_DESIGN_PROPOSED) {
        put_clash(out, f);
        return;
    }
    const hcb__mapping *m = f->mapping;
    const hcb__proposal *p = f->proposal;
    if (m->n_repairs) {
        hcb__text_printf(out, "Today's map breaks rules: %d areas are moved first, and not counted below:\n",
                         m->n_repairs);
        for (int32_t i = 0; i < m->n_repairs; i++)
            hcb__text_printf(out, "  %s from %s to %s\n", f->model->zones->areas[m->repairs[i]].id,
                             f->mapping->zones[m->repair_from[i]].id, f->mapping->zones[m->repaired[m->repairs[i]]].id);
        hcb__text_putc(out, '\n');
    }
    hcb__text_puts(out, "level                   before          after          bound  change%     gap%\n");
    for (int32_t a = 0; a < f->rules->n_aims; a++)
        put_level(out, f, a);
    int64_t moved = p->value[HCB__MAP_MOVED_HOURS];
    hcb__text_puts(out, "\nmoved: ");
    hcb__cell_hours(out, moved, 1);
    hcb__text_puts(out, " hours a week, ");
    hcb__text_fixed(out, m->total_minutes ? (moved * 10000 + m->total_minutes / 2) / m->total_minutes : 0, 2);
    hcb__text_printf(out, "%%; %lld packages; ", (long long)p->value[HCB__MAP_MOVED_PACKAGES]);
    hcb__text_fixed(out, p->value[HCB__MAP_MOVED_PEOPLE], 1);
    hcb__text_puts(out, " people aged 65 and over\n");
    hcb__text_puts(out, "rounds by small areas (zones stats): ");
    hcb__cell_hours(out, p->rounds_before / 60, 1);
    hcb__text_puts(out, " hours a week before, ");
    hcb__cell_hours(out, p->rounds / 60, 1);
    hcb__text_puts(out, " after\n");
    put_zones(out, f);
    put_curve(out, f);
    put_numbers(out, f);
    put_phases(out, f);
    put_ensemble(out, f);
}
