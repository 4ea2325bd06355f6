/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * The table of options: every field that a caller may set in a structure of options, with its default and its bounds.
 * The library fills in defaults and refuses values by it; the command's options, its help and docs/options.md are made
 * from it; other programs and languages can list it.
 *
 *     const hcb_option *gap = hcb_option_find("hcb_allocation_options", "gap");
 *     printf("%s: %g to %g, %g unless set. %s\n", gap->name, gap->low, gap->high, gap->initial, gap->sentence);
 */
#ifndef HCB_OPTIONS_H
#define HCB_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "hcbroker/export.h"
#include "hcbroker/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a field is. */
enum {
    HCB_OPTION_FLAG = 0,    /**< int32_t, 0 or 1. */
    HCB_OPTION_CHOICE = 1,  /**< int32_t, the value of one of the words. */
    HCB_OPTION_INT32 = 2,   /**< int32_t. */
    HCB_OPTION_INT64 = 3,   /**< int64_t. */
    HCB_OPTION_UINT64 = 4,  /**< uint64_t. */
    HCB_OPTION_DOUBLE = 5,  /**< double; not a number is never legal. */
    HCB_OPTION_TEXT = 6,    /**< const char *. */
    HCB_OPTION_POINTER = 7, /**< Another pointer, or a function. */
    HCB_OPTION_OPTIONS = 8  /**< A structure of options within; its rows stand under its own name. */
};

/** A word that stands for a value. */
typedef struct hcb_option_word {
    const char *name; /**< For example "sequential". */
    int64_t value;    /**< For example HCB_METHOD_SEQUENTIAL. */
} hcb_option_word;

/** One field. A value is legal when it lies from low to high, is that of a word, or is the default. */
typedef struct hcb_option {
    const char *structure;        /**< For example "hcb_allocation_options". */
    const char *name;             /**< Of the field. */
    int32_t type;                 /**< HCB_OPTION_... */
    int32_t required;             /**< 1: a text that may not be NULL. */
    uint32_t offset;              /**< Bytes from the beginning of the structure. */
    uint32_t n_words;             /**< How many words there are. */
    const hcb_option_word *words; /**< [n_words]; NULL: none. */
    double low;                   /**< Of numbers: the least. */
    double high;                  /**< Of numbers: the most. */
    double initial;               /**< The default; of texts, pointers and structures within: 0. */
    const char *unit;             /**< For example "s"; NULL: none. */
    const char *usual;            /**< What the default comes to, where its value does not tell; NULL. */
    const char *sentence;         /**< What the field does. */
    const char *inner;            /**< HCB_OPTION_OPTIONS: the name of the structure within; else NULL. */
    const char *option;           /**< Name of the command's option, without dashes; NULL: there is none. */
    const char *metavar;          /**< What its value is called; NULL: a flag, or the words. */
    int32_t parts;    /**< The command's value times this is the field's (pounds, pence: 100); 0: it is the same. */
    int32_t reserved; /**< 0. */
} hcb_option;

/** How many rows the table has. */
HCB_API int32_t hcb_option_count(void);

/** The i-th row, structures by name and fields in their order; NULL when i is out of range. Never freed. */
HCB_API const hcb_option *hcb_option_at(int32_t i);

/** The row of a field; NULL when there is none. Never freed. */
HCB_API const hcb_option *hcb_option_find(const char *structure, const char *name);

/**
 * Set all fields of a structure of options to their defaults.
 * @param structure  Its name.
 * @param options    The structure; untouched on failure.
 * @param size       sizeof of it in the caller's headers, which becomes its struct_size; a longer one's tail becomes 0.
 * @return HCB_OK; HCB_EINVAL: a NULL argument, or no such structure; HCB_EVERSION: size is not one of a structure.
 * @since 0.1
 */
HCB_API HCB_NODISCARD hcb_status hcb_options_init(const char *structure, void *options, size_t size);

#ifdef __cplusplus
}
#endif

#endif
