/* SPDX-License-Identifier: GPL-3.0-or-later */
/* price visits: what is paid for visits as they took place. */
#include <string.h>

#include "base/arith.h"
#include "base/options.h"
#include "hcbroker/price.h"
#include "io/csv.h"
#include "io/file.h"
#include "io/json.h"
#include "model/model.h"
#include "pricing/payment_visits.h"
#include "report/price_text.h"
#include "scenario/folder.h"

typedef struct request {
    const hcb__payment_rule *rule;
    const hcb__paid_visits *visits;
    int32_t format;
    bool spreadsheet;
} request;

static void text_sum(hcb__text *out, const hcb__paid_sum *sum, bool priced) {
    hcb__price_number(out, (int64_t)sum->count, 0, 8);
    hcb__price_number(out, sum->planned, 0, 10);
    hcb__price_number(out, sum->actual, 0, 10);
    hcb__price_number(out, sum->minutes, 0, 10);
    hcb__price_number(out, sum->minutes - sum->schedule_minutes, 0, 10);
    if (priced) {
        hcb__price_number(out, sum->pence, 2, 13);
        hcb__price_number(out, sum->pence - sum->schedule_pence, 2, 12);
    }
    hcb__text_putc(out, '\n');
}

static void write_text(hcb__text *out, const request *r) {
    enum { SHOWN = 40 };
    const hcb__paid_visits *v = r->visits;
    hcb__text_puts(out, "Paid: ");
    hcb__payment_words(r->rule, out);
    hcb__text_puts(out, ".\nCarer minutes; `against` is the difference from full-schedule payment.\n\n");
    hcb__text_printf(out, "%-16s%s%s\n", "package", "  visits   planned    actual      paid   against",
                     v->priced ? "       pounds     against" : "");
    for (size_t p = 0; p < v->n_packages && p < SHOWN; p++) {
        hcb__text_printf(out, "%-16s", v->packages[p].package);
        text_sum(out, &v->packages[p], v->priced);
    }
    if (v->n_packages > SHOWN)
        hcb__text_printf(out, "... and %zu more, all with --format csv or json\n", v->n_packages - SHOWN);
    hcb__text_printf(out, "%-16s", "all");
    text_sum(out, &v->all, v->priced);
    if (v->all.missed)
        hcb__text_printf(out, "visits that did not take place: %lld\n", (long long)v->all.missed);
    hcb__text_puts(out, "\nfull-schedule payment: ");
    hcb__text_int(out, v->all.schedule_minutes);
    hcb__text_puts(out, " minutes");
    if (v->priced) {
        hcb__text_puts(out, ", ");
        hcb__text_fixed(out, v->all.schedule_pence, 2);
        hcb__text_puts(out, " pounds");
    }
    hcb__text_puts(out, "; this rule: ");
    hcb__text_int(out, v->all.minutes);
    hcb__text_puts(out, " minutes");
    if (v->priced) {
        hcb__text_puts(out, ", ");
        hcb__text_fixed(out, v->all.pence, 2);
        hcb__text_puts(out, " pounds");
    }
    if (v->all.schedule_minutes > 0) {
        hcb__text_puts(out, " (");
        hcb__text_fixed(out, hcb__round_div(v->all.minutes * 1000, v->all.schedule_minutes), 1);
        hcb__text_puts(out, "% of the minutes)");
    }
    hcb__text_puts(out, "\n");
    if (!v->priced)
        hcb__text_puts(out, "No pounds: not every visit has a price (price_per_hour, --price, or a workspace).\n");
}

static void json_int(hcb__json_writer *w, const char *key, int64_t value, bool known) {
    hcb__jw_key(w, key);
    if (known)
        hcb__jw_int(w, value);
    else
        hcb__jw_null(w);
}

static void json_sum(hcb__json_writer *w, const hcb__paid_sum *sum, bool priced) {
    hcb__jw_object_flat(w);
    if (sum->package)
        hcb__jw_key_string(w, "package_id", sum->package);
    hcb__jw_key_int(w, "visits", (int64_t)sum->count);
    hcb__jw_key_int(w, "missed", sum->missed);
    hcb__jw_key_int(w, "planned_minutes", sum->planned);
    hcb__jw_key_int(w, "actual_minutes", sum->actual);
    hcb__jw_key_int(w, "payable_minutes", sum->minutes);
    json_int(w, "payable_pence", sum->pence, priced);
    hcb__jw_key_int(w, "schedule_minutes", sum->schedule_minutes);
    json_int(w, "schedule_pence", sum->schedule_pence, priced);
    hcb__jw_end_object(w);
}

