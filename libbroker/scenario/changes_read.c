/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A scenario file, every problem with its place. */
#define _XOPEN_SOURCE 700 /* realpath */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arith.h"
#include "hcbroker/allocation.h"
#include "io/file.h"
#include "model/limits.h"
#include "model/policy.h"
#include "scenario/changes.h"
#include "scenario/folder.h"
#include "hcbroker/options.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

typedef struct reader {
    hcb_context *ctx;
    hcb__scenario_file *file;
    hcb__yaml_doc *doc;
    const char *folder; /* of the file: what names in it are relative to */
    bool failed;        /* memory */
} reader;

static const char *keep(reader *r, const char *text) {
    const char *copy = hcb__arena_strndup(&r->file->arena, text, strlen(text));
    r->failed |= !copy;
    return copy ? copy : "";
}

static void complain(reader *r, const hcb__yaml_node *node, const char *format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    hcb__where where = hcb__yaml_where(r->doc, node);
    hcb__diag_error(r->ctx, &where, "%s", message);
}

static bool group(reader *r, const hcb__yaml_node *node, const char *const *keys, size_t n) {
    if (!node)
        return false;
    (void)hcb__yaml_known_keys(r->doc, node, keys, n);
    return node->kind == HCB__YAML_MAPPING;
}

static void read_text(reader *r, const hcb__yaml_node *node, const char **out) {
    const char *text;
    if (hcb__yaml_string(r->doc, node, &text))
        *out = keep(r, text);
}

/* "+25%", "-2.5 %" as hundredths of a percent. */
static void read_percent(reader *r, const hcb__yaml_node *node, int64_t least, int64_t *out) {
    enum { MOST = 1000 * 100 };
    const char *text;
    if (!hcb__yaml_string(r->doc, node, &text))
        return;
    size_t len = node->len;
    bool percent = len > 0 && text[len - 1] == '%';
    len -= percent;
    while (len > 0 && text[len - 1] == ' ')
        len--;
    int64_t value;
    if (!percent || !hcb__parse_fixed(text, len, 2, &value) || value < least || value > MOST)
        complain(r, node,
                 "\"%.40s\" is not a change in percent; expected one such as +25%% or -10%%, from %lld%% to 1000%%",
                 text, (long long)(least / 100));
    else
        *out = value;
}

/* A path relative to the scenario file, made absolute: the workspace's own names are relative to the workspace. */
static void read_path(reader *r, const hcb__yaml_node *node, const char **path, const char **shown) {
    const char *name;
    if (!hcb__yaml_string(r->doc, node, &name))
        return;
    char *joined = hcb__path_join(&r->file->arena, r->folder, name);
    if (!joined) {
        r->failed = true;
        return;
    }
    char *whole = realpath(joined, NULL);
    if (whole)
        *path = keep(r, whole);
    else
        complain(r, node, "there is no file or folder \"%s\" (looked for %s)", name, joined);
    free(whole);
    if (shown)
        *shown = keep(r, name);
}

static void read_demand(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    static const char *const keys[] = {"people", "hours", "starts"};
    enum { LEAST = -9000 };
    if (!group(r, node, keys, COUNT(keys)))
        return;
    read_percent(r, hcb__yaml_get(node, "people"), LEAST, &s->people);
    read_percent(r, hcb__yaml_get(node, "hours"), LEAST, &s->hours);
    read_percent(r, hcb__yaml_get(node, "starts"), LEAST, &s->starts);
}

/* A file, one change for all, or one for each band. */
static void read_prices(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    enum { LEAST = -9000 };
    if (!node)
        return;
    if (node->kind == HCB__YAML_MAPPING) {
        (void)hcb__yaml_known_keys(r->doc, node, hcb__band_words, HCB__BANDS);
        for (int b = 0; b < HCB__BANDS; b++)
            read_percent(r, hcb__yaml_get(node, hcb__band_words[b]), LEAST, &s->band_prices[b]);
    } else if (node->kind == HCB__YAML_SCALAR && node->len > 0 && node->text[node->len - 1] == '%') {
        read_percent(r, node, LEAST, &s->prices);
    } else if (node->kind == HCB__YAML_SCALAR && strcmp(node->text, "one_rate") == 0) {
        s->one_rate = true;
    } else {
        read_path(r, node, &s->files[HCB__FILE_PRICES], &s->shown[HCB__FILE_PRICES]);
    }
}

