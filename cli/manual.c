/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Manual pages and the completion of bash, from the tables that parse the command line. */
#include <stdio.h>
#include <string.h>

#include "cli.h"

/* Text of ours as roff shows it: hyphens that stay hyphens, and no line that begins with a request. */
static void print_roff(const char *text) {
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", stdout);
        if (*text == '-')
            fputs("\\-", stdout);
        else if (*text == '\\')
            fputs("\\e", stdout);
        else
            putchar(*text);
        line_start = *text == '\n';
    }
}

static void print_roff_options(const arg_option *options, size_t n, const cli_command *but) {
    for (size_t i = 0; i < n; i++) {
        const hcb_option *row = row_of(&options[i]);
        char value[128], help[512];
        if (is_replaced(&options[i], but))
            continue;
        print_value_name(row, value, sizeof value);
        print_help(&options[i], help, sizeof help);
        fputs(".TP\n.B ", stdout);
        print_roff(dashes_of(row));
        print_roff(row->option);
        if (*value) {
            fputs(" \\fI", stdout);
            print_roff(value);
            fputs("\\fR", stdout);
        }
        putchar('\n');
        print_roff(help);
        putchar('\n');
    }
}

/* "zones locate" has the page hcbroker-zones-locate. */
static void print_page_name(const char *command) {
    for (; *command; command++)
        if (*command == ' ')
            fputs("\\-", stdout);
        else
            print_roff((const char[]){*command, '\0'});
}

/* Everything above the summary. */
static void print_head(const char *command) {
    fputs(".TH HCBROKER", stdout);
    for (const char *at = command; *at; at++)
        putchar(*at == ' ' ? '-' : *at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    printf(" 1 \"\" \"hcbroker %s\" \"User Commands\"\n.SH NAME\nhcbroker", hcb_version());
    print_page_name(command);
    fputs(" \\- ", stdout);
}

static void print_command_page(const cli_command *c) {
    char name[64];
    snprintf(name, sizeof name, " %s", c->name);
    print_head(name);
    print_roff(c->summary);
    fputs("\n.SH SYNOPSIS\n.B hcbroker\n[\\fIoptions\\fR] \\fB", stdout);
    print_roff(c->name);
    fputs("\\fR", stdout);
    if (c->n_options)
        fputs(" [\\fIoptions\\fR]", stdout);
    putchar(' ');
    print_roff(c->operands);
    putchar('\n');
    if (c->details) {
        fputs(".SH DESCRIPTION\n.nf\n", stdout);
        print_roff(c->details);
        fputs("\n.fi\n", stdout);
    }
    if (c->n_options) {
        puts(".SH OPTIONS");
        print_roff_options(c->options, c->n_options, NULL);
    }
    puts(".SH OPTIONS OF EVERY COMMAND");
    print_roff_options(global_options, n_global_options, c);
    puts(".SH SEE ALSO\n.BR hcbroker (1)");
}

static void print_main_page(const cli_command *const *commands, size_t n) {
    print_head("");
    print_roff("places packages of home care with providers, and proves how good the plan is");
    puts("\n.SH SYNOPSIS\n.B hcbroker\n[\\fIoptions\\fR] \\fICOMMAND\\fR ...");
    puts(".SH DESCRIPTION\nReads a workspace (a folder with\n.IR hcbroker.yaml ),\nplaces the packages that wait by "
         "the rules "
         "of a framework, and says how good\nthe plan is and why anyone waits.\n.SH COMMANDS");
    for (size_t i = 0; i < n; i++) {
        fputs(".TP\n.BR hcbroker\\-", stdout);
        print_page_name(commands[i]->name);
        puts(" (1)");
        print_roff(commands[i]->summary);
        putchar('\n');
    }
    puts(".SH OPTIONS OF EVERY COMMAND");
    print_roff_options(global_options, n_global_options, NULL);
    puts(".SH EXIT STATUS\n"
         ".TP\n.B 0\ndone\n.TP\n.B 1\nthe answer is no\n.TP\n.B 2\nwrong usage\n.TP\n.B 3\nthe input has errors\n"
         ".TP\n.B 4\nstopped before any answer\n.TP\n.B 5\ninput or output failed\n"
         ".TP\n.B 130\ninterrupted; the best plan found is written, and marked");
}

static bool is(const char *a, const char *b) {
    return strcmp(a, b) == 0;
}

int print_manual(const cli_command *const *commands, size_t n, char *const *words) {
    char name[64];
    if (!words[0]) {
        print_main_page(commands, n);
        return EXIT_DONE;
    }
    snprintf(name, sizeof name, "%s%s%s", words[0], words[1] ? " " : "", words[1] ? words[1] : "");
    for (size_t i = 0; i < n; i++)
        if (is(commands[i]->name, name)) {
            print_command_page(commands[i]);
            return EXIT_DONE;
        }
    complain("--manual: there is no command \"%s\"", name);
    return EXIT_USAGE;
}

static void print_names(const arg_option *options, size_t n, bool valued_only) {
    for (size_t i = 0; i < n; i++) {
        const hcb_option *row = row_of(&options[i]);
        if (!valued_only || row->type != HCB_OPTION_FLAG)
            printf("%s%s ", dashes_of(row), row->option);
    }
}

static bool begins(const char *text, const char *with) {
    return text && strncmp(text, with, strlen(with)) == 0;
}

/* What may follow an option: its words, DIR, FILE, or NONE of which anything is known. */
static void print_values(const char *command, const arg_option *options, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const hcb_option *row = row_of(&options[i]);
        if (row->type == HCB_OPTION_FLAG)
            continue;
        printf("    %s %s%s') echo '", command, dashes_of(row), row->option);
        for (uint32_t w = 0; w < row->n_words; w++)
            printf("%s%s", w ? " " : "", row->words[w].name);
        if (!row->n_words)
            fputs(begins(row->metavar, "DIR") ? "DIR" : begins(row->metavar, "FILE") ? "FILE" : "NONE", stdout);
        puts("';;");
    }
}

