/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* getopt_long */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define AT(member) offsetof(cli_args, member)

static const char *const formats[] = {"text", "json", "csv", NULL};
static const char *const progress_words[] = {"auto", "always", "never", NULL};

const arg_option global_options[] = {
    {"C", "DIR", ARG_TEXT, AT(dir), 0, 0, NULL, "the workspace folder (default: the current one)"},
    {"format", "text|json|csv", ARG_WORD, AT(format), 0, 0, formats, "how results are printed (default: text)"},
    {"quiet", NULL, ARG_FLAG, AT(quiet), 0, 0, NULL, "nothing on standard error but errors"},
    {"progress", "auto|always|never", ARG_WORD, AT(progress), 0, 0, progress_words,
     "progress on standard error (default: auto, on a terminal)"},
    {"seed", "N", ARG_INT, AT(seed), 0, 9e15, NULL, "of everything random (default: 1)"},
    {"threads", "N", ARG_INT, AT(threads), 0, 64, NULL, "0: one a core (default); the answer does not depend on it"},
    {"time-limit", "S", ARG_NUMBER, AT(time_limit), 0, 1e6, NULL, "seconds for the whole run; 0: none (default)"},
    {"work-limit", "N", ARG_INT, AT(work_limit), 0, 9e18, NULL,
     "work units; 0: the default, which ends a county in about ten seconds"},
    {"gap", "G", ARG_NUMBER, AT(gap), 0, 1, NULL, "stop at this proved relative gap (default: 0.0001)"},
    {"help", NULL, ARG_FLAG, AT(help), 0, 0, NULL, "this text"},
};
const size_t n_global_options = COUNT(global_options);

static bool set_word(const arg_option *option, const char *value, int32_t *out) {
    for (int32_t w = 0; option->words[w]; w++)
        if (strcmp(option->words[w], value) == 0) {
            *out = w;
            return true;
        }
    complain("--%s: \"%s\" is not one of %s", option->name, value, option->metavar);
    return false;
}

static bool set_int(const arg_option *option, const char *value, int64_t *out) {
    char *end;
    errno = 0;
    long long n = strtoll(value, &end, 10);
    if (errno || end == value || *end || (double)n < option->low || (double)n > option->high) {
        complain("--%s: \"%s\" is not a whole number from %.0f to %.0f", option->name, value, option->low,
                 option->high);
        return false;
    }
    *out = n;
    return true;
}

static bool set_number(const arg_option *option, const char *value, double *out) {
    char *end;
    double x = strtod(value, &end);
    if (end == value || *end || !(x >= option->low && x <= option->high)) {
        complain("--%s: \"%s\" is not a number from %g to %g", option->name, value, option->low, option->high);
        return false;
    }
    *out = x;
    return true;
}

static bool set_option(cli_args *args, const arg_option *option, const char *value) {
    void *at = (char *)args + option->offset;
    switch (option->kind) {
    case ARG_FLAG:
        *(bool *)at = true;
        return true;
    case ARG_TEXT:
        *(const char **)at = value;
        return true;
    case ARG_INT:
        return set_int(option, value, at);
    case ARG_NUMBER:
        return set_number(option, value, at);
    case ARG_WORD:
        return set_word(option, value, at);
    }
    return false;
}

enum { MOST_OPTIONS = 64, LONG_BASE = 1000 };

/* Both tables as getopt_long wants them. */
typedef struct parser {
    struct option longs[MOST_OPTIONS];
    char shorts[2 * MOST_OPTIONS + 2];
    const arg_option *of[MOST_OPTIONS];
    int n;
} parser;

static void add_options(parser *p, const arg_option *options, size_t n) {
    for (size_t i = 0; i < n && p->n < MOST_OPTIONS - 1; i++) {
        const arg_option *o = &options[i];
        p->of[p->n] = o;
        p->longs[p->n] =
            (struct option){o->name, o->kind == ARG_FLAG ? no_argument : required_argument, NULL, LONG_BASE + p->n};
        if (o->name[1] == '\0') {
            char letter[3] = {o->name[0], ':', '\0'};
            strcat(p->shorts, letter);
        }
        p->n++;
    }
}

static const arg_option *option_of(const parser *p, int code) {
    if (code >= LONG_BASE)
        return p->of[code - LONG_BASE];
    for (int i = 0; i < p->n; i++)
        if (p->of[i]->name[0] == code && p->of[i]->name[1] == '\0')
            return p->of[i];
    return NULL;
}

bool parse_args(cli *c, const cli_command *command, int argc, char **argv) {
    parser p = {.n = 0};
    /* A leading '+' stops at the first operand: before the command's name only the options of every command stand. */
    strcpy(p.shorts, command ? ":" : "+:");
    add_options(&p, global_options, n_global_options);
    if (command)
        add_options(&p, command->options, command->n_options);
    opterr = 0;
    optind = command ? 0 : 1;
    int code;
    while ((code = getopt_long(argc, argv, p.shorts, p.longs, NULL)) != -1) {
        if (code == '?' || code == ':') {
            const char *what = optind > 0 && optind <= argc ? argv[optind - 1] : "";
            const char *after = command ? command->name : "";
            if (code == '?')
                complain("unknown option %s; see hcbroker %s%s--help", what, after, *after ? " " : "");
            else
                complain("option %s needs a value; see hcbroker %s%s--help", what, after, *after ? " " : "");
            return false;
        }
        const arg_option *option = option_of(&p, code);
        if (!option || !set_option(&c->args, option, optarg))
            return false;
    }
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

void print_options(const arg_option *options, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const arg_option *o = &options[i];
        char left[64];
        snprintf(left, sizeof left, "%s%s%s%s", o->name[1] ? "--" : "-", o->name, o->metavar ? " " : "",
                 o->metavar ? o->metavar : "");
        printf(strlen(left) > 24 ? "  %s\n%28s" : "  %-24s  %s", left, "");
        print_beside(stdout, o->help, 28);
    }
}

bool parse_replan(const char *text, int64_t *out) {
    if (!text || strcmp(text, "fixed") == 0) {
        *out = HCB_REPLAN_FIXED;
        return true;
    }
    if (strcmp(text, "free") == 0) {
        *out = HCB_REPLAN_FREE;
        return true;
    }
    char *end;
    errno = 0;
    long long n = strtoll(text, &end, 10);
    if (errno || end == text || *end || n < 0 || n > INT32_MAX) {
        complain("--replan: \"%s\" is not fixed, free or a number of people who may move", text);
        return false;
    }
    *out = n;
    return true;
}