static void read_wage(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    static const char *const keys[] = {"from", "to", "file"};
    if (!group(r, node, keys, COUNT(keys)))
        return;
    s->wage_line = node->line;
    s->wage_column = node->column;
    read_text(r, hcb__yaml_get(node, "from"), &s->wage_from);
    read_text(r, hcb__yaml_get(node, "to"), &s->wage_to);
    read_path(r, hcb__yaml_get(node, "file"), &s->wage_file, NULL);
    for (size_t i = 0; i < COUNT(keys); i++)
        if (!hcb__yaml_get(node, keys[i]))
            complain(r, node,
                     "the key %s is missing; expected from and to (years of a file of price build-ups) and file",
                     keys[i]);
}

static void read_provider(reader *r, const hcb__yaml_node *key, const hcb__yaml_node *node, hcb__provider_change *out) {
    static const char *const keys[] = {"capacity", "hours_at_most"};
    enum { LEAST = -10000 };
    *out = (hcb__provider_change){.id = keep(r, key->text), .line = key->line, .column = key->column, .most = -1};
    if (node->kind == HCB__YAML_SCALAR && strcmp(node->text, "leaves") == 0) {
        out->leaves = true;
    } else if (node->kind != HCB__YAML_MAPPING) {
        complain(r, node, "\"%.40s\" is not known; expected leaves, {capacity: -20%%} or {hours_at_most: 300}",
                 node->text);
    } else if (group(r, node, keys, COUNT(keys))) {
        read_percent(r, hcb__yaml_get(node, "capacity"), LEAST, &out->capacity);
        int64_t hours = -1;
        if (hcb__yaml_int(r->doc, hcb__yaml_get(node, "hours_at_most"), 0, HCB__MOST_CAPACITY / 60, &hours))
            out->most = hours * 60;
    }
}

static void read_providers(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    if (!node)
        return;
    if (node->kind == HCB__YAML_SCALAR) {
        read_path(r, node, &s->files[HCB__FILE_PROVIDERS], &s->shown[HCB__FILE_PROVIDERS]);
        return;
    }
    if (node->kind != HCB__YAML_MAPPING) {
        complain(r, node, "expected a file, or provider ids with what becomes of each: {P007: leaves}");
        return;
    }
    s->providers = hcb__arena_alloc(&r->file->arena, node->count, sizeof *s->providers);
    if (!s->providers) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        read_provider(r, node->keys[i], node->items[i], &s->providers[s->n_providers++]);
}

static void read_lots(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    static const char *const keys[] = {"subcontract"};
    if (!node)
        return;
    s->lots = (hcb__lots){true, true};
    if (node->kind == HCB__YAML_MAPPING)
        (void)hcb__yaml_known_keys(r->doc, node, keys, COUNT(keys));
    else
        (void)hcb__yaml_bool(r->doc, node, &s->lots.given);
    (void)hcb__yaml_bool(r->doc, hcb__yaml_get(node, "subcontract"), &s->lots.subcontract);
}

static void read_tiers(reader *r, const hcb__yaml_node *node, uint32_t *out) {
    if (!node)
        return;
    *out = 0;
    if (node->kind != HCB__YAML_SEQUENCE) {
        complain(r, node, "a list of tiers was expected, such as [supplementary, framework]");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        int32_t tier;
        if (hcb__yaml_word(r->doc, node->items[i], hcb__tier_words, HCB__TIERS, &tier))
            *out |= 1u << tier;
    }
}

/* The same bounds as where the costs are options. */
static void read_cost(reader *r, const hcb__yaml_node *node, int decimals, const char *option, int64_t *out) {
    const hcb_option *o = hcb_option_find("hcb_price_bands_options", option);
    (void)hcb__yaml_fixed(r->doc, node, decimals, (int64_t)o->low, (int64_t)o->high, out);
}

static void read_costs(reader *r, const hcb__yaml_node *node, hcb__costs *out) {
    static const char *const keys[] = {"wage", "on_cost", "per_mile", "mph", "overhead"};
    if (!group(r, node, keys, COUNT(keys)))
        return;
    read_cost(r, hcb__yaml_get(node, "wage"), 2, "wage_pence", &out->pay.wage);
    read_cost(r, hcb__yaml_get(node, "per_mile"), 4, "per_mile", &out->pay.per_mile);
    read_cost(r, hcb__yaml_get(node, "mph"), 1, "speed", &out->pay.speed);
    read_percent(r, hcb__yaml_get(node, "on_cost"), 0, &out->pay.on_cost);
    read_percent(r, hcb__yaml_get(node, "overhead"), 0, &out->overhead);
}

