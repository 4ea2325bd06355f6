/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explanation in plain sentences. */
#include <stdlib.h>
#include <string.h>

#include "report/explain_report.h"

const char *const hcb__explained_words[7] = {"stays", "placed", "rule", "capacity", "trade", "plan", "not_proved"};

enum { SHOWN = 4, NAMED = 3 };

static const char *id_of(const hcb__explanation *x, int32_t package) {
    return x->model->packages[package].id;
}

static const char *provider_id(const hcb__explanation *x, int32_t provider) {
    return x->model->providers[provider].id;
}

static void hours(hcb__text *out, int64_t minutes) {
    hcb__text_printf(out, "%lld:%02lld", (long long)(minutes / 60), (long long)(minutes % 60));
}

/* +12.34 or -0.05 */
static void pounds(hcb__text *out, int64_t pence) {
    if (pence >= 0)
        hcb__text_putc(out, '+');
    hcb__text_fixed(out, pence, 2);
}

static int compare_counts(const void *a, const void *b) {
    const hcb__rule_count *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->code, y->code);
}

/* Into counts[n_providers]; their number. */
static int32_t rule_counts(hcb__rule_count *counts, const hcb__explanation *x) {
    int32_t n = 0;
    for (int32_t k = 0; k < x->model->n_providers; k++) {
        const hcb__failing *f = &x->failing[k];
        int32_t at = 0;
        if (!*f->code)
            continue;
        while (at < n && strcmp(counts[at].code, f->code) != 0)
            at++;
        if (at == n)
            counts[n++] = (hcb__rule_count){f->code, f->order, 0};
        counts[at].count++;
    }
    if (n)
        qsort(counts, (size_t)n, sizeof *counts, compare_counts);
    return n;
}

static void put_rules(hcb__text *out, const hcb__explanation *x) {
    hcb__rule_count *counts = hcb__calloc(out->mem, (size_t)x->model->n_providers, sizeof *counts);
    if (!counts) {
        out->failed = true;
        return;
    }
    int32_t n = rule_counts(counts, x);
    for (int32_t c = 0; c < n; c++)
        hcb__text_printf(out, "%s%s %d", c ? ", " : "", counts[c].code, counts[c].count);
    hcb__free(out->mem, counts);
}

static int32_t n_able(const hcb__explanation *x) {
    int32_t n = 0;
    for (int32_t k = 0; k < x->model->n_providers; k++)
        n += !*x->failing[k].code;
    return n;
}

static void put_shift(hcb__text *out, const hcb__explanation *x, const hcb__shift *s) {
    hcb__text_puts(out, id_of(x, s->package));
    if (s->to == HCB__WAITS)
        hcb__text_printf(out, " (%s) waits", provider_id(x, s->from));
    else if (s->from == HCB__WAITS)
        hcb__text_printf(out, " to %s", provider_id(x, s->to));
    else
        hcb__text_printf(out, " from %s to %s", provider_id(x, s->from), provider_id(x, s->to));
}

static void put_shifts(hcb__text *out, const hcb__explanation *x, const hcb__effect *e) {
    for (int32_t s = 0; s < e->n_shifts && s < NAMED; s++) {
        hcb__text_puts(out, s ? ", " : "");
        put_shift(out, x, &e->shifts[s]);
    }
    if (e->n_shifts > NAMED)
        hcb__text_printf(out, " and %d more", e->n_shifts - NAMED);
}

static const char *level_name(const hcb__explanation *x, int32_t level) {
    return x->problem->engine.levels[level].name;
}

static void put_remedy(hcb__text *out, const hcb__explanation *x, const hcb__remedy *r) {
    for (int32_t k = 0; k < r->n_raises; k++) {
        hcb__text_puts(out, k ? " and " : "");
        hcb__explain_raise_words(out, x, &r->raises[k]);
    }
}

