/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const cli_command *const commands[] = {
    &command_init,           &command_generate,      &command_check,           &command_allocate,
    &command_explain,        &command_desk_init,     &command_desk_receive,    &command_desk_change,
    &command_desk_end,       &command_desk_suspend,  &command_desk_resume,     &command_desk_capacity,
    &command_desk_plan,      &command_desk_offer,    &command_desk_answer,     &command_desk_expire,
    &command_desk_withdraw,  &command_desk_handback, &command_desk_note,       &command_desk_queue,
    &command_desk_log,       &command_desk_verify,   &command_desk_figures,    &command_desk_import,
    &command_desk_export,    &command_desk_adopt,    &command_apply,           &command_verify,
    &command_zones_locate,   &command_zones_stats,   &command_zones_dissolve,  &command_zones_voronoi,
    &command_price_build_up, &command_price_bands,   &command_zones_adjacency, &command_zones_check,
    &command_zones_design,   &command_zones_move,    &command_zones_compare,   &command_zones_simplify,
    &command_price_visits,   &command_recommend,     &command_replan,          &command_compare,
    &command_sweep,          &command_report};

static hcb_cancel *interrupt; /* what the signal handler may touch */

static volatile sig_atomic_t interrupted;

bool was_interrupted(void) {
    return interrupted != 0;
}

static void on_interrupt(int signal_number) {
    interrupted = 1;
    /* It stores one lock-free atomic. NOLINTNEXTLINE(bugprone-signal-handler,cert-sig30-c) */
    hcb_cancel_request(interrupt);
    /* A second signal ends the program at once. */
    signal(signal_number, SIG_DFL);
}

/* A signal that was ignored when the program began (nohup, trap '' INT) stays so. */
static void catch_signal(int signal_number, void (*handler)(int)) {
    if (signal(signal_number, SIG_IGN) != SIG_IGN)
        signal(signal_number, handler);
}

static void print_command(FILE *out, const cli_command *command) {
    fprintf(out, "  %-16s  ", command->name);
    print_beside(out, command->summary, 20);
}

static void print_general_help(void) {
    puts("hcbroker: places waiting packages of home care with providers by the rules of a\n"
         "framework, and says how good the answer is and why anyone waits.\n\n"
         "usage: hcbroker [options] COMMAND ...\n\ncommands:");
    for (size_t i = 0; i < COUNT(commands); i++)
        print_command(stdout, commands[i]);
    puts("\noptions of every command (before or after it):");
    print_options(global_options, n_global_options, NULL);
    puts("\ninstead of a command, as the first word:\n"
         "  --manual [COMMAND]        a manual page, for man -l\n"
         "  --completion              what bash needs to complete the command line\n"
         "  --options                 the library's options as a table, for programs\n\n"
         "hcbroker COMMAND --help tells more. Exit codes: 0 done, 1 the answer is no,\n"
         "2 wrong usage, 3 the input has errors, 4 stopped before any answer, 5 input or\n"
         "output failed, 130 interrupted (the best plan found is written, and marked).");
}

static void print_command_help(const cli_command *command) {
    printf("%s\n\nusage: hcbroker [options] %s%s%s%s\n", command->summary, command->name,
           command->n_options ? " [options]" : "", *command->operands ? " " : "", command->operands);
    if (command->details) {
        putchar('\n');
        print_paragraphs(command->details);
    }
    if (command->n_options) {
        puts("\noptions:");
        print_options(command->options, command->n_options, NULL);
    }
    puts("\noptions of every command:");
    print_options(global_options, n_global_options, command);
}

static int print_version(cli *c) {
    hcb_text *text = NULL;
    hcb_status status = hcb_build_info(&text, c->ctx);
    return status == HCB_OK ? print_text(text) : finish(c, status);
}

/* Places of the command's words in argv, found after the options of every command: "allocate", or "zones" "locate". */
static const cli_command *find_command(int argc, char **argv, int first, int *words) {
    for (size_t i = 0; i < COUNT(commands); i++) {
        const char *space = strchr(commands[i]->name, ' ');
        size_t head = space ? (size_t)(space - commands[i]->name) : strlen(commands[i]->name);
        if (strlen(argv[first]) != head || strncmp(commands[i]->name, argv[first], head) != 0)
            continue;
        if (!space) {
            *words = 1;
            return commands[i];
        }
        if (first + 1 < argc && strcmp(space + 1, argv[first + 1]) == 0) {
            *words = 2;
            return commands[i];
        }
    }
    return NULL;
}

