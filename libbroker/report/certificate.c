/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.json: the engine's multipliers under the names of the rows, packages and providers. */
#include <inttypes.h>

#include "base/hash.h"
#include "io/json.h"
#include "report/allocation_report.h"

static void put_row_key(hcb__json_writer *w, const hcb__alloc_problem *problem, int32_t row, hcb__text *name) {
    if (row < problem->n_rows) {
        hcb__jw_key(w, problem->rows[row].name);
        return;
    }
    int32_t level = row - problem->n_rows, cut = level - problem->engine.n_levels;
    hcb__text_clear(name);
    if (cut >= 0)
        hcb__text_printf(name, "cut/%" PRId32, cut);
    else
        hcb__text_printf(name, "level/%s", problem->engine.levels[level].name);
    hcb__jw_key(w, name->at ? name->at : "");
}

/* Terms stand in pairs over the active providers, in their order. */
static void put_term_key(hcb__json_writer *w, const hcb__alloc_problem *problem, int32_t term, hcb__text *name) {
    const hcb__model *model = problem->model;
    int32_t pair = term / 2, k = 0;
    for (;; k++)
        if (model->providers[k].active && pair-- == 0)
            break;
    hcb__text_clear(name);
    hcb__text_printf(name, "%s/%s", term % 2 ? "under" : "over", model->providers[k].id);
    hcb__jw_key(w, name->at ? name->at : "");
}

static void put_multipliers(hcb__json_writer *w, const hcb__alloc_problem *problem, const hcb__multipliers *m,
                            hcb__text *name) {
    hcb__jw_object(w);
    hcb__jw_key(w, "rows");
    hcb__jw_object_flat(w);
    for (int32_t r = 0; r < m->n_rows; r++) {
        put_row_key(w, problem, m->row[r], name);
        hcb__jw_int(w, m->row_price[r]);
    }
    hcb__jw_end_object(w);
    if (m->item_price) {
        hcb__jw_key(w, "items");
        hcb__jw_object_flat(w);
        for (int32_t i = 0; i < problem->n_items; i++) {
            hcb__jw_key(w, problem->model->packages[problem->package[i]].id);
            hcb__jw_int(w, m->item_price[i]);
        }
        hcb__jw_end_object(w);
    }
    if (m->n_terms) {
        hcb__jw_key(w, "terms");
        hcb__jw_object_flat(w);
        for (int32_t t = 0; t < m->n_terms; t++) {
            put_term_key(w, problem, m->term[t], name);
            hcb__jw_int(w, m->term_price[t]);
        }
        hcb__jw_end_object(w);
    }
    hcb__jw_end_object(w);
}

static void put_node(hcb__json_writer *w, const hcb__alloc_problem *problem, const hcb__cert_node *node) {
    const hcb__model *model = problem->model;
    hcb__jw_object_flat(w);
    if (node->item == HCB__CERT_DOMINATED) {
        hcb__jw_key(w, "dominated");
        hcb__jw_bool(w, true);
        hcb__jw_key_int(w, "with", node->with);
    } else if (node->item < 0) {
        static const char *const kinds[] = {"leaf", "empty", "fix", "fix_empty"};
        hcb__jw_key_int(w, kinds[-1 - node->item], node->multipliers);
        if (node->item == HCB__CERT_FIX || node->item == HCB__CERT_FIX_EMPTY)
            hcb__jw_key_int(w, "with", node->with);
    } else {
        hcb__jw_key_string(w, "package", model->packages[problem->package[node->item]].id);
        hcb__jw_key_string(w, "provider", node->bin == HCB__WAITS ? NULL : model->providers[node->bin].id);
        hcb__jw_key_int(w, "with", node->with);
        hcb__jw_key_int(w, "without", node->without);
    }
    hcb__jw_end_object(w);
}

static void put_cut(hcb__json_writer *w, const hcb__alloc_problem *problem, const hcb__cut *cut, hcb__text *name) {
    const hcb__model *model = problem->model;
    hcb__jw_object(w);
    hcb__jw_key(w, "of");
    hcb__jw_object_flat(w);
    put_row_key(w, problem, cut->row, name);
    hcb__jw_int(w, cut->right);
    hcb__jw_end_object(w);
    hcb__jw_key(w, "choices");
    hcb__jw_array(w);
    for (int32_t k = 0; k < cut->n; k++) {
        hcb__jw_object_flat(w);
        hcb__jw_key_string(w, "package", model->packages[problem->package[cut->item[k]]].id);
        hcb__jw_key_string(w, "provider", cut->bin[k] == HCB__WAITS ? NULL : model->providers[cut->bin[k]].id);
        hcb__jw_key_int(w, "times", cut->times[k]);
        hcb__jw_end_object(w);
    }
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
}

