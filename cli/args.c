/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* getopt_long */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static const hcb_option_word progress_words[] = {{"auto", 0}, {"always", 1}, {"never", 2}};

const arg_option global_options[] = {
    OWN_TEXT("C", "DIR", dir, "the workspace folder (default: the current one)"),
    ROW(hcb_design_options, format, format),
    OWN_FLAG("quiet", quiet, "nothing on standard error but errors"),
    OWN_CHOICE("progress", progress_words, progress, "progress on standard error; auto: on a terminal"),
    ROW(hcb_allocation_options, seed, seed),
    ROW(hcb_allocation_options, threads, threads),
    ROW(hcb_allocation_options, time_limit_s, time_limit),
    ROW(hcb_allocation_options, work_limit, work_limit),
    ROW(hcb_allocation_options, gap, gap),
    OWN_FLAG("help", help, "this text"),
    OWN_FLAG("version", version, "the library and what it is built on"),
};
const size_t n_global_options = COUNT(global_options);

const hcb_option *row_of(const arg_option *option) {
    return option->structure ? hcb_option_find(option->structure, option->field) : &option->own;
}

static int parts_of(const hcb_option *row) {
    return row->parts ? row->parts : 1;
}

static double default_of(const arg_option *option) {
    return option->given ? option->initial : row_of(option)->initial;
}

static bool is_whole(const hcb_option *row) {
    return row->type == HCB_OPTION_INT32 || row->type == HCB_OPTION_INT64 || row->type == HCB_OPTION_UINT64;
}

static void set_default(cli_args *args, const arg_option *option) {
    const hcb_option *row = row_of(option);
    void *at = (char *)args + option->offset;
    if (row->type == HCB_OPTION_CHOICE)
        *(int32_t *)at = (int32_t)default_of(option);
    else if (row->type == HCB_OPTION_DOUBLE)
        *(double *)at = default_of(option);
    else if (is_whole(row))
        *(int64_t *)at = (int64_t)default_of(option);
}

static bool find_word(const hcb_option *row, const char *value, int64_t *out) {
    for (uint32_t w = 0; w < row->n_words; w++)
        if (strcmp(row->words[w].name, value) == 0) {
            *out = row->words[w].value;
            return true;
        }
    return false;
}

static bool refuse(const hcb_option *row, const char *value) {
    char name[128];
    int parts = parts_of(row);
    print_value_name(row, name, sizeof name);
    const char *what = is_whole(row) && parts == 1 ? "a whole number" : "a number";
    if (row->type == HCB_OPTION_CHOICE)
        complain("--%s: \"%s\" is not one of %s", row->option, value, name);
    else if (strchr(name, '|'))
        complain("--%s: \"%s\" is not %s; N is %s from %.15g to %.15g", row->option, value, name, what,
                 row->low / parts, row->high / parts);
    else
        complain("--%s: \"%s\" is not %s from %.15g to %.15g", row->option, value, what, row->low / parts,
                 row->high / parts);
    return false;
}

/* Of a field that counts parts: "9.30" is 930 of 100. */
static bool set_parts(const hcb_option *row, const char *value, int64_t *out) {
    char *end;
    double x = strtod(value, &end) * row->parts, whole = floor(x + 0.5);
    if (end == value || *end || !(x >= row->low - 0.5 && x <= row->high + 0.5))
        return refuse(row, value);
    if (fabs(x - whole) > 1e-6) {
        complain("--%s: %s has too many decimals", row->option, value);
        return false;
    }
    *out = (int64_t)whole;
    return (whole >= row->low && whole <= row->high) || refuse(row, value);
}

static bool set_int(const hcb_option *row, const char *value, int64_t *out) {
    char *end;
    if (find_word(row, value, out))
        return true;
    if (row->parts > 1)
        return set_parts(row, value, out);
    errno = 0;
    long long n = strtoll(value, &end, 10);
    if (errno || end == value || *end || (double)n < row->low || (double)n > row->high)
        return refuse(row, value);
    *out = n;
    return true;
}

static bool set_number(const hcb_option *row, const char *value, double *out) {
    char *end;
    double x = strtod(value, &end);
    if (end == value || *end || !(x >= row->low && x <= row->high))
        return refuse(row, value);
    *out = x;
    return true;
}

static bool set_word(const hcb_option *row, const char *value, int32_t *out) {
    int64_t found;
    if (!find_word(row, value, &found))
        return refuse(row, value);
    *out = (int32_t)found;
    return true;
}

