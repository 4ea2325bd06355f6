/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli.h"

static void print_problems(cli *c) {
    static const char *const words[] = {"error", "warning", "left_out"};
    printf("  \"problems\": [");
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx); i++) {
        const hcb_diagnostic *d = hcb_context_diagnostic_at(c->ctx, i);
        printf("%s\n    {\"severity\": \"%s\", \"file\": ", i ? "," : "", words[d->severity]);
        print_json_string(d->file);
        printf(", \"line\": %lld, \"column\": %lld, \"pointer\": ", (long long)d->line, (long long)d->column);
        print_json_string(d->pointer);
        printf(", \"message\": ");
        print_json_string(d->message);
        putchar('}');
    }
    puts("]");
}

static int count_of(cli *c, int32_t severity) {
    int n = 0;
    for (size_t i = 0; i < hcb_context_diagnostic_count(c->ctx); i++)
        n += hcb_context_diagnostic_at(c->ctx, i)->severity == severity;
    return n;
}

static void print_figures(const hcb_workspace_info *info) {
    printf("%s%s\n", info->name, info->synthetic ? " (synthetic people)" : "");
    printf("  %lld packages wait, %.0f carer hours a week; %lld placements, %.0f hours\n", (long long)info->packages,
           (double)info->queue_carer_minutes / 60, (long long)info->placements,
           (double)info->placed_carer_minutes / 60);
    printf("  %lld providers with %.0f hours, %lld provider and zone pairs\n", (long long)info->providers,
           (double)info->capacity_minutes / 60, (long long)info->coverage_rows);
    printf("  %lld zones, %lld small areas, %lld postcodes; policy %s\n", (long long)info->zones,
           (long long)info->areas, (long long)info->postcodes, info->policy);
    printf("  inputs %s\n", info->inputs_sha256);
}

static int check_policy(cli *c) {
    hcb_text *words = NULL;
    hcb_status status = hcb_policy_check(c->args.explain ? &words : NULL, c->ctx, c->args.policy);
    if (c->args.format == HCB_FORMAT_JSON) {
        int code = finish(c, status);
        printf("{\n  \"ok\": %s,\n", status == HCB_OK ? "true" : "false");
        print_problems(c);
        puts("}");
        return code;
    }
    if (status != HCB_OK) {
        hcb_text_free(words);
        return finish(c, status);
    }
    print_diagnostics(c);
    if (c->args.explain)
        return print_text(words);
    printf("%s: no errors\n", c->args.policy);
    return EXIT_DONE;
}

/* The library keeps so many warnings of a call. */
enum { WARNINGS_KEPT = 1000 };

static int run_check(cli *c) {
    if (c->args.explain && !c->args.policy) {
        complain("check: --explain goes with --policy FILE");
        return EXIT_USAGE;
    }
    if (c->args.explain && c->args.format == HCB_FORMAT_JSON) {
        complain("check: --explain is words; --format json is without it");
        return EXIT_USAGE;
    }
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    if (c->args.policy)
        return check_policy(c);
    hcb_workspace_options o = {sizeof o, c->args.strict, NULL};
    hcb_workspace *workspace = NULL;
    hcb_workspace_info info = {.struct_size = sizeof info};
    hcb_status status = hcb_workspace_load(&workspace, c->ctx, c->args.dir, &o);
    bool loaded = status == HCB_OK && hcb_workspace_get_info(workspace, &info) == HCB_OK;
    int warnings = count_of(c, HCB_SEVERITY_WARNING);
    bool left_out = info.left_out > 0;
    int code = finish(c, status);
    if (c->args.format == HCB_FORMAT_JSON) {
        printf("{\n  \"ok\": %s,\n", loaded && !left_out ? "true" : "false");
        if (loaded)
            printf(
                "  \"packages\": %lld, \"placements\": %lld, \"left_out\": %lld, \"providers\": %lld, \"zones\": %lld, "
                "\"areas\": %lld, \"postcodes\": %lld,\n  \"inputs_sha256\": \"%s\", \"synthetic\": %s,\n",
                (long long)info.packages, (long long)info.placements, (long long)info.left_out,
                (long long)info.providers, (long long)info.zones, (long long)info.areas, (long long)info.postcodes,
                info.inputs_sha256, info.synthetic ? "true" : "false");
        print_problems(c);
        puts("}");
    } else if (loaded) {
        print_figures(&info);
        printf("  0 errors, %lld records left out, %d warnings%s\n", (long long)info.left_out, warnings,
               warnings < WARNINGS_KEPT ? "" : " or more");
    }
    hcb_workspace_free(workspace);
    return code == EXIT_DONE && left_out ? EXIT_INPUT : code;
}

static const arg_option check_options[] = {
    OWN_TEXT("policy", "FILE", policy, "check this policy file alone"),
    OWN_FLAG("explain", explain, "with --policy: print in words what the file says"),
    ROW(hcb_workspace_options, strict, strict)};

const cli_command command_check = {
    "check",
    "",
    0,
    0,
    "read everything and list every problem with its place",
    "Nothing is solved and nothing is written. Problems are listed on standard error as\n"
    "file:line:column: error: column: message. Exit code 3 when there is an error, or a record\n"
    "that a run would leave out.",
    check_options,
    COUNT(check_options),
    run_check};