static void put_level(hcb__json_writer *w, const hcb_allocation *allocation, int32_t l, hcb__text *name) {
    const hcb__alloc_problem *problem = allocation->problem;
    hcb__jw_object(w);
    hcb__jw_key_string(w, "name", problem->engine.levels[l].name);
    hcb__jw_key_int(w, "value", allocation->values[l]);
    hcb__jw_key_int(w, "best", allocation->best[l]);
    hcb__jw_key_int(w, "frozen", allocation->frozen[l]);
    hcb__jw_key(w, "bound");
    if (allocation->answer) {
        const hcb__certificate *c = &allocation->answer->levels[l].certificate;
        hcb__jw_int(w, allocation->answer->levels[l].bound);
        hcb__jw_key_int(w, "denominator", c->denominator);
        hcb__jw_key(w, "multipliers");
        hcb__jw_array(w);
        for (int32_t m = 0; m < c->n_multipliers; m++)
            put_multipliers(w, problem, &c->multipliers[m], name);
        hcb__jw_end_array(w);
        if (c->n_cuts) {
            hcb__jw_key(w, "cuts");
            hcb__jw_array(w);
            for (int32_t k = 0; k < c->n_cuts; k++)
                put_cut(w, problem, &c->cuts[k], name);
            hcb__jw_end_array(w);
        }
        hcb__jw_key(w, "nodes");
        hcb__jw_array(w);
        for (int32_t n = 0; n < c->n_nodes; n++)
            put_node(w, problem, &c->nodes[n]);
        hcb__jw_end_array(w);
    } else {
        hcb__jw_null(w);
    }
    hcb__jw_end_object(w);
}

/* The document; `seal` NULL: without that key, on one line. */
static void put_document(hcb__text *out, const hcb_allocation *allocation, const char *seal) {
    const hcb__alloc_problem *problem = allocation->problem;
    const hcb__model *model = problem->model;
    hcb__json_writer w;
    hcb__text name;
    hcb__text_init(&name, &allocation->mem);
    hcb__jw_init(&w, out, !seal);
    hcb__jw_object(&w);
    hcb__jw_key_int(&w, "format", 1);
    hcb__jw_key_string(&w, "inputs_sha256", model->inputs_sha256);
    hcb__jw_key_string(&w, "method", hcb__method_words[allocation->options.method]);
    hcb__replan_text(&name, allocation->options.replan);
    hcb__jw_key_string(&w, "replan", name.at);
    hcb__jw_key(&w, "plan");
    hcb__jw_object(&w);
    for (int32_t i = 0; i < problem->n_items; i++) {
        int32_t bin = allocation->bin[i];
        hcb__jw_key_string(&w, model->packages[problem->package[i]].id,
                           bin == HCB__WAITS ? NULL : model->providers[bin].id);
    }
    hcb__jw_end_object(&w);
    hcb__jw_key(&w, "levels");
    hcb__jw_array(&w);
    for (int32_t l = 0; l < problem->engine.n_levels; l++)
        put_level(&w, allocation, l, &name);
    hcb__jw_end_array(&w);
    if (seal)
        hcb__jw_key_string(&w, "seal", seal);
    hcb__jw_end_object(&w);
    if (name.failed)
        out->failed = true;
    hcb__text_free(&name);
}

void hcb__write_certificate_json(hcb__text *out, const hcb_allocation *allocation) {
    hcb__text compact;
    hcb__sha256 sha;
    char seal[65];
    hcb__text_init(&compact, &allocation->mem);
    hcb__sha256_init(&sha);
    put_document(&compact, allocation, NULL);
    if (compact.failed)
        out->failed = true;
    else
        hcb__sha256_add(&sha, compact.at, compact.count);
    hcb__text_free(&compact);
    hcb__sha256_hex(&sha, seal);
    put_document(out, allocation, seal);
    hcb__text_putc(out, '\n');
}