static void read_changes(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    static const char *const keys[] = {"zones",  "areas",    "areas_geojson", "postcodes", "policy",   "coverage",
                                       "matrix", "prices",   "wage_year",     "demand",    "capacity", "providers",
                                       "lots",   "refusals", "costs",         "tender",    "plan"};
    static const struct {
        const char *key;
        int file;
    } files[] = {
        {"zones", HCB__FILE_ZONES},         {"areas", HCB__FILE_AREAS},   {"areas_geojson", HCB__FILE_AREAS_GEOJSON},
        {"postcodes", HCB__FILE_POSTCODES}, {"policy", HCB__FILE_POLICY}, {"coverage", HCB__FILE_COVERAGE},
        {"matrix", HCB__FILE_MATRIX}};
    enum { LEAST = -10000 };
    if (!group(r, node, keys, COUNT(keys)))
        return;
    for (size_t i = 0; i < COUNT(files); i++)
        read_path(r, hcb__yaml_get(node, files[i].key), &s->files[files[i].file], &s->shown[files[i].file]);
    const hcb__yaml_node *plan = hcb__yaml_get(node, "plan");
    read_path(r, plan, &s->plan, &s->plan_shown);
    if (plan && !s->files[HCB__FILE_ZONES])
        complain(r, plan, "a plan says which small areas a zone has; its zones are missing: give zones as well");
    read_prices(r, hcb__yaml_get(node, "prices"), s);
    read_wage(r, hcb__yaml_get(node, "wage_year"), s);
    read_demand(r, hcb__yaml_get(node, "demand"), s);
    read_percent(r, hcb__yaml_get(node, "capacity"), LEAST, &s->capacity);
    read_providers(r, hcb__yaml_get(node, "providers"), s);
    read_lots(r, hcb__yaml_get(node, "lots"), s);
    read_tiers(r, hcb__yaml_get(node, "refusals"), &s->refusing);
    read_costs(r, hcb__yaml_get(node, "costs"), &s->costs);
    (void)hcb__yaml_bool(r->doc, hcb__yaml_get(node, "tender"), &s->tender);
}

static void read_replan(reader *r, const hcb__yaml_node *node, int64_t *out) {
    const char *text;
    if (!hcb__yaml_string(r->doc, node, &text))
        return;
    int64_t n;
    if (strcmp(text, "fixed") == 0)
        *out = HCB_REPLAN_FIXED;
    else if (strcmp(text, "free") == 0)
        *out = HCB_REPLAN_FREE;
    else if (hcb__parse_int(text, node->len, &n) && n >= 0 && n <= HCB__MOST_PACKAGES)
        *out = n;
    else
        complain(r, node, "\"%.40s\" is not fixed, free or a number of people who may move", text);
}

static void read_run(reader *r, const hcb__yaml_node *node, hcb__scenario *s) {
    static const char *const keys[] = {"method", "replan", "work_limit", "gap", "seed"};
    static const char *const methods[] = {"optimal", "sequential"};
    if (!group(r, node, keys, COUNT(keys)))
        return;
    (void)hcb__yaml_word(r->doc, hcb__yaml_get(node, "method"), methods, COUNT(methods), &s->method);
    read_replan(r, hcb__yaml_get(node, "replan"), &s->replan);
    (void)hcb__yaml_int(r->doc, hcb__yaml_get(node, "work_limit"), 0, INT64_MAX - 1, &s->work_limit);
    (void)hcb__yaml_double(r->doc, hcb__yaml_get(node, "gap"), 0, 1, &s->gap);
    (void)hcb__yaml_int(r->doc, hcb__yaml_get(node, "seed"), 0, INT64_MAX - 1, &s->seed);
}

typedef void (*read_year)(reader *r, const hcb__yaml_node *node, int64_t *out);

static void year_percent(reader *r, const hcb__yaml_node *node, int64_t *out) {
    enum { LEAST = -5000 };
    read_percent(r, node, LEAST, out);
}

static void year_pounds(reader *r, const hcb__yaml_node *node, int64_t *out) {
    static const int64_t most = 1000000000000;
    (void)hcb__yaml_fixed(r->doc, node, 2, -most, most, out);
}

/* One value for all years, or a list with one for each. */
static void read_years(reader *r, const hcb__yaml_node *node, int32_t years, read_year read, int64_t *out) {
    if (!node)
        return;
    if (node->kind == HCB__YAML_SEQUENCE && node->count != (size_t)years) {
        complain(r, node, "%zu years were given; expected %d, or one value for all", node->count, years);
        return;
    }
    for (int32_t y = 0; y < years; y++)
        read(r, node->kind == HCB__YAML_SEQUENCE ? node->items[y] : node, &out[y]);
}

