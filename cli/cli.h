/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of options for parsing and for the help texts, one file per command. */
#ifndef HCB_CLI_H
#define HCB_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "hcbroker/hcbroker.h"

/* Exit codes: a contract with outside programs. */
enum {
    EXIT_DONE = 0,
    EXIT_NO = 1,         /* the answer is no */
    EXIT_USAGE = 2,      /* wrong usage */
    EXIT_INPUT = 3,      /* the input has errors */
    EXIT_UNANSWERED = 4, /* stopped before any answer */
    EXIT_IO = 5,         /* input or output failed */
    EXIT_INTERRUPTED = 130
};

enum { MOST_OPERANDS = 64 };

/* One option of a command: a row of the library's table of options, or, where no structure of the library has it, a row
 * of its own. Its value is written at `offset` of cli_args, by the type of the row: bool (FLAG), int32_t (CHOICE),
 * int64_t (INT...), double, const char * (TEXT, POINTER). */
typedef struct arg_option {
    const char *structure, *field; /* NULL: `own` */
    size_t offset;
    double initial; /* of `given` */
    bool given;     /* the command's own default */
    hcb_option own;
} arg_option;

#define AT(member) offsetof(cli_args, member)
#define ROW(s, field, member)                                                                                          \
    {                                                                                                                  \
#s, #field, AT(member), 0, false, {                                                                            \
            0                                                                                                          \
        }                                                                                                              \
    }
#define ROW_GIVEN(s, field, member, initial)                                                                           \
    {                                                                                                                  \
#s, #field, AT(member), initial, true, {                                                                       \
            0                                                                                                          \
        }                                                                                                              \
    }
