/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a scenario changes, in words. */
#include "base/text.h"
#include "model/policy.h"
#include "scenario/changes.h"

typedef struct speaker {
    hcb__text text;
    hcb__say_change say;
    void *payload;
} speaker;

static void finish(speaker *s) {
    if (!s->text.failed && s->text.count)
        s->say(s->payload, s->text.at);
    hcb__text_clear(&s->text);
}

static void put_percent(hcb__text *out, int64_t hundredths) {
    hcb__text_puts(out, hundredths < 0 ? "-" : "+");
    int64_t size = hundredths < 0 ? -hundredths : hundredths;
    hcb__text_fixed(out, size % 100 ? size : size / 100, size % 100 ? 2 : 0);
    hcb__text_putc(out, '%');
}

static void say_percent(speaker *s, const char *what, int64_t hundredths) {
    if (!hundredths)
        return;
    hcb__text_printf(&s->text, "%s ", what);
    put_percent(&s->text, hundredths);
    finish(s);
}

static void say_files(speaker *s, const hcb__scenario *scenario) {
    static const char *const words[HCB__FILES] = {"zones",    "areas",      "area polygons", "postcodes",
                                                  "policy",   "prices",     "providers",     "coverage",
                                                  "packages", "placements", "visits",        "matrix"};
    for (int kind = 0; kind < HCB__FILES; kind++)
        if (scenario->shown[kind]) {
            hcb__text_printf(&s->text, "%s from %s", words[kind], scenario->shown[kind]);
            finish(s);
        }
}

static void say_plan(speaker *s, const char *plan) {
    if (!plan)
        return;
    hcb__text_printf(&s->text, "small areas to zones from %s", plan);
    finish(s);
}

static void say_providers(speaker *s, const hcb__scenario *scenario) {
    for (int32_t i = 0; i < scenario->n_providers; i++) {
        const hcb__provider_change *p = &scenario->providers[i];
        if (p->leaves) {
            hcb__text_printf(&s->text, "%s leaves", p->id);
            finish(s);
        }
        if (p->capacity) {
            hcb__text_printf(&s->text, "%s: capacity ", p->id);
            put_percent(&s->text, p->capacity);
            finish(s);
        }
        if (p->most >= 0) {
            hcb__text_printf(&s->text, "%s: at most %lld hours a week", p->id, (long long)(p->most / 60));
            finish(s);
        }
    }
}

static void say_words(speaker *s, const char *words) {
    hcb__text_puts(&s->text, words);
    finish(s);
}

static void say_refusals(speaker *s, uint32_t tiers) {
    for (int32_t t = 0; t < HCB__TIERS; t++)
        if (tiers >> t & 1)
            hcb__text_printf(&s->text, "%s%s", s->text.count ? ", " : "", hcb__tier_words[t]);
    if (s->text.count)
        hcb__text_puts(&s->text, ": decline what does not pay for its travel");
    finish(s);
}

void hcb__changes_say(const hcb__scenario *scenario, const hcb_allocator *mem, hcb__say_change say, void *payload) {
    speaker s = {.say = say, .payload = payload};
    hcb__text_init(&s.text, mem);
    say_files(&s, scenario);
    say_plan(&s, scenario->plan_shown);
    say_percent(&s, "people", scenario->people);
    say_percent(&s, "hours each", scenario->hours);
    say_percent(&s, "starts", scenario->starts);
    say_percent(&s, "capacity", scenario->capacity);
    say_percent(&s, "prices", scenario->prices);
    for (int b = 0; b < HCB__BANDS; b++) {
        hcb__text_printf(&s.text, "%s price ", hcb__band_words[b]);
        put_percent(&s.text, scenario->band_prices[b]);
        if (scenario->band_prices[b])
            finish(&s);
        hcb__text_clear(&s.text);
    }
    if (scenario->wage_to) {
        hcb__text_printf(&s.text, "prices as costs from %s to %s", scenario->wage_from, scenario->wage_to);
        finish(&s);
    }
    say_providers(&s, scenario);
    if (scenario->lots.given)
        say_words(&s, scenario->lots.subcontract ? "each zone a lot: one lead, barred from other lots, who subcontracts"
                                                 : "each zone a lot: one lead, barred from other lots");
    if (scenario->one_rate)
        say_words(&s, "one rate a zone");
    say_refusals(&s, scenario->refusing);
    if (scenario->tender)
        say_words(&s, "everybody is offered anew");
    hcb__text_free(&s.text);
}