static void put_capacity(hcb__text *out, const hcb__explanation *x) {
    hcb__text_printf(out, "%d of %d providers may take it, and all are full", n_able(x), x->model->n_providers);
    if (x->has_forced) {
        hcb__text_puts(out, " with packages that may not wait in its place: placing it now");
        if (x->forced.n_shifts) {
            hcb__text_puts(out, " means ");
            put_shifts(out, x, &x->forced);
        }
        hcb__text_printf(out, " (waiting at least %lld priority minutes worse)", (long long)x->by);
    } else {
        hcb__text_puts(out, ": no plan places it, whoever else waits");
    }
    hcb__text_puts(out, ".\n");
    if (x->n_remedies == 0) {
        hcb__text_puts(out, "Which limits, raised, would place it: not proved within the work limit.\n");
        return;
    }
    const hcb__remedy *first = &x->remedies[0];
    hcb__text_puts(out, first->n_raises == 2  ? "The smallest set of limits that would place it if raised: "
                        : first->n_raises > 2 ? "Raising these limits together would place it: "
                                              : "Raising one limit would place it: ");
    put_remedy(out, x, first);
    for (int32_t r = 1; r < x->n_remedies && r < SHOWN; r++) {
        hcb__text_puts(out, "; or ");
        put_remedy(out, x, &x->remedies[r]);
    }
    if (x->n_remedies > SHOWN)
        hcb__text_printf(out, "; or one of %d more", x->n_remedies - SHOWN);
    if (first->n_raises == 2)
        hcb__text_puts(out, ". No single limit would");
    else if (x->all_remedies)
        hcb__text_puts(out, ". No other single limit would");
    else
        hcb__text_puts(out, "; not all limits could be decided within the work limit");
    hcb__text_puts(out, ".\n");
}

static void put_effect(hcb__text *out, const hcb__explanation *x, const hcb__effect *e) {
    if (e->provider != HCB__WAITS) {
        hcb__text_printf(out, "with %s at ", provider_id(x, e->provider));
        hcb__text_fixed(out, e->own_pence, 2);
        hcb__text_puts(out, " pounds a week");
    }
    if (e->n_shifts) {
        hcb__text_puts(out, ", and ");
        put_shifts(out, x, e);
    }
    hcb__text_puts(out, "; all packages ");
    pounds(out, e->pence);
    hcb__text_puts(out, " pounds a week");
}

static void put_trade(hcb__text *out, const hcb__explanation *x) {
    hcb__text_puts(out, "It could be placed ");
    put_effect(out, x, &x->forced);
    hcb__text_puts(out, ".\n");
    if (x->level >= 0)
        hcb__text_printf(out, "The policy refuses: the level %s would be at least %lld worse.\n",
                         level_name(x, x->level), (long long)x->by);
    else
        hcb__text_puts(out,
                       "That plan is exactly as good by the policy: the two are equals, and one had to be taken.\n");
}

static void put_rival(hcb__text *out, const hcb__explanation *x, const hcb__rival *r) {
    const hcb__choice *c = &x->problem->choices[r->pair];
    hcb__text_printf(out, "%s (rank %d, %s, ", provider_id(x, c->provider), c->rank, hcb__tier_words[c->tier]);
    hcb__text_fixed(out, c->weekly_pence, 2);
    hcb__text_puts(out, " pounds a week): ");
    if (r->n_lacks) {
        hcb__text_puts(out, "full, it lacks ");
        for (int32_t k = 0; k < r->n_lacks; k++) {
            hcb__text_puts(out, k ? " and " : "");
            hcb__explain_raise_words(out, x, &r->lacks[k]);
        }
    } else {
        hcb__text_puts(out, "it has room");
    }
    if (r->never)
        hcb__text_puts(out, "; no plan puts the package there, whoever else waits");
    else if (r->known && r->level >= 0)
        hcb__text_printf(out, "; putting the package there makes the level %s at least %lld worse",
                         level_name(x, r->level), (long long)r->by);
    else if (r->known)
        hcb__text_puts(out, "; a plan as good puts the package there");
    else
        hcb__text_puts(out, "; what putting the package there costs was not proved within the work limit");
    if (!r->never && r->known && r->effect.n_shifts) {
        hcb__text_puts(out, " (");
        put_shifts(out, x, &r->effect);
        hcb__text_putc(out, ')');
    }
    hcb__text_puts(out, ".\n");
}

static void put_asked(hcb__text *out, const hcb__explanation *x) {
    if (*x->failing[x->asked].code) {
        hcb__text_printf(out, "%s may not take it: %s.\n", provider_id(x, x->asked), x->failing[x->asked].code);
        return;
    }
    for (int32_t r = 0; r < x->n_rivals; r++)
        put_rival(out, x, &x->rivals[r]);
    if (x->item >= 0 && x->bin[x->item] == x->asked)
        hcb__text_printf(out, "%s may take it, and does.\n", provider_id(x, x->asked));
    else if (x->item < 0)
        hcb__text_printf(out, "%s passes every rule%s.\n", provider_id(x, x->asked),
                         x->model->packages[x->package].provider == x->asked ? " and serves it" : "");
}

