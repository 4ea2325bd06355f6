/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, generate, apply: commands that write a workspace. */
#include <stdio.h>

#include "cli.h"

static int run_init(cli *c) {
    const char *from = c->args.from ? c->args.from : "leicestershire";
    hcb_status status = hcb_init(c->ctx, c->args.operands[0], from);
    if (status == HCB_OK)
        printf("%s: a new workspace from %s\nnext: hcbroker -C %s generate --scenario s1 --queue 60\n",
               c->args.operands[0], from, c->args.operands[0]);
    return finish(c, status);
}

static const arg_option init_options[] = {
    OWN_TEXT("from", "NAME", from, "the bundled workspace (default: leicestershire)")};

const cli_command command_init = {"init",
                                  "DIR",
                                  1,
                                  1,
                                  "make a new workspace from a bundled one",
                                  "DIR must not exist, or be empty.",
                                  init_options,
                                  COUNT(init_options),
                                  run_init};

static double hours(int64_t minutes) {
    return (double)minutes / 60;
}

static int run_generate(cli *c) {
    hcb_generate_options o;
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_generate_options_init(&o);
    o.scenario = c->args.scenario;
    o.queue = (int32_t)c->args.queue;
    o.force = c->args.force;
    o.scale = c->args.scale;
    o.spare = c->args.spare;
    o.seed = (uint64_t)c->args.seed;
    hcb_generate_summary s = {.struct_size = sizeof s};
    hcb_status status = hcb_generate(c->ctx, c->args.dir, &o, &s);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    if (c->args.format == HCB_FORMAT_JSON) {
        printf("{\"synthetic\": true, \"seed\": %llu, \"people\": %d, \"carer_minutes\": %lld, \"providers\": %d, "
               "\"capacity_minutes\": %lld, \"queue\": %d, \"queue_carer_minutes\": %lld, \"waiting\": %d}\n",
               (unsigned long long)s.seed, s.people, (long long)s.carer_minutes, s.providers,
               (long long)s.capacity_minutes, s.queue, (long long)s.queue_carer_minutes, s.waiting);
        return EXIT_DONE;
    }
    printf("synthetic, seed %llu\n", (unsigned long long)s.seed);
    if (s.people)
        printf("%d people served, %.0f carer hours a week; %d providers with %.0f hours\n", s.people,
               hours(s.carer_minutes), s.providers, hours(s.capacity_minutes));
    printf("%d new packages wait, %.0f carer hours a week; %d in the queue now\n", s.queue,
           hours(s.queue_carer_minutes), s.waiting);
    return EXIT_DONE;
}

static const arg_option generate_options[] = {
    ROW(hcb_generate_options, scenario, scenario), ROW(hcb_generate_options, queue, queue),
    ROW(hcb_generate_options, scale, scale), ROW(hcb_generate_options, spare, spare),
    ROW(hcb_generate_options, force, force)};

const cli_command command_generate = {
    "generate",
    "",
    0,
    0,
    "synthetic providers, placements and waiting packages",
    "Figures are calibrated to published totals; the people are invented, and every output\n"
    "says so. Without --scenario a workspace that has providers keeps them and gets a new\n"
    "morning's queue.",
    generate_options,
    COUNT(generate_options),
    run_generate};

static int run_apply(cli *c) {
    hcb_apply_summary s = {.struct_size = sizeof s};
    if (!is_text_or_json(c))
        return EXIT_USAGE;
    hcb_status status = hcb_apply(c->ctx, c->args.dir, c->args.operands[0], &s);
    if (status != HCB_OK)
        return finish(c, status);
    print_diagnostics(c);
    if (c->args.format == HCB_FORMAT_JSON)
        printf("{\"placed\": %d, \"moved\": %d, \"waiting\": %d, \"placements\": %d, \"carer_minutes_placed\": %lld}\n",
               s.placed, s.moved, s.waiting, s.placements, (long long)s.carer_minutes_placed);
    else
        printf("%d packages are served now, %d moved, %d still wait; %d placements in all\n", s.placed, s.moved,
               s.waiting, s.placements);
    return EXIT_DONE;
}

const cli_command command_apply = {
    "apply",
    "DIR",
    1,
    1,
    "an accepted plan into the workspace",
    "DIR is the output folder of allocate. Placed packages become placements, the rest stay\n"
    "in the queue. A plan of another state of the workspace is refused.",
    NULL,
    0,
    run_apply};