static void read_budget(reader *r, const hcb__yaml_node *node, hcb__budget_plan *b) {
    static const char *const keys[] = {"years", "first", "growth", "inflation", "savings"};
    if (!group(r, node, keys, COUNT(keys)))
        return;
    int64_t years = b->years;
    (void)hcb__yaml_int(r->doc, hcb__yaml_get(node, "years"), 1, HCB__MOST_BUDGET_YEARS, &years);
    b->years = (int32_t)years;
    read_text(r, hcb__yaml_get(node, "first"), &b->first);
    read_years(r, hcb__yaml_get(node, "growth"), b->years, year_percent, b->growth);
    read_years(r, hcb__yaml_get(node, "inflation"), b->years, year_percent, b->inflation);
    read_years(r, hcb__yaml_get(node, "savings"), b->years, year_pounds, b->savings);
}

/* Older people's growth of 2 % a year, no inflation: as the council's papers build a budget. */
static hcb__scenario blank(const char *name, const char *base) {
    enum { YEARS = 4, GROWTH = 200 };
    hcb__scenario s = {.name = name,
                       .group = "",
                       .base = base,
                       .costs = {{930, 2500, 4500, 250}, 2000},
                       .method = HCB__NOT_CHANGED,
                       .replan = HCB__NOT_CHANGED,
                       .work_limit = -1,
                       .gap = -1,
                       .seed = -1,
                       .budget = {.years = YEARS, .first = ""}};
    for (int y = 0; y < HCB__MOST_BUDGET_YEARS; y++)
        s.budget.growth[y] = GROWTH;
    return s;
}

static void read_scenario(reader *r, const hcb__yaml_node *node, const hcb__scenario *common, hcb__scenario *out) {
    static const char *const keys[] = {"name", "group", "changes", "run", "budget"};
    *out = *common;
    if (!group(r, node, keys, COUNT(keys)))
        return;
    if (!hcb__yaml_get(node, "name"))
        complain(r, node, "the key name is missing: every scenario needs one");
    read_text(r, hcb__yaml_get(node, "name"), &out->name);
    read_text(r, hcb__yaml_get(node, "group"), &out->group);
    read_changes(r, hcb__yaml_get(node, "changes"), out);
    read_run(r, hcb__yaml_get(node, "run"), out);
    read_budget(r, hcb__yaml_get(node, "budget"), &out->budget);
}

static void read_list(reader *r, const hcb__yaml_node *node, const hcb__scenario *common) {
    hcb__scenario_file *file = r->file;
    if (node->kind != HCB__YAML_SEQUENCE || node->count == 0 || node->count > HCB__MOST_SCENARIOS) {
        complain(r, node, "a list of 1 to %d scenarios was expected", HCB__MOST_SCENARIOS);
        return;
    }
    file->lists = true;
    file->at = hcb__arena_alloc(&file->arena, node->count, sizeof *file->at);
    if (!file->at) {
        r->failed = true;
        return;
    }
    hcb__idmap seen;
    hcb__idmap_init(&seen, &r->ctx->mem);
    for (size_t i = 0; i < node->count && !r->failed; i++) {
        hcb__scenario *s = &file->at[file->count++];
        read_scenario(r, node->items[i], common, s);
        size_t len = strlen(s->name);
        if (s->name == common->name)
            continue;
        if (hcb__idmap_get(&seen, s->name, len) >= 0)
            complain(r, node->items[i], "there is a scenario \"%s\" already", s->name);
        else if (!hcb__idmap_put(&seen, s->name, 0))
            r->failed = true;
    }
    hcb__idmap_free(&seen);
}

static void read_root(reader *r, const char *workspace) {
    static const char *const keys[] = {"version", "name", "base", "changes", "run", "budget", "scenarios"};
    const hcb__yaml_node *root = r->doc->root, *list = hcb__yaml_get(root, "scenarios");
    if (!group(r, root, keys, COUNT(keys)))
        return;
    const hcb__yaml_node *version = hcb__yaml_get(root, "version");
    int64_t number = 1;
    if (!version)
        complain(r, root, "the key version is missing; expected version: 1");
    else if (hcb__yaml_int(r->doc, version, 0, INT32_MAX, &number) && number != 1)
        complain(r, version, "version %s is not known to this program; expected 1", version->text);
    read_text(r, hcb__yaml_get(root, "name"), &r->file->name);
    hcb__scenario common = blank(r->file->name, workspace);
    read_path(r, hcb__yaml_get(root, "base"), &common.base, NULL);
    read_changes(r, hcb__yaml_get(root, "changes"), &common);
    read_run(r, hcb__yaml_get(root, "run"), &common);
    read_budget(r, hcb__yaml_get(root, "budget"), &common.budget);
    if (list) {
        read_list(r, list, &common);
        return;
    }
    r->file->at = hcb__arena_alloc(&r->file->arena, 1, sizeof *r->file->at);
    r->failed |= !r->file->at;
    if (r->file->at) {
        r->file->at[0] = common;
        r->file->count = 1;
    }
}

