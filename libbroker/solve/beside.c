/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solve/beside.h"

#include <pthread.h>

#include "solve/backend.h"
#include "solve/bounding.h"
#include "solve/search.h"

/* Of what is left, until they next tell each other their plans; and the least work of that. */
static const double SLICE = 0.25;
enum { LEAST_WORK = 100000 };

typedef struct searching {
    hcb__solver *s;
    hcb__work *w;
    int32_t j;
    hcb__search_state state;
    bool ok;
} searching;

static void *run_search(void *payload) {
    searching *one = payload;
    one->ok = hcb__search_from(one->s, one->w, one->j, INT32_MAX, &one->state);
    return NULL;
}

/* Half of the work that is left, at least a unit (none would be no limit); 0: there is no limit. */
static int64_t half_of(const hcb__budget *budget) {
    int64_t left = budget->work_limit - budget->work;
    return budget->work_limit > 0 ? (left > 0 ? left / 2 : 0) + 1 : 0;
}

/* What each of the two may do until they meet. */
static hcb__budget slice_of(const hcb__budget *budget) {
    hcb__budget slice = hcb__budget_part(budget, SLICE);
    int64_t half = half_of(budget), most = (int64_t)((double)half * SLICE);
    slice.work_limit = most > LEAST_WORK || half == 0 ? most : half < LEAST_WORK ? half : LEAST_WORK;
    slice.work = 0;
    return slice;
}

/* One slice of both. The search always has a thread of its own, since the tree's model is open on this one. *more: the
 * tree has branches left. */
static void run_slice(searching *search, hcb__tree *tree, hcb__budget *grown, hcb__budget *whole, bool *more) {
    hcb__work *w = search->w;
    bool at_once = search->s->options->threads > 1;
    hcb__budget slice = slice_of(whole), until = slice;
    int64_t before = grown->work;
    pthread_t thread;
    if (!at_once && slice.deadline.at > 0)
        slice.deadline = hcb__deadline_in(hcb__deadline_left(slice.deadline) / 2);
    w->budget = slice;
    bool started = pthread_create(&thread, NULL, run_search, search) == 0;
    if (started && !at_once)
        pthread_join(thread, NULL);
    if (until.work_limit > 0) {
        until.work_limit += before;
        grown->work_limit = before + half_of(whole);
    }
    *more = hcb__tree_grow(tree, &until);
    if (started && at_once)
        pthread_join(thread, NULL);
    whole->work += w->budget.work + grown->work - before;
    w->budget = *whole;
}

/* The tree and the search in turns of a slice, until one of them is done. */
static bool grow_and_search(hcb__proving *o, hcb__solver *s, hcb__work *w, int32_t j, hcb_status *status) {
    hcb__budget whole = w->budget, grown = whole;
    int32_t threads = w->threads;
    searching search = {.s = s, .w = w, .j = j, .ok = true};
    hcb__tree *tree;
    grown.work_limit = half_of(&whole);
    grown.work = 0;
    *status = hcb__tree_open(&tree, &o->task, s->mem, &grown);
    whole.work += grown.work;
    w->budget = whole;
    if (!tree)
        return true;
    hcb__guide guide;
    bool ok = hcb__guide_init(&guide, s->mem, w->core), more = true;
    if (ok)
        hcb__tree_guide(tree, &guide);
    /* cppcheck-suppress autoVariables ; taken back below */
    w->guide = &guide;
    w->threads = threads > 1 ? threads - 1 : 1;
    while (ok && more && !hcb__budget_over(&whole)) {
        ok = hcb__proving_share(o, s, w);
        int64_t value = hcb__plan_value(&w->plan), bound = hcb__tree_bound(tree);
        hcb__publish(s, j, value, bound > w->bound ? bound : w->bound, true);
        if (!ok || hcb__close_enough(s, j, value, bound))
            break;
        run_slice(&search, tree, &grown, &whole, &more);
        ok = search.ok;
    }
    w->threads = threads;
    w->guide = NULL;
    hcb__guide_free(&guide, s->mem);
    hcb_status closed = hcb__tree_close(tree);
    *status = ok ? closed : HCB_ENOMEM;
    return ok;
}

bool hcb__prove_beside(hcb__solver *s, hcb__work *w, int32_t j, int32_t most_nodes, bool to_the_end) {
    hcb__proving o;
    hcb_status status = HCB_OK;
    if (hcb__budget_over(&w->budget))
        return true;
    if (!hcb__backend_of(&w->budget)->apart())
        return hcb__prove(s, w, j, most_nodes, to_the_end);
    bool ok = hcb__proving_open(&o, s, w, j, most_nodes, to_the_end);
    if (ok && o.core->n_choices > 0)
        ok = grow_and_search(&o, s, w, j, &status);
    return hcb__proving_close(&o, s, w, ok ? status : HCB_ENOMEM);
}