static void json_visit(hcb__json_writer *w, const hcb__paid_visit *v, bool priced) {
    hcb__text date;
    hcb__text_init(&date, w->out->mem);
    hcb__text_date(&date, v->date);
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "visit_id", v->id);
    hcb__jw_key_string(w, "package_id", v->package);
    hcb__jw_key_string(w, "provider_id", v->provider);
    hcb__jw_key_string(w, "date", date.at ? date.at : "");
    hcb__jw_key_int(w, "carers", v->carers);
    hcb__jw_key_int(w, "planned_minutes", v->planned);
    json_int(w, "actual_minutes", v->actual[0], v->actual[0] >= 0);
    json_int(w, "actual_minutes_2", v->actual[1], v->carers == 2 && v->actual[1] >= 0);
    hcb__jw_key_int(w, "payable_minutes", v->minutes);
    json_int(w, "price_pence_per_hour", v->price, v->price >= 0);
    json_int(w, "payable_pence", v->pence, priced);
    hcb__jw_key_int(w, "schedule_minutes", v->schedule_minutes);
    json_int(w, "schedule_pence", v->schedule_pence, priced);
    hcb__jw_end_object(w);
    w->out->failed |= date.failed;
    hcb__text_free(&date);
}

static void json_rule(hcb__json_writer *w, const hcb__payment_rule *rule) {
    hcb__jw_key(w, "rule");
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "mode", hcb__payment_mode_words[rule->mode]);
    hcb__jw_key_int(w, "step", rule->step);
    hcb__jw_key_string(w, "direction", hcb__payment_direction_words[rule->direction]);
    hcb__jw_key_int(w, "tolerance", rule->tolerance);
    hcb__jw_key_int(w, "minimum", rule->minimum);
    hcb__jw_key_bool(w, "per_carer", rule->per_carer);
    hcb__jw_key_bool(w, "pay_missed", rule->pay_missed);
    hcb__jw_end_object(w);
}

static void write_json(hcb__text *out, const request *r) {
    const hcb__paid_visits *v = r->visits;
    hcb__json_writer w;
    hcb__jw_init(&w, out, false);
    hcb__jw_object(&w);
    json_rule(&w, r->rule);
    hcb__jw_key(&w, "invoice");
    json_sum(&w, &v->all, v->priced);
    hcb__jw_key(&w, "packages");
    hcb__jw_array(&w);
    for (size_t p = 0; p < v->n_packages; p++)
        json_sum(&w, &v->packages[p], v->priced);
    hcb__jw_end_array(&w);
    hcb__jw_key(&w, "visits");
    hcb__jw_array(&w);
    for (size_t i = 0; i < v->n_visits; i++)
        json_visit(&w, &v->visits[i], v->priced);
    hcb__jw_end_array(&w);
    hcb__jw_end_object(&w);
    hcb__text_putc(out, '\n');
}

static void csv_int(hcb__text *out, int64_t value, bool known, bool last) {
    if (known)
        hcb__csv_put_int(out, value, last);
    else
        hcb__csv_put(out, "", last);
}

static void write_csv(hcb__text *out, const request *r) {
    const hcb__paid_visits *visits = r->visits;
    hcb__text_puts(out, "visit_id,package_id,provider_id,date,carers,planned_minutes,actual_minutes,actual_minutes_2,"
                        "payable_minutes,price_pence_per_hour,payable_pence,schedule_minutes,schedule_pence\n");
    for (size_t i = 0; i < visits->n_visits; i++) {
        const hcb__paid_visit *v = &visits->visits[i];
        hcb__csv_put_text(out, v->id, false, r->spreadsheet);
        hcb__csv_put_text(out, v->package, false, r->spreadsheet);
        hcb__csv_put_text(out, v->provider ? v->provider : "", false, r->spreadsheet);
        hcb__text_date(out, v->date);
        hcb__text_putc(out, ',');
        hcb__csv_put_int(out, v->carers, false);
        hcb__csv_put_int(out, v->planned, false);
        csv_int(out, v->actual[0], v->actual[0] >= 0, false);
        csv_int(out, v->actual[1], v->carers == 2 && v->actual[1] >= 0, false);
        hcb__csv_put_int(out, v->minutes, false);
        csv_int(out, v->price, v->price >= 0, false);
        csv_int(out, v->pence, visits->priced, false);
        hcb__csv_put_int(out, v->schedule_minutes, false);
        csv_int(out, v->schedule_pence, visits->priced, true);
    }
}

static hcb_status write(hcb__text *out, hcb_context *ctx, void *what) {
    (void)ctx;
    const request *r = what;
    if (r->format == HCB_FORMAT_JSON)
        write_json(out, r);
    else if (r->format == HCB_FORMAT_CSV)
        write_csv(out, r);
    else
        write_text(out, r);
    return HCB_OK;
}

/* The policy's `payment:`, where there is a policy. */
static hcb_status rule_of_policy(hcb__payment_rule *rule, hcb_context *ctx, const hcb__folder *files,
                                 const char *policy) {
    const char *path = policy, *shown = policy;
    if (!path && files) {
        path = files->ws->files[HCB__FILE_POLICY].path;
        shown = files->ws->files[HCB__FILE_POLICY].name;
    }
    hcb_status status = HCB_OK;
    hcb__policy *read = NULL;
    if (path)
        status = hcb__policy_load(&read, ctx, path, shown);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    if (status == HCB_OK && read)
        *rule = read->payment;
    hcb__policy_free(read);
    return status;
}