/* The words that may come next where `group` (or nothing) has been read. */
static void print_next_words(const cli_command *const *commands, size_t n, const char *group, size_t head) {
    for (size_t i = 0; i < n; i++) {
        const char *word = commands[i]->name;
        if (head && (strncmp(word, group, head) != 0 || word[head] != ' '))
            continue;
        word += head ? head + 1 : 0;
        size_t len = strcspn(word, " ");
        bool before = false; /* a group is named once */
        for (size_t k = 0; k < i && !head; k++)
            before = before || (strncmp(commands[k]->name, word, len) == 0 && commands[k]->name[len] == ' ');
        if (!before)
            printf("%.*s ", (int)len, word);
    }
}

static const char completion_body[] =
    "_hcbroker() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} command='' word values i\n"
    "    COMPREPLY=()\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        if [[ $_hcbroker_valued == *\" $word \"* ]]; then\n"
    "            ((i++))\n"
    "        elif [[ $word != -* && -z $command ]]; then\n"
    "            command=$word\n"
    "        elif [[ $word != -* && $command != *' '* && -n $(_hcbroker_next \"$command\") ]]; then\n"
    "            command+=\" $word\"\n"
    "        fi\n"
    "    done\n"
    "    values=$(_hcbroker_values \"$command\" \"${COMP_WORDS[COMP_CWORD-1]}\")\n"
    "    [[ -z $values && $cur == -* ]] && values=\"$(_hcbroker_options \"$command\")$_hcbroker_global\"\n"
    "    [[ -z $values ]] && values=$(_hcbroker_next \"$command\")\n"
    "    case $values in\n"
    "    NONE) ;;\n"
    "    DIR) COMPREPLY=($(compgen -d -- \"$cur\")) ;;\n"
    "    FILE | '') COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
    "    *) COMPREPLY=($(compgen -W \"$values\" -- \"$cur\")) ;;\n"
    "    esac\n"
    "}\n"
    "complete -o filenames -F _hcbroker hcbroker\n";

int print_completion(const cli_command *const *commands, size_t n) {
    fputs("# bash completion of hcbroker, made by hcbroker --completion\n_hcbroker_global='", stdout);
    print_names(global_options, n_global_options, false);
    fputs("'\n_hcbroker_valued=' ", stdout);
    print_names(global_options, n_global_options, true);
    for (size_t i = 0; i < n; i++)
        print_names(commands[i]->options, commands[i]->n_options, true);
    puts("'\n_hcbroker_options() {\n    case $1 in");
    for (size_t i = 0; i < n; i++) {
        printf("    '%s') echo '", commands[i]->name);
        print_names(commands[i]->options, commands[i]->n_options, false);
        puts("';;");
    }
    puts("    esac\n}\n_hcbroker_values() {\n    case \"$1 $2\" in");
    for (size_t i = 0; i < n; i++) {
        char command[64];
        snprintf(command, sizeof command, "'%s", commands[i]->name);
        print_values(command, commands[i]->options, commands[i]->n_options);
    }
    print_values("*'", global_options, n_global_options);
    fputs("    esac\n}\n_hcbroker_next() {\n    case $1 in\n    '') echo '", stdout);
    print_next_words(commands, n, "", 0);
    puts("';;");
    for (size_t i = 0; i < n; i++) {
        size_t head = strcspn(commands[i]->name, " ");
        bool before = !commands[i]->name[head];
        for (size_t k = 0; k < i; k++)
            before = before || strncmp(commands[k]->name, commands[i]->name, head + 1) == 0;
        if (before)
            continue;
        printf("    %.*s) echo '", (int)head, commands[i]->name);
        print_next_words(commands, n, commands[i]->name, head);
        puts("';;");
    }
    printf("    esac\n}\n%s", completion_body);
    return EXIT_DONE;
}
