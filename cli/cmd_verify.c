/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli.h"

static void print_as_json(const hcb_verify_report *report) {
    printf("{\n  \"ok\": %s,\n  \"findings\": [", hcb_verify_ok(report) ? "true" : "false");
    for (size_t i = 0; i < hcb_verify_finding_count(report); i++) {
        const hcb_verify_finding *f = hcb_verify_finding_at(report, i);
        const char *const pairs[][2] = {{"file", f->file},   {"record", f->record},     {"field", f->field},
                                        {"found", f->found}, {"expected", f->expected}, {"message", f->message}};
        printf("%s\n    {", i ? "," : "");
        for (size_t p = 0; p < COUNT(pairs); p++) {
            printf("%s\"%s\": ", p ? ", " : "", pairs[p][0]);
            print_json_string(pairs[p][1]);
        }
        putchar('}');
    }
    printf("],\n  \"findings_not_listed\": %zu,\n  \"checked\": {", hcb_verify_finding_dropped(report));
    for (size_t i = 0; i < hcb_verify_checked_count(report); i++) {
        const hcb_verify_check *check = hcb_verify_checked_at(report, i);
        printf("%s\n    ", i ? "," : "");
        print_json_string(check->name);
        printf(": %lld", (long long)check->count);
    }
    puts("}\n}");
}

static void print_as_text(const hcb_verify_report *report) {
    for (size_t i = 0; i < hcb_verify_finding_count(report); i++) {
        const hcb_verify_finding *f = hcb_verify_finding_at(report, i);
        printf("%s: %s\n", f->file, f->message);
    }
    size_t dropped = hcb_verify_finding_dropped(report);
    if (dropped)
        printf("%zu further findings are not listed\n", dropped);
    for (size_t i = 0; i < hcb_verify_checked_count(report); i++) {
        const hcb_verify_check *check = hcb_verify_checked_at(report, i);
        printf("  %-56s %lld\n", check->name, (long long)check->count);
    }
    puts(hcb_verify_ok(report) ? "the plan is right" : "the plan is WRONG");
}

static int run_verify(cli *c) {
    hcb_verify_options o = {sizeof o, c->args.strict, c->args.policy};
    hcb_verify_report *report = NULL;
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_status status = hcb_verify(&report, c->ctx, c->args.dir, c->args.operands[0], &o);
    int code = finish(c, status);
    if (status == HCB_OK) {
        if (c->args.format == HCB_FORMAT_JSON)
            print_as_json(report);
        else
            print_as_text(report);
        code = hcb_verify_ok(report) ? EXIT_DONE : EXIT_NO;
    }
    hcb_verify_report_free(report);
    return code;
}

static const arg_option verify_options[] = {ROW(hcb_verify_options, policy, policy),
                                            ROW(hcb_verify_options, strict, strict)};

const cli_command command_verify = {
    "verify",
    "DIR",
    1,
    1,
    "re-check a plan and its certificate against the workspace",
    "Recomputes price, travel, eligibility, every limit, every total and every bound without\n"
    "the code that made them. Exit code 1 when something is not as the plan says.",
    verify_options,
    COUNT(verify_options),
    run_verify};