#define OWN(member, ...)                                                                                               \
    {                                                                                                                  \
        NULL, NULL, AT(member), 0, false, {                                                                            \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define OWN_FLAG(name, member, help) OWN(member, .type = HCB_OPTION_FLAG, .option = name, .sentence = help)
#define OWN_TEXT(name, value, member, help)                                                                            \
    OWN(member, .type = HCB_OPTION_TEXT, .option = name, .metavar = value, .sentence = help)
#define OWN_NUMBER(name, value, member, least, most, otherwise, help)                                                  \
    OWN(member, .type = HCB_OPTION_DOUBLE, .option = name, .metavar = value, .low = least, .high = most,               \
        .initial = otherwise, .usual = "", .sentence = help)
#define OWN_CHOICE(name, list, member, help)                                                                           \
    OWN(member, .type = HCB_OPTION_CHOICE, .option = name, .words = list, .n_words = COUNT(list), .sentence = help)

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): the order is that of the commands */
typedef struct cli_args {
    /* every command */
    const char *dir;
    int32_t format, progress;
    bool quiet, help, version;
    int64_t seed, threads, work_limit;
    double time_limit, gap;
    const char *at, *user, *ledger, *visits, *reason; /* desk */
    int32_t export_for;
    const char *zone, *part;
    bool no_plan, free_offers, carry_out;
    int64_t last, wait_ms;
    const char *bid;
    int64_t bid_pence, minutes; /* read from what was given */
    /* of some */
    int64_t replan;
    const char *out, *policy, *from, *areas, *polygons, *zones_csv, *area_column, *zone_column, *zones_out,
        *settlements;
    int32_t method, scenario;
    bool strict, explain, for_spreadsheet, force;
    int64_t queue;
    double scale, spare, surroundings, closing;
    const char *year, *file, *plan; /* price */
    int32_t pay_mode, direction, per_carer, pay_missed;
    bool offers;
    int64_t step, tolerance, minimum, price_pence;
    int64_t wage_pence, on_cost, per_mile, speed, overhead;
    const char *provider, *steps; /* recommend, replan */
    int64_t top, most;
    const char *hours;
    bool baseline;
    const char *id_property; /* maps */
    int32_t rule, islands;
    int64_t decimals;
    const char *outline, *to, *places;
    bool map_only;
    double least_m, gap_m, near_m, tolerance_m;
    int64_t repair_maps;
    bool for_public, plain; /* report */
    int64_t explained;
    bool list;         /* sweep */
    const char *rules; /* zones design */
    int64_t ensemble;
    /* what is left */
    const char *operands[MOST_OPERANDS];
    int n_operands;
} cli_args;

typedef struct cli {
    hcb_context *ctx;
    hcb_cancel *cancel;
    cli_args args;
    double began;   /* seconds of a steady clock when the program began */
    uint32_t given; /* the rows of global_options that stood before the command */
    const struct cli_command *command;
} cli;

typedef struct cli_command {
    const char *name;     /* "allocate", or "zones locate" */
    const char *operands; /* shown in the help */
    int least, most;      /* operands */
    const char *summary;  /* one line */
    const char *details;  /* the help's text; NULL: none */
    const arg_option *options;
    size_t n_options;
    int (*run)(cli *c);
} cli_command;

extern const arg_option global_options[];
extern const size_t n_global_options;

extern const cli_command command_desk_init, command_desk_receive, command_desk_change, command_desk_end,
    command_desk_suspend, command_desk_resume, command_desk_capacity, command_desk_plan, command_desk_offer,
    command_desk_answer, command_desk_expire, command_desk_withdraw, command_desk_handback, command_desk_note,
    command_desk_queue, command_desk_log, command_desk_verify, command_desk_figures, command_desk_import,
    command_desk_export, command_desk_adopt;
extern const cli_command command_init, command_generate, command_check, command_allocate, command_apply, command_verify,
    command_zones_locate, command_zones_stats, command_zones_dissolve, command_zones_voronoi, command_price_build_up,
    command_zones_adjacency, command_zones_check, command_zones_design, command_zones_compare, command_zones_simplify,
    command_zones_move, command_price_bands, command_explain, command_price_visits, command_recommend, command_replan,
    command_compare, command_sweep, command_report;

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* args.c: parses options of both tables from argv[first ..]; false after a message on standard error. */
bool parse_args(cli *c, const cli_command *command, int argc, char **argv);
/* The row of an option: how it is called, what it takes, what it does. */
const hcb_option *row_of(const arg_option *option);
/* "-" or "--". */
const char *dashes_of(const hcb_option *row);
/* What its value is called: "DIR", "rook|queen"; "" of a flag. */
void print_value_name(const hcb_option *row, char *out, size_t size);
/* The sentence and the default. */
void print_help(const arg_option *option, char *out, size_t size);
/* Whether the command has an option of the same name itself. */
bool is_replaced(const arg_option *option, const cli_command *command);
/* but: a command whose own options stand elsewhere, or NULL. */
void print_options(const arg_option *options, size_t n, const cli_command *but);
/* Text that begins in column `from`, broken between words within 80 columns. */
void print_beside(FILE *out, const char *text, int from);
/* Paragraphs of help within 80 columns. */
void print_paragraphs(const char *text);

/* hours.c: hours as in the files, 14.5 or 14:20, as minutes, `least` of them or more; false after a message that begins
 * with `what`. */
bool parse_hours(const char *what, const char *text, int64_t least, int64_t *minutes);

/* manual.c: printed; `words` of the command's name, until NULL: zones locate, or "zones locate"; none: the page of the
 * program. */
int print_manual(const cli_command *const *commands, size_t n, char *const *words);
int print_completion(const cli_command *const *commands, size_t n);
/* table.c: docs/options.md. */
int print_table(void);

/* output.c */
double steady_seconds(void);
/* Whether Ctrl-C was pressed. main.c */
bool was_interrupted(void);
/* Prints the diagnostics and the error record of the last call to standard error; gives the exit code of the status. */
int finish(cli *c, hcb_status status);
/* The code of an answer in full, or, after Ctrl-C, of what was found so far. */
int ended(const cli *c, int code);
/* Whether --format is one of the two; else there is a message. For commands that have no CSV. */
bool is_text_or_json(const cli *c);
/* Only the diagnostics. */
void print_diagnostics(cli *c);
/* To standard output; EXIT_IO when that fails. Frees the text. On a terminal its lines are broken between words. */
int print_text(hcb_text *text);
/* What print_text prints from now on is for programs: its lines stay whole. */
void keep_lines(void);
/* A line to standard error, unless --quiet. */
void note(const cli *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
void print_json_string(const char *text);

/* progress.c */
int32_t show_progress(const hcb_progress *progress, void *payload);
/* A line about what takes long, until end_progress(). */
void begin_progress(cli *c, const char *command);
/* The line vanishes until there is more to say. */
void clear_progress(void);
void end_progress(void);

#endif