static int unknown_command(int argc, char **argv, int first) {
    bool group = false;
    size_t head = strlen(argv[first]);
    for (size_t i = 0; i < COUNT(commands); i++)
        group = group || (strncmp(commands[i]->name, argv[first], head) == 0 && commands[i]->name[head] == ' ');
    if (!group) {
        complain("unknown command \"%s\"; see hcbroker --help", argv[first]);
        return EXIT_USAGE;
    }
    bool help = first + 1 < argc && strcmp(argv[first + 1], "--help") == 0;
    if (!help)
        complain("%s: %s \"%s\"; there are:", argv[first],
                 first + 1 < argc ? "unknown command" : "a command is missing",
                 first + 1 < argc ? argv[first + 1] : "");
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strncmp(commands[i]->name, argv[first], head) == 0 && commands[i]->name[head] == ' ')
            print_command(help ? stdout : stderr, commands[i]);
    return help ? EXIT_DONE : EXIT_USAGE;
}

extern int optind;

static int run(cli *c, int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "--manual") == 0)
        return print_manual(commands, COUNT(commands), argv + 2);
    if (argc > 1 && strcmp(argv[1], "--completion") == 0)
        return print_completion(commands, COUNT(commands));
    if (argc > 1 && strcmp(argv[1], "--options") == 0)
        return print_table();
    if (!parse_args(c, NULL, argc, argv))
        return EXIT_USAGE;
    if (c->args.version)
        return print_version(c);
    int first = optind;
    if (c->args.help || first >= argc) {
        if (c->args.help) {
            print_general_help();
            return EXIT_DONE;
        }
        complain("no command was given; see hcbroker --help");
        return EXIT_USAGE;
    }
    int words = 0;
    const cli_command *command = find_command(argc, argv, first, &words);
    if (!command)
        return unknown_command(argc, argv, first);
    if (!parse_args(c, command, argc - first - words + 1, argv + first + words - 1))
        return EXIT_USAGE;
    if (c->args.version)
        return print_version(c);
    if (c->args.help) {
        print_command_help(command);
        return EXIT_DONE;
    }
    if (c->args.n_operands < command->least || c->args.n_operands > command->most) {
        complain("%s: usage: hcbroker %s%s%s%s", command->name, command->name, command->n_options ? " [options]" : "",
                 *command->operands ? " " : "", command->operands);
        return EXIT_USAGE;
    }
    if (c->args.format != HCB_FORMAT_TEXT)
        keep_lines();
    begin_progress(c, command->name);
    c->command = command;
    int code = command->run(c);
    end_progress();
    return code;
}

/* What was printed without print_text may not have arrived, whatever the answer was. */
static int output_code(int code) {
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    complain("standard output cannot be written");
    return EXIT_IO;
}

int main(int argc, char **argv) {
    cli c = {.began = steady_seconds()};
    c.args.dir = ".";
    if (hcb_cancel_create(&c.cancel) != HCB_OK) {
        complain("out of memory");
        return EXIT_UNANSWERED;
    }
    hcb_context_options options = {
        .struct_size = sizeof options, .progress = show_progress, .progress_payload = &c, .cancel = c.cancel};
    int code = EXIT_UNANSWERED;
    if (hcb_context_create(&c.ctx, &options) == HCB_OK) {
        interrupt = c.cancel;
        catch_signal(SIGINT, on_interrupt);
        catch_signal(SIGTERM, on_interrupt);
        code = run(&c, argc, argv);
        catch_signal(SIGINT, SIG_DFL);
        catch_signal(SIGTERM, SIG_DFL);
    } else {
        complain("out of memory");
    }
    hcb_context_free(c.ctx);
    hcb_cancel_free(c.cancel);
    return code == EXIT_IO || code == EXIT_INTERRUPTED ? code : output_code(code);
}