static void put_placed(hcb__text *out, const hcb__explanation *x) {
    const hcb__choice *c = &x->problem->choices[hcb__alloc_pair(x->problem, x->item, x->bin[x->item])];
    hcb__text_printf(out, "It is number %d of %d in its ranking: %s, ", c->rank, n_able(x), hcb__tier_words[c->tier]);
    hcb__text_fixed(out, c->weekly_pence, 2);
    hcb__text_puts(out, " pounds a week.\n");
    if (x->asked >= 0)
        return;
    for (int32_t r = 0; r < x->n_rivals; r++)
        put_rival(out, x, &x->rivals[r]);
}

static void put_head(hcb__text *out, const hcb__explanation *x) {
    const hcb__package *p = &x->model->packages[x->package];
    hcb__text_printf(out, "%s (zone %s, priority %d, ", p->id, x->model->zones->zones[p->zone].id, p->priority);
    hours(out, p->carer_minutes);
    hcb__text_puts(out, " carer hours a week) ");
    if (x->kind == HCB__EXPLAIN_STAYS)
        hcb__text_printf(out, "is served by %s, and the run moves nobody.\n", provider_id(x, p->provider));
    else if (x->kind == HCB__EXPLAIN_PLACED)
        hcb__text_printf(out, "goes to %s.\n", provider_id(x, x->bin[x->item]));
    else if (x->kind == HCB__EXPLAIN_PLAN)
        hcb__text_puts(out, "waits because the plan is not the best: a better one places it.\n");
    else
        hcb__text_printf(out, "waits: %s.\n",
                         x->kind == HCB__EXPLAIN_UNPROVED ? "why was not proved within the work limit"
                                                          : hcb__explained_words[x->kind]);
}

void hcb__explain_sentences(hcb__text *out, const hcb__explanation *x) {
    put_head(out, x);
    switch (x->kind) {
    case HCB__EXPLAIN_RULE:
        hcb__text_printf(out, "No provider passes the rules; of %d, by the first that fails: ", x->model->n_providers);
        put_rules(out, x);
        hcb__text_puts(out, ".\n");
        break;
    case HCB__EXPLAIN_CAPACITY:
        put_capacity(out, x);
        break;
    case HCB__EXPLAIN_TRADE:
        put_trade(out, x);
        break;
    case HCB__EXPLAIN_PLACED:
        put_placed(out, x);
        break;
    case HCB__EXPLAIN_PLAN:
        if (x->has_forced) {
            hcb__text_puts(out, "The better plan has it ");
            put_effect(out, x, &x->forced);
            hcb__text_puts(out, ".\n");
        } else {
            hcb__text_printf(out, "The better plan has it with %s.\n", provider_id(x, x->bin[x->item]));
        }
        break;
    default:
        break;
    }
    if (x->asked >= 0)
        put_asked(out, x);
    if (x->bettered && x->kind != HCB__EXPLAIN_PLAN)
        hcb__text_puts(out, "The plan given is not the best by the policy; this speaks about the best.\n");
}

void hcb__write_explain_text(hcb__text *out, const hcb__explanation *x) {
    hcb__explain_sentences(out, x);
    if (x->whatifs.count)
        hcb__text_puts(out, "\nWhat would place it, by pounds a week (each solved again):\n");
    for (size_t w = 0; w < x->whatifs.count; w++) {
        const hcb__whatif *f = &x->whatifs.at[w];
        hcb__text number;
        hcb__text_init(&number, out->mem);
        pounds(&number, f->effect.pence);
        for (size_t pad = number.count; pad < 10; pad++)
            hcb__text_putc(out, ' ');
        hcb__text_puts(out, number.at ? number.at : "");
        hcb__text_free(&number);
        hcb__text_printf(out, "  %s -> %s", f->what, provider_id(x, f->effect.provider));
        if (f->effect.n_waiting)
            hcb__text_printf(out, "; %d then wait%s", f->effect.n_waiting, f->effect.n_waiting == 1 ? "s" : "");
        if (f->hard)
            hcb__text_puts(out, "  [what-if only: never relaxed by the program]");
        hcb__text_putc(out, '\n');
    }
}
