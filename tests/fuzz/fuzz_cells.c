/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nine cells with people, zones and rules by the bytes of the input. What is proposed is legal, and what is said to
 * clash has no legal map among all 3^9: both counted here, by a walk over cells and sums, without the library. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "hcbroker/hcbroker.h"

static hcb_workspace *workspace_of(hcb_context *ctx, const char *areas, const char *packages) {
    hcb_problem *problem = NULL;
    hcb_workspace *workspace = NULL;
    FUZZ_CHECK(hcb_problem_create(&problem, ctx) == HCB_OK);
    FUZZ_CHECK(hcb_problem_set_folder(problem, ctx, HCB_SOURCE_DIR "/tests/fuzz/cells") == HCB_OK);
    FUZZ_CHECK(hcb_problem_set_text(problem, ctx, "areas", areas, strlen(areas)) == HCB_OK);
    FUZZ_CHECK(hcb_problem_set_text(problem, ctx, "packages", packages, strlen(packages)) == HCB_OK);
    FUZZ_CHECK(hcb_problem_build(&workspace, ctx, problem, NULL) == HCB_OK);
    hcb_problem_free(problem);
    return workspace;
}

/* The rules go through a file, as everybody's. */
static hcb_status design(hcb_text **out, int32_t *outcome, hcb_context *ctx, const hcb_workspace *workspace,
                         const void *rules, size_t size) {
    char path[] = "/tmp/hcb-fuzz-XXXXXX";
    int file = mkstemp(path);
    FUZZ_CHECK(file >= 0 && write(file, rules, size) == (ssize_t)size);
    close(file);
    hcb_design_options o = HCB_DESIGN_OPTIONS_INIT;
    o.rules = path;
    o.format = HCB_FORMAT_CSV;
    o.work_limit = 4000;
    o.threads = 1;
    hcb_status status = hcb_zones_design(out, outcome, ctx, workspace, &o);
    unlink(path);
    return status;
}

enum { SIDE = 3, CELLS = SIDE * SIDE, ZONES = 3, MOST_RULES = 6 };
enum { HOURS, FIXED, TOGETHER, FROZEN, BARRIER, PARTS, MOVED, PEOPLE, KINDS };

typedef struct rule {
    int kind, zone, a, b;
    int64_t low, high;
} rule;

typedef struct cells {
    int today[CELLS];
    int64_t minutes[CELLS], people[CELLS], total;
    rule rules[MOST_RULES];
    int n_rules;
} cells;

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

static int take(bytes *b, int below) {
    if (b->left == 0)
        return 0;
    b->left--;
    return *b->at++ % below;
}

static bool apart(const cells *c, int u, int v) {
    for (int r = 0; r < c->n_rules; r++)
        if (c->rules[r].kind == BARRIER &&
            ((c->rules[r].a == u && c->rules[r].b == v) || (c->rules[r].a == v && c->rules[r].b == u)))
            return true;
    return false;
}

static int parts(const cells *c, const int *zone, int z) {
    bool seen[CELLS] = {false};
    int count = 0;
    for (int s = 0; s < CELLS; s++) {
        int stack[CELLS], top = 0;
        if (zone[s] != z || seen[s])
            continue;
        count++;
        seen[s] = true;
        stack[top++] = s;
        while (top) {
            int u = stack[--top];
            int near[4] = {u % SIDE ? u - 1 : -1, u % SIDE < SIDE - 1 ? u + 1 : -1, u - SIDE, u + SIDE};
            for (int i = 0; i < 4; i++) {
                int v = near[i];
                if (v >= 0 && v < CELLS && zone[v] == z && !seen[v] && !apart(c, u, v)) {
                    seen[v] = true;
                    stack[top++] = v;
                }
            }
        }
    }
    return count;
}

/* `start`: the map that moves count from; NULL: the limit is not looked at. */
static bool legal(const cells *c, const int *zone, const int *start) {
    int most[ZONES] = {1, 1, 1};
    for (int r = 0; r < c->n_rules; r++)
        if (c->rules[r].kind == PARTS)
            most[c->rules[r].zone] = (int)c->rules[r].high;
    for (int z = 0; z < ZONES; z++) {
        int n = parts(c, zone, z);
        if (n < 1 || n > most[z])
            return false;
    }
    for (int r = 0; r < c->n_rules; r++) {
        const rule *k = &c->rules[r];
        int64_t minutes = 0, people = 0, moved = 0;
        for (int u = 0; u < CELLS; u++) {
            minutes += zone[u] == k->zone ? c->minutes[u] : 0;
            people += zone[u] == k->zone ? c->people[u] : 0;
            moved += start && zone[u] != start[u] ? c->minutes[u] : 0;
            if (k->kind == FROZEN && (zone[u] == k->zone) != (c->today[u] == k->zone))
                return false;
        }
        if ((k->kind == HOURS && (minutes < k->low || minutes > k->high)) ||
            (k->kind == PEOPLE && (people < k->low || people > k->high)) ||
            (k->kind == FIXED && zone[k->a] != k->zone) || (k->kind == TOGETHER && zone[k->a] != zone[k->b]) ||
            (k->kind == MOVED && moved > k->high))
            return false;
    }
    return true;
}

static bool any_legal(const cells *c) {
    for (int code = 0; code < 19683; code++) {
        int zone[CELLS], rest = code;
        for (int u = 0; u < CELLS; u++, rest /= ZONES)
            zone[u] = rest % ZONES;
        if (legal(c, zone, NULL))
            return true;
    }
    return false;
}

