/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The canonical text of a model (docs/formats.md, "Canonical form"). */
#include <string.h>

#include "base/arith.h"
#include "model/model.h"
#include "model/policy_file.h"

static void tab(hcb__text *out) {
    hcb__text_putc(out, '\t');
}

static void word(hcb__text *out, const char *text) {
    tab(out);
    hcb__text_puts(out, text);
}

static void number(hcb__text *out, int64_t value) {
    tab(out);
    hcb__text_int(out, value);
}

/* A number that is not given is negative. */
static void number_or_none(hcb__text *out, int64_t value) {
    if (value < 0)
        word(out, "-");
    else
        number(out, value);
}

static void date(hcb__text *out, int32_t days) {
    tab(out);
    if (days == HCB__NO_DATE)
        hcb__text_putc(out, '-');
    else
        hcb__text_date(out, days);
}

static void point(hcb__text *out, hcb__point p) {
    number(out, hcb__round_half_up(p.x * 100));
    number(out, hcb__round_half_up(p.y * 100));
}

static void end(hcb__text *out) {
    hcb__text_putc(out, '\n');
}

/* Names of numbers that ascend by name. */
static void names(hcb__text *out, const int32_t *list, int32_t n, const char *const *name) {
    tab(out);
    if (n == 0)
        hcb__text_putc(out, '-');
    for (int32_t i = 0; i < n; i++) {
        if (i)
            hcb__text_putc(out, ';');
        hcb__text_puts(out, name[list[i]]);
    }
}

static void put_travel(const hcb__model *m, hcb__text *out) {
    const hcb__travel_settings *t = &m->travel;
    hcb__text_puts(out, "travel");
    word(out, hcb__travel_model_words[t->model]);
    word(out, hcb__travel_origin_words[t->origin]);
    number(out, t->nearest);
    word(out, hcb__capacity_basis_words[t->capacity_basis]);
    number(out, t->base_ms);
    number(out, t->near_slope);
    number(out, t->far_slope);
    number(out, t->bend_m);
    number(out, t->rural_extra_ms);
    end(out);
}

static void put_rule(const hcb__rule *rule, hcb__text *out) {
    hcb__text_puts(out, "policy\trule");
    word(out, hcb__rule_words[rule->kind]);
    int32_t allowed[HCB__RATINGS], n = 0;
    for (int32_t r = 0; r < HCB__RATINGS; r++)
        if (rule->ratings & 1u << r)
            allowed[n++] = r;
    names(out, allowed, n, hcb__rating_words);
    number_or_none(out, rule->max_seconds);
    end(out);
}

static void put_up_to(const hcb__level *level, hcb__text *out) {
    hcb__text_puts(out, "policy\tblend_up_to");
    number(out, level->small_pence);
    number(out, level->small_quality);
    number(out, level->small_cost);
    end(out);
}

static void put_short_visit(const hcb__rule *rule, hcb__text *out) {
    const hcb__rule usual = hcb__policy_rule(rule->kind);
    if (rule->kind != HCB__RULE_SHORT_VISIT ||
        (rule->short_minutes == usual.short_minutes && rule->short_excuses == usual.short_excuses))
        return;
    int32_t excuses[HCB__EXCUSES], n = 0;
    for (int32_t e = 0; e < HCB__EXCUSES; e++)
        if (rule->short_excuses & 1u << e)
            excuses[n++] = e;
    hcb__text_puts(out, "policy\tshort_visit");
    number(out, rule->short_minutes);
    names(out, excuses, n, hcb__excuse_words);
    end(out);
}