static bool set_option(cli_args *args, const arg_option *option, const char *value) {
    const hcb_option *row = row_of(option);
    void *at = (char *)args + option->offset;
    switch (row->type) {
    case HCB_OPTION_FLAG:
        *(bool *)at = true;
        return true;
    case HCB_OPTION_CHOICE:
        return set_word(row, value, at);
    case HCB_OPTION_DOUBLE:
        return set_number(row, value, at);
    case HCB_OPTION_TEXT:
    case HCB_OPTION_POINTER:
        if (!*value) {
            complain("%s%s: the value is empty", dashes_of(row), row->option);
            return false;
        }
        *(const char **)at = value;
        return true;
    default:
        return set_int(row, value, at);
    }
}

enum { MOST_OPTIONS = 64, LONG_BASE = 1000 };

/* Both tables as getopt_long wants them. */
typedef struct parser {
    struct option longs[MOST_OPTIONS];
    char shorts[2 * MOST_OPTIONS + 3];
    const arg_option *of[MOST_OPTIONS];
    int n, n_shorts;
} parser;

static void add_options(parser *p, const arg_option *options, size_t n) {
    for (size_t i = 0; i < n && p->n < MOST_OPTIONS - 1; i++) {
        const hcb_option *row = row_of(&options[i]);
        p->of[p->n] = &options[i];
        p->longs[p->n] = (struct option){row->option, row->type == HCB_OPTION_FLAG ? no_argument : required_argument,
                                         NULL, LONG_BASE + p->n};
        if (row->option[1] == '\0') {
            p->shorts[p->n_shorts++] = row->option[0];
            p->shorts[p->n_shorts++] = ':';
        }
        p->n++;
    }
}

static const arg_option *option_of(const parser *p, int code) {
    if (code >= LONG_BASE)
        return p->of[code - LONG_BASE];
    for (int i = 0; i < p->n; i++) {
        const char *name = row_of(p->of[i])->option;
        if (name[0] == code && name[1] == '\0')
            return p->of[i];
    }
    return NULL;
}

/* The word of the long option that getopt_long has just read; its value may be a word of its own. */
static const char *long_word(char **argv) {
    return argv[optind - (optarg && optarg == argv[optind - 1] ? 2 : 1)];
}

/* getopt_long takes the beginning of a name for the name: --areas for --areas-out, which would write over the areas. */
static bool is_in_full(const arg_option *option, int code, char **argv) {
    if (code < LONG_BASE)
        return true;
    const char *typed = long_word(argv) + 2, *name = row_of(option)->option;
    return strcspn(typed, "=") == strlen(name);
}

/* False, after a message. option: the one that is not used well, NULL when there is none of that name. */
static bool refuse_option(const cli_command *command, const arg_option *option, int code, char **argv) {
    const char *dashes = option ? dashes_of(row_of(option)) : "", *name = option ? row_of(option)->option : "";
    char what[512];
    if (code == ':')
        snprintf(what, sizeof what, "option %s%s needs a value", dashes, name);
    else if (option && code == '?')
        snprintf(what, sizeof what, "option %s%s takes no value", dashes, name);
    else if (option)
        snprintf(what, sizeof what, "unknown option %s (names are written in full: %s%s)", long_word(argv), dashes,
                 name);
    else if (optopt > ' ' && optopt < 0x7f)
        snprintf(what, sizeof what, "unknown option -%c", optopt);
    else
        snprintf(what, sizeof what, "unknown option %s", optopt ? "of one letter" : long_word(argv));
    complain("%s; see hcbroker %s%s--help", what, command ? command->name : "", command ? " " : "");
    return false;
}

/* Whether an option of every command has the same place. */
static bool is_for_all(const arg_option *option) {
    for (size_t i = 0; i < n_global_options; i++)
        if (global_options[i].offset == option->offset)
            return true;
    return false;
}

/* Whether one of the command's own options sets what this one of every command does. */
static bool is_used(const parser *p, int n_own, const arg_option *option) {
    for (int i = 0; i < n_own; i++)
        if (p->of[i]->offset == option->offset)
            return true;
    return false;
}