static void read_cells(cells *c, bytes *b) {
    *c = (cells){.n_rules = 0};
    for (int u = 0; u < CELLS; u++) {
        c->today[u] = u < ZONES ? u : take(b, ZONES);
        c->minutes[u] = 60 * take(b, 6);
        c->people[u] = take(b, 30);
        c->total += c->minutes[u];
    }
    int n = take(b, MOST_RULES + 1);
    for (int r = 0; r < n; r++) {
        rule k = {.kind = take(b, KINDS), .zone = take(b, ZONES), .a = take(b, CELLS), .b = take(b, CELLS)};
        k.low = 60 * take(b, 12);
        k.high = k.low + 60 * take(b, 20);
        if (k.kind == BARRIER || k.kind == TOGETHER) /* neighbours, and two of them */
            k.b = k.a % SIDE ? k.a - 1 : k.a + 1;
        if (k.kind == PARTS)
            k.high = 1 + k.a % 3;
        if (k.kind == PEOPLE) {
            k.low /= 60;
            k.high /= 6;
        }
        c->rules[c->n_rules++] = k;
    }
}

static void write_texts(const cells *c, char *areas, char *packages, char *rules) {
    areas += sprintf(areas, "area_id,easting,northing,zone_id,band,households,people65\n");
    packages += sprintf(packages, "package_id,easting,northing,weekly_hours,visits_per_week\n");
    for (int u = 0; u < CELLS; u++) {
        int x = 450500 + 1000 * (u % SIDE), y = 300500 + 1000 * (u / SIDE);
        areas += sprintf(areas, "c%02d,%d,%d,%d,%s,100,%d\n", u, x, y, c->today[u] + 1, u % 2 ? "rural" : "urban",
                         (int)c->people[u]);
        if (c->minutes[u])
            packages += sprintf(packages, "p%02d,%d,%d,%d,7\n", u, x, y, (int)c->minutes[u] / 60);
    }
    rules += sprintf(rules, "version: 1\n%s", c->n_rules ? "rules:\n" : "");
    for (int r = 0; r < c->n_rules; r++) {
        const rule *k = &c->rules[r];
        int low = (int)k->low, high = (int)k->high, z = k->zone + 1;
        switch (k->kind) {
        case HOURS:
            rules += sprintf(rules, "  - {rule: hours, zone: \"%d\", min: %d, max: %d}\n", z, low / 60, high / 60);
            break;
        case PEOPLE:
            rules += sprintf(rules, "  - {rule: people, zone: \"%d\", min: %d, max: %d}\n", z, low, high);
            break;
        case FIXED:
            rules += sprintf(rules, "  - {rule: fixed, areas: [c%02d], zone: \"%d\"}\n", k->a, z);
            break;
        case TOGETHER:
            rules += sprintf(rules, "  - {rule: together, areas: [c%02d, c%02d]}\n", k->a, k->b);
            break;
        case FROZEN:
            rules += sprintf(rules, "  - {rule: frozen, zone: \"%d\"}\n", z);
            break;
        case BARRIER:
            rules += sprintf(rules, "  - {rule: barrier, between: [c%02d, c%02d]}\n", k->a, k->b);
            break;
        case PARTS:
            rules += sprintf(rules, "  - {rule: connected, zone: \"%d\", parts: %d}\n", z, high);
            break;
        default:
            rules += sprintf(rules, "  - {rule: moved, hours: %d}\n", high / 60);
        }
    }
}

/* The map that moves count from, and the one proposed: today's with the rows of moves.csv. */
static void read_moves(const cells *c, const char *csv, int *start, int *zone) {
    memcpy(start, c->today, sizeof c->today);
    memcpy(zone, c->today, sizeof c->today);
    for (const char *line = strchr(csv, '\n'); line && isalpha((unsigned char)line[1]); line = strchr(line + 1, '\n')) {
        int u, from, to;
        FUZZ_CHECK(sscanf(line + 1, "c%d,%d,%d,", &u, &from, &to) == 3 && u >= 0 && u < CELLS && zone[u] == from - 1);
        const char *end = strchr(line + 1, '\n'), *repair = strstr(line, ",repair");
        zone[u] = to - 1;
        if (repair && (!end || repair < end))
            start[u] = to - 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    bytes b = {data, size};
    cells c;
    char areas[1024], packages[1024], rules[1024];
    read_cells(&c, &b);
    write_texts(&c, areas, packages, rules);
    counting memory;
    hcb_context *ctx = fuzz_begin(&memory);
    hcb_workspace *workspace = workspace_of(ctx, areas, packages);
    hcb_text *text = NULL;
    int32_t outcome = -1;
    hcb_status status = design(&text, &outcome, ctx, workspace, rules, strlen(rules));
    if (status != HCB_OK)
        fprintf(stderr, "%s\n%s", hcb_context_error(ctx)->message, rules);
    FUZZ_CHECK(status == HCB_OK);
    if (outcome == HCB_DESIGN_PROPOSED) {
        int start[CELLS], zone[CELLS];
        read_moves(&c, hcb_text_data(text), start, zone);
        FUZZ_CHECK(legal(&c, zone, start));
    } else if (outcome == HCB_DESIGN_CLASH) {
        bool limited = false;
        for (int r = 0; r < c.n_rules; r++)
            limited = limited || c.rules[r].kind == MOVED;
        FUZZ_CHECK(limited || !any_legal(&c));
    }
    hcb_text_free(text);
    hcb_workspace_free(workspace);
    hcb_context_free(ctx);
    FUZZ_CHECK(memory.alive == 0);
    return 0;
}