/* What was given goes before what the policy says; -1: nothing was. */
static void choose(int64_t given, int64_t *value) {
    if (given != -1)
        *value = given;
}

static void rule_of_options(hcb__payment_rule *rule, const hcb_price_visits_options *o) {
    int64_t mode = rule->mode, direction = rule->direction, each = rule->per_carer, missed = rule->pay_missed;
    choose(o->mode, &mode);
    choose(o->direction, &direction);
    choose(o->per_carer, &each);
    choose(o->pay_missed, &missed);
    choose(o->step, &rule->step);
    choose(o->tolerance, &rule->tolerance);
    choose(o->minimum, &rule->minimum);
    rule->mode = (int32_t)mode;
    rule->direction = (int32_t)direction;
    rule->per_carer = each != 0;
    rule->pay_missed = missed != 0;
}

/* The price of a visit's package at the provider of the visit, else at the one that serves it. */
static int64_t price_in(const hcb__model *model, const hcb__paid_visit *v) {
    int32_t package = hcb__idmap_get(&model->package_of_id, v->package, strlen(v->package));
    if (package < 0)
        return -1;
    int32_t provider = model->packages[package].provider;
    if (v->provider)
        provider = hcb__idmap_get(&model->provider_of_id, v->provider, strlen(v->provider));
    return provider >= 0 ? hcb__model_price(model, package, provider) : -1;
}

static hcb_status find_prices(hcb__paid_visits *visits, hcb_context *ctx, const hcb_price_visits_options *o,
                              const char *folder) {
    bool all = true;
    for (size_t i = 0; i < visits->n_visits; i++) {
        hcb__paid_visit *v = &visits->visits[i];
        if (v->price < 0)
            v->price = o->price_pence;
        all = all && v->price >= 0;
    }
    if (all || !folder)
        return HCB_OK;
    hcb__model *model = NULL;
    hcb_status status = hcb__model_load(&model, ctx, folder, &(hcb__model_options){0});
    for (size_t i = 0; i < visits->n_visits && status == HCB_OK; i++) {
        hcb__paid_visit *v = &visits->visits[i];
        if (v->price < 0)
            v->price = price_in(model, v);
        if (v->price < 0) {
            hcb__where where = {visits->shown, v->line, 0, "package_id"};
            hcb__diag_warning(ctx, &where, "the workspace has no price for package \"%s\" at provider \"%s\"",
                              v->package, v->provider ? v->provider : "-");
        }
    }
    hcb__model_free(model);
    return status;
}

static hcb_status price_visits(hcb_text **out, hcb_context *ctx, hcb__arena *arena, const char *path,
                               const hcb_price_visits_options *o, int32_t format) {
    hcb__payment_rule rule = hcb__payment_default;
    hcb__paid_visits *visits = NULL;
    const char *yaml = o->folder ? hcb__path_join(arena, o->folder, hcb__workspace_name) : NULL;
    hcb__folder *files = NULL;
    hcb_status status = yaml && hcb__file_exists(yaml) ? hcb__folder_open(&files, ctx, o->folder) : HCB_OK;
    if (status == HCB_OK)
        status = rule_of_policy(&rule, ctx, files, o->policy);
    rule_of_options(&rule, o);
    if (status == HCB_OK)
        status = hcb__paid_visits_load(&visits, ctx, path, path, rule.mode == HCB__PAY_ACTUAL);
    if (status == HCB_OK)
        status = hcb__diag_status(ctx);
    /* Prices can be looked up where the workspace has people. */
    if (status == HCB_OK)
        status = find_prices(visits, ctx, o, files && hcb__folder_served(files) ? o->folder : NULL);
    if (status == HCB_OK)
        status = hcb__paid_visits_settle(visits, ctx, &rule);
    if (status == HCB_OK) {
        request r = {&rule, visits, format, o->spreadsheet != 0};
        status = hcb__price_write(out, ctx, write, &r);
    }
    hcb__paid_visits_free(visits);
    hcb__folder_close(files);
    return status;
}

hcb_status hcb_price_visits(hcb_text **out, hcb_context *ctx, const char *path, const hcb_price_visits_options *options,
                            int32_t format) {
    hcb_price_visits_options taken;
    const hcb_price_visits_options *const o = &taken;
    if (!out || !ctx || !path || format < HCB_FORMAT_TEXT || format > HCB_FORMAT_CSV)
        return HCB_EINVAL;
    *out = NULL;
    hcb_status status = hcb__begin(ctx);
    if (status != HCB_OK)
        return status;
    status = hcb__options_take(ctx, &taken, "hcb_price_visits_options", options);
    if (status != HCB_OK)
        return hcb__end(ctx, status);
    hcb__arena arena;
    hcb__arena_init(&arena, &ctx->mem);
    status = price_visits(out, ctx, &arena, path, o, format);
    hcb__arena_release(&arena);
    return hcb__end(ctx, status);
}