bool parse_args(cli *c, const cli_command *command, int argc, char **argv) {
    parser p = {.n = 0};
    /* A leading '+' stops at the first operand: before the command's name only the options of every command stand. */
    if (!command)
        p.shorts[p.n_shorts++] = '+';
    p.shorts[p.n_shorts++] = ':';
    /* A command's own option goes before one of every command. */
    if (command)
        add_options(&p, command->options, command->n_options);
    const int n_own = p.n;
    add_options(&p, global_options, n_global_options);
    /* The options of every command were given their defaults before its name was read, and perhaps values. */
    for (int i = 0; i < (command ? n_own : p.n); i++)
        if (!command || !is_for_all(p.of[i]))
            set_default(&c->args, p.of[i]);
    opterr = 0;
    optind = command ? 0 : 1;
    int code;
    while ((code = getopt_long(argc, argv, p.shorts, p.longs, NULL)) != -1) {
        bool failed = code == '?' || code == ':';
        const arg_option *option = option_of(&p, failed ? optopt : code);
        if (failed || !is_in_full(option, code, argv))
            return refuse_option(command, option, code, argv);
        if (!set_option(&c->args, option, optarg))
            return false;
        if (!command)
            c->given |= 1U << (option - global_options);
    }
    for (size_t i = 0; command && i < n_global_options; i++)
        if ((c->given & 1U << i) && is_replaced(&global_options[i], command) && !is_used(&p, n_own, &global_options[i]))
            note(c, "the --%s before \"%s\" is not used: the command has one of its own, which stands after its name",
                 row_of(&global_options[i])->option, command->name);
    for (int i = optind; command && i < argc; i++) {
        if (c->args.n_operands == MOST_OPERANDS) {
            complain("too many operands; at most %d", MOST_OPERANDS);
            return false;
        }
        c->args.operands[c->args.n_operands++] = argv[i];
    }
    return true;
}

void print_beside(FILE *out, const char *text, int from) {
    enum { WIDTH = 80 };
    size_t most = (size_t)(WIDTH - from);
    for (;;) {
        size_t len = strcspn(text, "\n"), n = len;
        if (len > most)
            for (n = most; n > 0 && text[n] != ' ';)
                n--;
        fprintf(out, "%.*s\n", (int)n, text);
        text += n;
        if (!*text)
            return;
        text++;
        fprintf(out, "%*s", from, "");
    }
}

void print_paragraphs(const char *text) {
    char paragraph[4096];
    while (*text) {
        size_t n = 0;
        /* Lines of one paragraph are broken anew; an indented line stands for itself. */
        for (; *text && n + 1 < sizeof paragraph; text++) {
            if (*text != '\n')
                paragraph[n++] = *text;
            else if (text[1] && text[1] != '\n' && text[1] != ' ')
                paragraph[n++] = ' ';
            else
                break;
        }
        paragraph[n] = '\0';
        print_beside(stdout, paragraph, 0);
        if (*text == '\n')
            text++;
    }
}

const char *dashes_of(const hcb_option *row) {
    return row->option[1] ? "--" : "-";
}

void print_value_name(const hcb_option *row, char *out, size_t size) {
    snprintf(out, size, "%s", row->metavar ? row->metavar : "");
    if (row->type != HCB_OPTION_CHOICE)
        return;
    *out = '\0';
    for (uint32_t w = 0; w < row->n_words; w++) {
        size_t n = strlen(out);
        snprintf(out + n, size - n, "%s%s", w ? "|" : "", row->words[w].name);
    }
}

void print_help(const arg_option *option, char *out, size_t size) {
    const hcb_option *row = row_of(option);
    double value = default_of(option);
    int n = snprintf(out, size, "%s", row->sentence);
    const char *word = NULL;
    for (uint32_t w = 0; w < row->n_words; w++)
        if (value == (double)row->words[w].value)
            word = row->words[w].name;
    if (row->usual && !option->given)
        word = row->usual;
    if (n < 0 || (size_t)n >= size || row->type == HCB_OPTION_FLAG || (word && !*word))
        return;
    if (word)
        snprintf(out + n, size - (size_t)n, " (default: %s)", word);
    else if (row->type != HCB_OPTION_TEXT && row->type != HCB_OPTION_POINTER)
        /* Pounds have pence. */
        snprintf(out + n, size - (size_t)n,
                 row->parts % 100 == 0 && row->metavar && strcmp(row->metavar, "POUNDS") == 0 ? " (default: %.2f)"
                                                                                              : " (default: %.15g)",
                 value / parts_of(row));
}

bool is_replaced(const arg_option *option, const cli_command *command) {
    for (size_t i = 0; command && i < command->n_options; i++)
        if (strcmp(row_of(&command->options[i])->option, row_of(option)->option) == 0)
            return true;
    return false;
}

void print_options(const arg_option *options, size_t n, const cli_command *but) {
    for (size_t i = 0; i < n; i++) {
        const hcb_option *row = row_of(&options[i]);
        if (is_replaced(&options[i], but))
            continue;
        char left[256], value[128], help[512];
        print_value_name(row, value, sizeof value);
        print_help(&options[i], help, sizeof help);
        snprintf(left, sizeof left, "%s%s%s%s", dashes_of(row), row->option, *value ? " " : "", value);
        printf(strlen(left) > 24 ? "  %s\n%28s" : "  %-24s  %s", left, "");
        print_beside(stdout, help, 28);
    }
}
