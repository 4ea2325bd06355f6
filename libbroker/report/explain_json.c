/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "io/json.h"
#include "report/explain_report.h"

static const char *provider_id(const hcb__explanation *x, int32_t provider) {
    return provider >= 0 ? x->model->providers[provider].id : NULL;
}

static void put_effect(hcb__json_writer *w, const hcb__explanation *x, const hcb__effect *e) {
    hcb__jw_object(w);
    hcb__jw_key_string(w, "provider_id", provider_id(x, e->provider));
    hcb__jw_key_int(w, "weekly_cost_pence", e->own_pence);
    hcb__jw_key_int(w, "change_pence", e->pence);
    hcb__jw_key(w, "levels");
    hcb__jw_object_flat(w);
    for (int32_t l = 0; l < x->problem->engine.n_levels; l++)
        hcb__jw_key_int(w, x->problem->engine.levels[l].name, e->levels[l]);
    hcb__jw_end_object(w);
    hcb__jw_key(w, "others");
    hcb__jw_array(w);
    for (int32_t s = 0; s < e->n_shifts; s++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "package_id", x->model->packages[e->shifts[s].package].id);
        hcb__jw_key_string(w, "from", provider_id(x, e->shifts[s].from));
        hcb__jw_key_string(w, "to", provider_id(x, e->shifts[s].to));
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void put_raises(hcb__json_writer *w, const hcb__explanation *x, const hcb__raise *raises, int32_t n) {
    hcb__jw_array(w);
    for (int32_t k = 0; k < n; k++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "row", x->problem->rows[raises[k].row].name);
        hcb__jw_key_int(w, "by", raises[k].by);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_lines(hcb__json_writer *w, const hcb__explanation *x) {
    hcb__text lines;
    hcb__text_init(&lines, w->out->mem);
    hcb__explain_sentences(&lines, x);
    hcb__jw_array(w);
    char *at = lines.at, *end;
    while (at && (end = strchr(at, '\n'))) {
        *end = '\0';
        hcb__jw_string(w, at);
        at = end + 1;
    }
    hcb__jw_end_array(w);
    w->out->failed = w->out->failed || lines.failed;
    hcb__text_free(&lines);
}

static void put_rules(hcb__json_writer *w, const hcb__explanation *x) {
    hcb__jw_key(w, "providers_left_out");
    hcb__jw_array(w);
    for (int32_t k = 0; k < x->model->n_providers; k++) {
        if (!*x->failing[k].code)
            continue;
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "provider_id", provider_id(x, k));
        hcb__jw_key_string(w, "rule", x->failing[k].code);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_remedies(hcb__json_writer *w, const hcb__explanation *x) {
    hcb__jw_key(w, "smallest_sets");
    hcb__jw_array(w);
    for (int32_t r = 0; r < x->n_remedies; r++) {
        hcb__jw_object(w);
        hcb__jw_key(w, "raises");
        put_raises(w, x, x->remedies[r].raises, x->remedies[r].n_raises);
        hcb__jw_key_bool(w, "least", x->remedies[r].least);
        hcb__jw_key(w, "effect");
        put_effect(w, x, &x->remedies[r].effect);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_key_bool(w, "all_smallest_sets", x->all_remedies);
}

static void put_refusal(hcb__json_writer *w, const hcb__explanation *x, int32_t level, int64_t by) {
    hcb__jw_key_string(w, "refused_by", level >= 0 ? x->problem->engine.levels[level].name : NULL);
    hcb__jw_key_int(w, "worse_by_at_least", level >= 0 ? by : 0);
}

static void put_rivals(hcb__json_writer *w, const hcb__explanation *x) {
    hcb__jw_key(w, "providers");
    hcb__jw_array(w);
    for (int32_t r = 0; r < x->n_rivals; r++) {
        const hcb__rival *v = &x->rivals[r];
        const hcb__choice *c = &x->problem->choices[v->pair];
        hcb__jw_object(w);
        hcb__jw_key_string(w, "provider_id", provider_id(x, c->provider));
        hcb__jw_key_int(w, "rank", c->rank);
        hcb__jw_key_string(w, "tier", hcb__tier_words[c->tier]);
        hcb__jw_key_int(w, "weekly_cost_pence", c->weekly_pence);
        hcb__jw_key(w, "lacks");
        put_raises(w, x, v->lacks, v->n_lacks);
        hcb__jw_key_bool(w, "never", v->never);
        hcb__jw_key_bool(w, "proved", v->never || v->known);
        put_refusal(w, x, v->level, v->by);
        hcb__jw_key(w, "effect");
        if (v->effect.levels)
            put_effect(w, x, &v->effect);
        else
            hcb__jw_null(w);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

static void put_whatifs(hcb__json_writer *w, const hcb__explanation *x) {
    hcb__jw_key(w, "counterfactuals");
    hcb__jw_array(w);
    for (size_t i = 0; i < x->whatifs.count; i++) {
        const hcb__whatif *f = &x->whatifs.at[i];
        hcb__jw_object(w);
        hcb__jw_key_string(w, "kind", hcb__whatif_words[f->kind]);
        hcb__jw_key_string(w, "what", f->what);
        hcb__jw_key_bool(w, "what_if_only", f->hard);
        hcb__jw_key(w, "effect");
        put_effect(w, x, &f->effect);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_key_int(w, "counterfactuals_tried", x->tried);
}

void hcb__write_explain_json(hcb__text *out, const hcb__explanation *x) {
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    hcb__jw_key_string(&w, "package_id", x->model->packages[x->package].id);
    int32_t at = x->item >= 0 ? x->bin[x->item] : x->model->packages[x->package].provider;
    hcb__jw_key_string(&w, "provider_id", provider_id(x, at));
    hcb__jw_key_string(&w, "reason", hcb__explained_words[x->kind]);
    hcb__jw_key_bool(&w, "proved", x->kind != HCB__EXPLAIN_UNPROVED);
    hcb__jw_key_bool(&w, "plan_is_best", !x->bettered && x->kind != HCB__EXPLAIN_PLAN);
    hcb__jw_key(&w, "sentences");
    put_lines(&w, x);
    put_refusal(&w, x, x->level, x->by);
    hcb__jw_key(&w, "cheapest_plan");
    if (x->has_forced)
        put_effect(&w, x, &x->forced);
    else
        hcb__jw_null(&w);
    put_remedies(&w, x);
    put_rivals(&w, x);
    put_rules(&w, x);
    put_whatifs(&w, x);
    hcb__jw_key_string(&w, "inputs_sha256", x->model->inputs_sha256);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}
