/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "io/csv.h"
#include "report/allocation_report.h"
#include "report/recommend.h"

int32_t hcb__listed(const hcb__recommendation *r, int32_t top) {
    return top > 0 && top < r->n_candidates ? top : r->n_candidates;
}

const hcb__package *hcb__package_of(const hcb__recommendation *r, const hcb__candidate *c) {
    return &r->model->packages[r->problem->package[c->step.item]];
}

static const char *level_name(const hcb__recommendation *r, int32_t l) {
    return r->problem->engine.levels[l].name;
}

/* One word after the other, from text that is formatted here. */
static void wrap_text(hcb__wrap *wrap, hcb__text *text) {
    if (text->at)
        hcb__wrap_word(wrap, text->at);
    wrap->out->failed |= text->failed;
    hcb__text_clear(text);
}

void hcb__wrap_change(hcb__wrap *wrap, const hcb__recommendation *r, const int64_t *change) {
    int32_t left = 0;
    for (int32_t l = 0; l < r->problem->engine.n_levels; l++)
        left += change[l] != 0;
    if (!left) {
        hcb__wrap_word(wrap, "no level changes");
        return;
    }
    hcb__text word;
    hcb__text_init(&word, wrap->out->mem);
    for (int32_t l = 0; l < r->problem->engine.n_levels; l++) {
        if (change[l] == 0)
            continue;
        hcb__text_printf(&word, "%s %s%lld %s%s", level_name(r, l), change[l] > 0 ? "+" : "", (long long)change[l],
                         hcb__level_unit(level_name(r, l)), --left ? "," : "");
        wrap_text(wrap, &word);
    }
    hcb__text_free(&word);
}

void hcb__wrap_lacks(hcb__wrap *wrap, const hcb__recommendation *r, const hcb__candidate *c) {
    hcb__text word;
    hcb__text_init(&word, wrap->out->mem);
    for (int32_t i = 0; i < c->n_lacks; i++) {
        hcb__text_printf(&word, "%s short by %lld%s", r->problem->rows[c->lacks[i].row].name, (long long)c->lacks[i].by,
                         i + 1 < c->n_lacks ? "," : "");
        wrap_text(wrap, &word);
    }
    hcb__text_free(&word);
}

static const char *id_left_out(const hcb__recommendation *r, const hcb__left_out *out) {
    return r->package >= 0 ? r->model->providers[out->provider].id : r->model->packages[out->package].id;
}

static int32_t end_of_code(const hcb__recommendation *r, int32_t first) {
    int32_t end = first;
    while (end < r->n_left_out && strcmp(r->left_out[end].code, r->left_out[first].code) == 0)
        end++;
    return end;
}

void hcb__text_left_out(hcb__text *out, const hcb__recommendation *r) {
    if (r->n_left_out)
        hcb__text_printf(out, "\nleft out, by the first rule that fails\n");
    hcb__text word;
    hcb__text_init(&word, out->mem);
    for (int32_t first = 0, end; first < r->n_left_out; first = end) {
        end = end_of_code(r, first);
        hcb__wrap wrap = {out, 2, 0};
        hcb__text_printf(&word, "%s, %d:", r->left_out[first].code, end - first);
        wrap_text(&wrap, &word);
        for (int32_t i = first; i < end; i++)
            hcb__wrap_word(&wrap, id_left_out(r, &r->left_out[i]));
        hcb__wrap_end(&wrap);
    }
    hcb__text_free(&word);
}

void hcb__json_head(hcb__json_writer *w, const hcb__recommendation *r) {
    hcb__jw_key_string(w, "plan", r->plan);
    hcb__jw_key_string(w, "policy", r->model->policy->model);
    hcb__jw_key_bool(w, "synthetic", r->model->synthetic);
    hcb__jw_key_string(w, "inputs_sha256", r->model->inputs_sha256);
}

void hcb__json_change(hcb__json_writer *w, const char *key, const hcb__recommendation *r, const int64_t *change) {
    hcb__jw_key(w, key);
    hcb__jw_object_flat(w);
    for (int32_t l = 0; l < r->problem->engine.n_levels; l++)
        hcb__jw_key_int(w, level_name(r, l), change[l]);
    hcb__jw_end_object(w);
}

void hcb__json_choice(hcb__json_writer *w, const hcb__recommendation *r, const hcb__candidate *c) {
    const hcb__choice *choice = c->choice;
    hcb__jw_key_string(w, "tier", hcb__tier_words[choice->tier]);
    hcb__jw_key_bool(w, "fits", c->n_lacks == 0);
    hcb__jw_key_int(w, "price_pence_per_hour", choice->price);
    hcb__jw_key_int(w, "weekly_cost_pence", choice->weekly_pence);
    hcb__jw_key_int(w, "travel_minutes", hcb__whole_minutes(hcb__package_of(r, c)->carer_visits * choice->seconds));
    hcb__jw_key_int(w, "travel_seconds_per_visit", choice->seconds);
    hcb__json_change(w, "change", r, c->change);
    hcb__jw_key(w, "short");
    hcb__jw_array_flat(w);
    for (int32_t i = 0; i < c->n_lacks; i++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "row", r->problem->rows[c->lacks[i].row].name);
        hcb__jw_key_int(w, "by", c->lacks[i].by);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

void hcb__json_left_out(hcb__json_writer *w, const hcb__recommendation *r) {
    hcb__jw_key(w, "left_out");
    hcb__jw_array(w);
    for (int32_t i = 0; i < r->n_left_out; i++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, r->package >= 0 ? "provider_id" : "package_id", id_left_out(r, &r->left_out[i]));
        hcb__jw_key_string(w, "rule", r->left_out[i].code);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
}

void hcb__csv_lacks(hcb__text *out, const hcb__recommendation *r, const hcb__candidate *c) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    for (int32_t i = 0; i < c->n_lacks; i++)
        hcb__text_printf(&cell, "%s%s short by %lld", i ? ", " : "", r->problem->rows[c->lacks[i].row].name,
                         (long long)c->lacks[i].by);
    hcb__csv_put(out, cell.at ? cell.at : "", true);
    out->failed |= cell.failed;
    hcb__text_free(&cell);
}

void hcb__csv_change_names(hcb__text *out, const hcb__recommendation *r) {
    hcb__text cell;
    hcb__text_init(&cell, out->mem);
    for (int32_t l = 0; l < r->problem->engine.n_levels; l++) {
        hcb__text_clear(&cell);
        hcb__text_printf(&cell, "change_%s", level_name(r, l));
        hcb__csv_put(out, cell.at ? cell.at : "", false);
    }
    out->failed |= cell.failed;
    hcb__text_free(&cell);
}

void hcb__csv_change(hcb__text *out, const hcb__recommendation *r, const int64_t *change) {
    for (int32_t l = 0; l < r->problem->engine.n_levels; l++)
        if (change)
            hcb__csv_put_int(out, change[l], false);
        else
            hcb__csv_put(out, "", false);
}
