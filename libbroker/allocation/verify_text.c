/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The canonical form of a workspace, written a second time, and its hash. */
#include <string.h>

#include "allocation/verify_data.h"

static void word(hcb__text *t, const char *s) {
    hcb__text_putc(t, '\t');
    hcb__text_puts(t, s);
}

static void number(hcb__text *t, int64_t value) {
    hcb__text_putc(t, '\t');
    hcb__text_int(t, value);
}

static void given(hcb__text *t, int64_t value) {
    if (value < 0)
        word(t, "-");
    else
        number(t, value);
}

static void date(hcb__text *t, int32_t days) {
    if (days == HCB__NO_DATE) {
        word(t, "-");
        return;
    }
    hcb__text_putc(t, '\t');
    hcb__text_date(t, days);
}

static void list(hcb__text *t, const char *const *items, size_t n) {
    if (!n)
        word(t, "-");
    for (size_t i = 0; i < n; i++) {
        hcb__text_putc(t, i ? ';' : '\t');
        hcb__text_puts(t, items[i]);
    }
}

static void point(hcb__text *t, hcb__point p) {
    /* Positions are whole centimetres already; the product is within an ulp of one. */
    number(t, (int64_t)(p.x * 100 + (p.x < 0 ? -0.5 : 0.5)));
    number(t, (int64_t)(p.y * 100 + (p.y < 0 ? -0.5 : 0.5)));
}

/* Lines that stand only where the policy says something of the matter. */
static void put_terms(const hcb__vf_policy *p, hcb__text *t) {
    for (int32_t i = 0; i < p->n_steps; i++)
        hcb__text_printf(t, "policy\tescalation\t%lld\t%lld\n", (long long)p->after_days[i],
                         (long long)p->to_priority[i]);
    if (p->rating_weight > 0) {
        hcb__text_printf(t, "policy\tquality\t%lld\t%lld", (long long)p->score_weight, (long long)p->rating_weight);
        for (int r = 0; r < HCB__VF_RATINGS; r++)
            number(t, p->points[r]);
        hcb__text_putc(t, '\n');
    }
    if (p->move_price > 0)
        hcb__text_printf(t, "policy\tmove_price\t%lld\n", (long long)p->move_price);
    for (int32_t i = 0; i < p->n_levels; i++) {
        const hcb__vf_level *level = &p->levels[i];
        if (level->name == HCB__VF_BLEND && level->up_to >= 0)
            hcb__text_printf(t, "policy\tblend_up_to\t%lld\t%lld\t%lld\n", (long long)level->up_to,
                             (long long)level->up_to_quality, (long long)level->up_to_cost);
    }
    for (int32_t i = 0; i < p->n_levels; i++)
        if (p->levels[i].name == HCB__VF_FAIR && p->levels[i].equal)
            hcb__text_puts(t, "policy\tfair\tequal\n");
    for (int32_t i = 0; i < p->n_rules; i++) {
        const hcb__vf_rule *rule = &p->rules[i];
        const char *words[HCB__VF_EXCUSES];
        size_t n = 0;
        for (int e = 0; e < HCB__VF_EXCUSES; e++)
            if (rule->unless[e])
                words[n++] = hcb__vf_excuses[e];
        bool plain = rule->minutes == 30 && n == 1 && rule->unless[HCB__VF_AGREED];
        if (rule->name != HCB__VF_SHORT_VISIT || plain)
            continue;
        hcb__text_printf(t, "policy\tshort_visit\t%lld", (long long)rule->minutes);
        list(t, words, n);
        hcb__text_putc(t, '\n');
    }
}