/* Lines of the terms that a policy may do without; they stand only where one is used. */
static void put_terms(const hcb__policy *p, hcb__text *out) {
    for (int32_t i = 0; i < p->n_escalations; i++) {
        hcb__text_puts(out, "policy\tescalation");
        number(out, p->escalations[i].after_days);
        number(out, p->escalations[i].to_priority);
        end(out);
    }
    if (p->weight_rating) {
        hcb__text_puts(out, "policy\tquality");
        number(out, p->weight_score);
        number(out, p->weight_rating);
        for (int r = 0; r < HCB__RATINGS; r++)
            number(out, p->rating_points[r]);
        end(out);
    }
    if (p->move_pence) {
        hcb__text_puts(out, "policy\tmove_price");
        number(out, p->move_pence);
        end(out);
    }
    for (int32_t i = 0; i < p->n_levels; i++)
        if (p->levels[i].kind == HCB__BLEND && p->levels[i].small_pence >= 0)
            put_up_to(&p->levels[i], out);
    for (int32_t i = 0; i < p->n_levels; i++)
        if (p->levels[i].kind == HCB__FAIR && p->levels[i].equal)
            hcb__text_puts(out, "policy\tfair\tequal\n");
    for (int32_t i = 0; i < p->n_rules; i++)
        put_short_visit(&p->rules[i], out);
}

static void put_policy(const hcb__policy *p, hcb__text *out) {
    hcb__text_puts(out, "policy\ttiers");
    names(out, p->tiers, p->n_tiers, hcb__tier_words);
    hcb__text_puts(out, "\npolicy\tblocks");
    for (int b = 0; b < HCB__BLOCKS; b++)
        number(out, p->block_start[b]);
    hcb__text_puts(out, "\npolicy\tweights");
    for (int i = 0; i < 5; i++)
        number(out, p->priority_weights[i]);
    hcb__text_puts(out, "\npolicy\tquality_blank");
    number(out, p->quality_blank);
    hcb__text_puts(out, "\npolicy\tmoves_limit");
    number_or_none(out, p->moves_limit);
    end(out);
    for (int32_t i = 0; i < p->n_levels; i++) {
        const hcb__level *level = &p->levels[i];
        hcb__text_puts(out, "policy\tlevel");
        word(out, hcb__level_words[level->kind]);
        number(out, level->tolerance);
        number(out, level->tolerance_ppm);
        number_or_none(out, level->kind == HCB__BLEND ? level->weight_quality : -1);
        number_or_none(out, level->kind == HCB__BLEND ? level->weight_cost : -1);
        end(out);
    }
    for (int32_t i = 0; i < p->n_rules; i++)
        put_rule(&p->rules[i], out);
    for (int32_t i = 0; i < p->n_shares; i++) {
        const hcb__share *share = &p->shares[i];
        hcb__text_puts(out, share->largest ? "policy\tshare\tlargest" : "policy\tshare\tsmallest");
        word(out, share->largest ? "-" : hcb__tier_words[share->tier]);
        word(out, share->zone_id ? share->zone_id : "-");
        number(out, share->basis_points);
        end(out);
    }
    put_terms(p, out);
}

static void put_zones(const hcb__model *m, hcb__text *out) {
    for (int32_t z = 0; z < m->zones->n_zones; z++) {
        const hcb__zone *zone = &m->zones->zones[z];
        hcb__text_puts(out, "zone");
        word(out, zone->id);
        word(out, hcb__zone_class_words[zone->zone_class]);
        number(out, zone->prime);
        end(out);
    }
    for (int32_t z = 0; z < m->zones->n_zones; z++)
        for (int32_t b = 0; b < HCB__BANDS; b++) {
            hcb__text_puts(out, "price");
            word(out, m->zones->zones[z].id);
            word(out, hcb__band_words[b]);
            number_or_none(out, hcb__schedule_price(m->prices, z, b));
            end(out);
        }
}

static void put_provider(const hcb__model *m, const hcb__provider *p, hcb__text *out) {
    hcb__text_puts(out, "provider");
    word(out, p->id);
    point(out, p->point);
    number(out, p->capacity);
    for (int b = 0; b < HCB__BLOCKS; b++)
        number_or_none(out, p->block_capacity[b]);
    number_or_none(out, p->quality);
    word(out, hcb__rating_words[p->rating]);
    number_or_none(out, p->max_travel_s);
    number_or_none(out, p->max_new);
    date(out, p->starts_from);
    number(out, p->active);
    names(out, m->capabilities_of + p->first_capability, p->n_capabilities, m->capabilities);
    end(out);
}