static const char *folder_of(hcb__arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return hcb__arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static hcb_status read_file(hcb__scenario_file *file, hcb_context *ctx, const char *path, const char *workspace) {
    reader r = {.ctx = ctx, .file = file, .folder = folder_of(&file->arena, path)};
    const char *base = strrchr(path, '/');
    file->name = base ? base + 1 : path;
    if (!r.folder)
        return hcb__nomem(ctx);
    hcb_status status = hcb__yaml_load(&r.doc, ctx, path, path);
    if (status != HCB_OK)
        return status;
    read_root(&r, workspace);
    hcb__yaml_close(r.doc);
    return r.failed ? hcb__nomem(ctx) : hcb__diag_status(ctx);
}

/* A workspace as it is: one scenario without changes, named after its folder. */
static hcb_status plain_workspace(hcb__scenario_file *file, hcb_context *ctx, const char *folder) {
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        len--;
    const char *path = hcb__arena_strndup(&file->arena, folder, len);
    file->at = hcb__arena_alloc(&file->arena, 1, sizeof *file->at);
    if (!path || !file->at)
        return hcb__nomem(ctx);
    const char *slash = strrchr(path, '/');
    file->name = slash && slash[1] ? slash + 1 : path;
    file->at[0] = blank(file->name, path);
    file->count = 1;
    return HCB_OK;
}

hcb_status hcb__scenario_file_open(hcb__scenario_file **out, hcb_context *ctx, const char *name,
                                   const char *workspace) {
    *out = NULL;
    hcb__scenario_file *file = hcb__calloc(&ctx->mem, 1, sizeof *file);
    if (!file)
        return hcb__nomem(ctx);
    hcb__arena_init(&file->arena, &ctx->mem);
    const char *path = file->shown = hcb__arena_strndup(&file->arena, name, strlen(name));
    const char *base = hcb__arena_strndup(&file->arena, workspace, strlen(workspace));
    hcb_status status = path && base ? HCB_OK : hcb__nomem(ctx);
    if (status == HCB_OK && hcb__folder_exists(path)) {
        status = plain_workspace(file, ctx, path);
    } else if (status == HCB_OK) {
        if (!hcb__file_exists(path) && !strchr(path, '/') && !strchr(path, '.'))
            status = hcb__bundled_scenario(&path, ctx, &file->arena, path);
        if (status == HCB_OK)
            status = read_file(file, ctx, path, base);
    }
    if (status == HCB_OK)
        *out = file;
    else
        hcb__scenario_file_close(file);
    return status;
}

void hcb__scenario_file_close(hcb__scenario_file *file) {
    if (!file)
        return;
    hcb_allocator mem = file->arena.mem;
    hcb__arena_release(&file->arena);
    hcb__free(&mem, file);
}

hcb_status hcb__scenario_find(hcb__scenario_file **out, const hcb__scenario **which, hcb_context *ctx, const char *name,
                              const char *workspace) {
    *out = NULL;
    const char *hash = hcb__file_exists(name) || hcb__folder_exists(name) ? NULL : strrchr(name, '#');
    char *file = hcb__strndup(&ctx->mem, name, hash ? (size_t)(hash - name) : strlen(name));
    hcb_status status = file ? hcb__scenario_file_open(out, ctx, file, workspace) : hcb__nomem(ctx);
    hcb__free(&ctx->mem, file);
    if (status != HCB_OK)
        return status;
    *which = NULL;
    for (int32_t i = 0; i < (*out)->count; i++)
        if (hash ? strcmp((*out)->at[i].name, hash + 1) == 0 : !(*out)->lists)
            *which = &(*out)->at[i];
    if (*which)
        return HCB_OK;
    /* A file that was opened has at least one. NOLINTBEGIN(clang-analyzer-core.NullDereference) */
    if (hash)
        status = hcb__fail(ctx, HCB_ENOTFOUND, "%s has no scenario \"%s\"; its first is \"%s\"", (*out)->shown,
                           hash + 1, (*out)->at[0].name);
    else
        status = hcb__fail(ctx, HCB_EINVAL, "%s lists %d scenarios; name one of them: %s#%s", name, (*out)->count, name,
                           (*out)->at[0].name);
    /* NOLINTEND(clang-analyzer-core.NullDereference) */
    hcb__scenario_file_close(*out);
    *out = NULL;
    return status;
}