static void put_policy(const hcb__vf *vf, hcb__text *t) {
    const hcb__vf_policy *p = &vf->policy;
    const char *words[HCB__VF_RATINGS];
    for (int32_t i = 0; i < p->n_tiers; i++)
        words[i] = hcb__vf_tiers[p->tiers[i]];
    hcb__text_puts(t, "policy\ttiers");
    list(t, words, (size_t)p->n_tiers);
    hcb__text_puts(t, "\npolicy\tblocks");
    for (int b = 0; b < HCB__VF_BLOCKS; b++)
        number(t, p->blocks[b]);
    hcb__text_puts(t, "\npolicy\tweights");
    for (int i = 0; i < 5; i++)
        number(t, p->weights[i]);
    hcb__text_puts(t, "\npolicy\tquality_blank");
    number(t, p->quality_blank);
    hcb__text_puts(t, "\npolicy\tmoves_limit");
    given(t, p->moves_limit);
    for (int32_t i = 0; i < p->n_levels; i++) {
        const hcb__vf_level *level = &p->levels[i];
        bool blend = level->name == HCB__VF_BLEND;
        hcb__text_puts(t, "\npolicy\tlevel");
        word(t, hcb__vf_levels[level->name]);
        number(t, level->tolerance);
        number(t, level->ppm);
        given(t, blend ? level->weight_quality : HCB__VF_NONE);
        given(t, blend ? level->weight_cost : HCB__VF_NONE);
    }
    for (int32_t i = 0; i < p->n_rules; i++) {
        size_t n = 0;
        for (int r = 0; r < HCB__VF_RATINGS && p->rules[i].name == HCB__VF_RATING; r++)
            if (p->rules[i].allowed[r])
                words[n++] = hcb__vf_ratings[r];
        hcb__text_puts(t, "\npolicy\trule");
        word(t, hcb__vf_rules[p->rules[i].name]);
        list(t, words, n);
        given(t, p->rules[i].name == HCB__VF_TRAVEL ? p->rules[i].max_seconds : HCB__VF_NONE);
    }
    for (size_t i = 0; i < p->shares.count; i++) {
        const hcb__vf_share *share = &p->shares.at[i];
        hcb__text_puts(t, "\npolicy\tshare");
        word(t, share->largest ? "largest" : "smallest");
        word(t, share->tier < 0 ? "-" : hcb__vf_tiers[share->tier]);
        word(t, share->zone < 0 ? "-" : vf->zones.at[share->zone].id);
        number(t, share->bp);
    }
    hcb__text_putc(t, '\n');
    put_terms(p, t);
}

static void put_map(const hcb__vf *vf, hcb__text *t) {
    for (size_t z = 0; z < vf->zones.count; z++) {
        const hcb__vf_zone *zone = &vf->zones.at[z];
        hcb__text_puts(t, "zone");
        word(t, zone->id);
        word(t, zone->class_no < 0 ? "-" : hcb__vf_classes[zone->class_no]);
        number(t, zone->prime);
        hcb__text_putc(t, '\n');
    }
    for (size_t z = 0; z < vf->zones.count; z++)
        for (int b = 0; b < HCB__VF_BANDS; b++) {
            hcb__text_puts(t, "price");
            word(t, vf->zones.at[z].id);
            word(t, hcb__vf_bands[b]);
            given(t, vf->zones.at[z].price[b]);
            hcb__text_putc(t, '\n');
        }
}

static void put_providers(const hcb__vf *vf, hcb__text *t) {
    for (size_t k = 0; k < vf->providers.count; k++) {
        const hcb__vf_provider *p = &vf->providers.at[k];
        hcb__text_puts(t, "provider");
        word(t, p->id);
        point(t, p->at);
        number(t, p->capacity);
        for (int b = 0; b < HCB__VF_BLOCKS; b++)
            given(t, p->block[b]);
        given(t, p->quality);
        word(t, hcb__vf_ratings[p->rating]);
        given(t, p->max_travel_s);
        given(t, p->max_new);
        date(t, p->starts_from);
        number(t, p->active);
        list(t, p->caps, p->n_caps);
        hcb__text_putc(t, '\n');
    }
    for (size_t i = 0; i < vf->coverage.count; i++) {
        const hcb__vf_coverage *c = &vf->coverage.at[i];
        hcb__text_puts(t, "coverage");
        word(t, vf->providers.at[c->provider].id);
        word(t, vf->zones.at[c->zone].id);
        word(t, hcb__vf_tiers[c->tier]);
        given(t, c->capacity);
        for (int b = 0; b < HCB__VF_BANDS; b++)
            given(t, c->price[b]);
        hcb__text_putc(t, '\n');
    }
}