static void put_coverage(const hcb__model *m, const hcb__coverage *c, hcb__text *out) {
    hcb__text_puts(out, "coverage");
    word(out, m->providers[c->provider].id);
    word(out, m->zones->zones[c->zone].id);
    word(out, hcb__tier_words[c->tier]);
    number_or_none(out, c->capacity);
    for (int b = 0; b < HCB__BANDS; b++)
        number_or_none(out, c->price[b]);
    end(out);
}

static void put_visit(const hcb__visit *v, hcb__text *out) {
    hcb__text_puts(out, "visit\t");
    for (int d = 0; d < 7; d++)
        hcb__text_putc(out, v->days >> d & 1 ? '1' : '0');
    number(out, v->start);
    number(out, v->end);
    number(out, v->minutes);
    number(out, v->carers);
    number(out, v->time_critical);
    end(out);
}

static void put_package(const hcb__model *m, const hcb__package *p, hcb__text *out) {
    static const char language_prefix[] = "lang:";
    hcb__text_puts(out, p->placed ? "placement" : "package");
    word(out, p->id);
    word(out, m->zones->zones[p->zone].id);
    word(out, hcb__band_words[p->band]);
    point(out, p->point);
    number(out, p->priority);
    date(out, p->received);
    date(out, p->start);
    date(out, p->end);
    names(out, m->needs + p->first_need, p->n_needs, m->capabilities);
    word(out, hcb__gender_words[p->gender]);
    number(out, p->gender_hard);
    word(out, p->language < 0 ? "-" : m->capabilities[p->language] + sizeof language_prefix - 1);
    number(out, p->language_hard);
    number(out, p->short_visit_agreed);
    word(out, p->provider < 0 ? "-" : m->providers[p->provider].id);
    word(out, p->pinned < 0 ? "-" : m->providers[p->pinned].id);
    tab(out);
    if (p->n_excluded == 0)
        hcb__text_putc(out, '-');
    for (int32_t i = 0; i < p->n_excluded; i++) {
        if (i)
            hcb__text_putc(out, ';');
        hcb__text_puts(out, m->providers[m->excluded[p->first_excluded + i]].id);
    }
    end(out);
    for (int32_t i = 0; i < p->n_visits; i++)
        put_visit(&m->visits[p->first_visit + i], out);
}

typedef struct matrix_text {
    const hcb__model *model;
    hcb__text *out;
} matrix_text;

static bool named(const hcb__model *m, const char *name) {
    size_t len = strlen(name);
    return hcb__idmap_get(&m->provider_of_id, name, len) >= 0 || hcb__idmap_get(&m->package_of_id, name, len) >= 0;
}

static void put_cell(const char *origin, const char *destination, int64_t seconds, void *payload) {
    const matrix_text *t = payload;
    if (!named(t->model, origin) || !named(t->model, destination))
        return;
    hcb__text_puts(t->out, "matrix");
    word(t->out, origin);
    word(t->out, destination);
    number(t->out, seconds);
    end(t->out);
}

void hcb__model_canonical(const hcb__model *model, hcb__text *out) {
    hcb__text_puts(out, "hcbroker\t1\nas_of");
    date(out, model->as_of);
    end(out);
    put_travel(model, out);
    put_policy(model->policy, out);
    put_zones(model, out);
    for (int32_t k = 0; k < model->n_providers; k++)
        put_provider(model, &model->providers[k], out);
    for (int32_t i = 0; i < model->n_coverage; i++)
        put_coverage(model, &model->coverage[i], out);
    for (int32_t q = 0; q < model->n_packages + model->n_placements; q++)
        put_package(model, &model->packages[q], out);
    if (model->travel.model == HCB__MATRIX) {
        matrix_text t = {model, out};
        hcb__matrix_each(model->matrix, put_cell, &t);
    }
}
