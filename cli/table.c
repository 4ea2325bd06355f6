/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library's table of options in Markdown: docs/options.md. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char *const types[] = {"flag", "choice", "int32", "int64", "uint64", "double", "text", "pointer"};

static bool is_number(const hcb_option *o) {
    return o->type >= HCB_OPTION_INT32 && o->type <= HCB_OPTION_DOUBLE;
}

/* A cell ends at a bar. */
static void print_cell(const char *text) {
    for (; text && *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
}

static void print_bounds(const hcb_option *o) {
    if (is_number(o))
        printf("%.15g to %.15g", o->low, o->high);
    for (uint32_t w = 0; w < o->n_words; w++)
        printf("%s`%s` = %lld", w || is_number(o) ? ", " : "", o->words[w].name, (long long)o->words[w].value);
    if (o->required)
        fputs("needed", stdout);
}

static void print_default(const hcb_option *o) {
    if (is_number(o) || o->type == HCB_OPTION_CHOICE || o->type == HCB_OPTION_FLAG)
        printf("%.15g%s", o->initial, o->usual ? ": " : "");
    print_cell(o->usual);
}

static void print_row(const hcb_option *o) {
    if (o->type == HCB_OPTION_OPTIONS) {
        printf("| `%s` | [`%s`](#%s) | | | | | ", o->name, o->inner, o->inner);
    } else {
        char value[128];
        printf("| `%s` | %s | %s | ", o->name, types[o->type], o->unit ? o->unit : "");
        print_bounds(o);
        fputs(" | ", stdout);
        print_default(o);
        fputs(" | ", stdout);
        if (o->option) {
            print_value_name(o, value, sizeof value);
            printf("`--%s%s", o->option, *value ? " " : "");
            print_cell(value);
            putchar('`');
        }
        fputs(" | ", stdout);
    }
    print_cell(o->sentence);
    puts(" |");
}

int print_table(void) {
    puts("# Options\n\n"
         "Every structure of options of the library, made by `hcbroker --options` from the table that checks them\n"
         "([options.h](../include/hcbroker/options.h)). A value is legal when it lies within the bounds, is that of a\n"
         "word, or is the default; anything else is `HCB_EINVAL`, with field, value and bounds. The command's option\n"
         "stands where it has one; amounts are pounds there and pence here.");
    const char *structure = "";
    for (int32_t i = 0; i < hcb_option_count(); i++) {
        const hcb_option *o = hcb_option_at(i);
        if (strcmp(o->structure, structure) != 0) {
            structure = o->structure;
            printf("\n## %s\n\n| field | type | unit | bounds | default | command | what "
                   "|\n|---|---|---|---|---|---|---|\n",
                   structure);
        }
        print_row(o);
    }
    return EXIT_DONE;
}