static void put_person(const hcb__vf *vf, hcb__text *t, const char *kind, const hcb__vf_package *p) {
    hcb__text_puts(t, kind);
    word(t, p->id);
    word(t, vf->zones.at[p->zone].id);
    word(t, hcb__vf_bands[p->band]);
    point(t, p->at);
    number(t, p->priority);
    date(t, p->received);
    date(t, p->start);
    date(t, p->end);
    list(t, p->needs, p->n_needs);
    word(t, hcb__vf_genders[p->gender]);
    number(t, p->gender_hard);
    word(t, p->language ? p->language : "-");
    number(t, p->language_hard);
    number(t, p->short_agreed);
    word(t, p->provider < 0 ? "-" : vf->providers.at[p->provider].id);
    word(t, p->pinned < 0 ? "-" : vf->providers.at[p->pinned].id);
    list(t, p->excluded, p->n_excluded);
    hcb__text_putc(t, '\n');
    for (size_t i = 0; i < p->n_visits; i++) {
        const hcb__vf_visit *v = &p->visits[i];
        hcb__text_puts(t, "visit");
        word(t, v->days);
        number(t, v->start);
        number(t, v->end);
        number(t, v->minutes);
        number(t, v->carers);
        number(t, v->critical);
        hcb__text_putc(t, '\n');
    }
}

static void put_matrix(const hcb__vf *vf, hcb__text *t) {
    for (size_t from = 0; from < vf->n_places; from++)
        for (size_t to = 0; vf->travel.seconds[from] && to < vf->n_places; to++)
            if (vf->travel.seconds[from][to] >= 0) {
                hcb__text_puts(t, "matrix");
                word(t, vf->place_names[from]);
                word(t, vf->place_names[to]);
                number(t, vf->travel.seconds[from][to]);
                hcb__text_putc(t, '\n');
            }
}

/* Hashes what was written so far and empties the text. */
static void flush(hcb__sha256 *sha, hcb__text *t, bool *failed) {
    *failed |= t->failed;
    if (!t->failed && t->count)
        hcb__sha256_add(sha, t->at, t->count);
    hcb__text_clear(t);
}

bool hcb__vf_hash(hcb__vf *vf) {
    const hcb__vf_travel *travel = &vf->travel;
    hcb__text t;
    hcb__sha256 sha;
    bool failed = false;
    hcb__text_init(&t, &vf->ctx->mem);
    hcb__sha256_init(&sha);
    hcb__text_puts(&t, "hcbroker\t1\nas_of");
    date(&t, vf->as_of);
    hcb__text_puts(&t, "\ntravel");
    word(&t, travel->matrix ? "matrix" : "crow");
    word(&t, travel->office ? "office" : "nearest_served");
    number(&t, travel->nearest);
    word(&t, travel->with_travel ? "contact_and_travel" : "contact");
    number(&t, travel->base);
    number(&t, travel->near_slope);
    number(&t, travel->far_slope);
    number(&t, travel->bend_m);
    number(&t, travel->extra);
    hcb__text_putc(&t, '\n');
    put_policy(vf, &t);
    put_map(vf, &t);
    put_providers(vf, &t);
    flush(&sha, &t, &failed);
    for (size_t i = 0; i < vf->queue.count; i++)
        put_person(vf, &t, "package", &vf->queue.at[i]);
    flush(&sha, &t, &failed);
    for (size_t i = 0; i < vf->placements.count; i++)
        put_person(vf, &t, "placement", &vf->placements.at[i]);
    flush(&sha, &t, &failed);
    if (travel->matrix)
        put_matrix(vf, &t);
    flush(&sha, &t, &failed);
    hcb__text_free(&t);
    hcb__sha256_hex(&sha, vf->sha256);
    return !failed;
}
