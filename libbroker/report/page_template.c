/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The template of the page, made by page/build.js from libraries pinned in page/package-lock.json. */
#include "report/page.h"

#ifdef HCB_PAGE_FILE
/* The assembler reads the file: as a list of numbers half a megabyte takes the compiler seconds. */
__asm__(".section .rodata\n"
        ".hidden hcb__page_begin\n"
        ".hidden hcb__page_end\n"
        ".global hcb__page_begin\n"
        ".global hcb__page_end\n"
        "hcb__page_begin:\n"
        ".incbin \"" HCB_PAGE_FILE "\"\n"
        "hcb__page_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char hcb__page_begin[] __attribute__((visibility("hidden")));
extern const char hcb__page_end[] __attribute__((visibility("hidden")));

const char *hcb__page_template(size_t *size) {
    *size = (size_t)(hcb__page_end - hcb__page_begin);
    return hcb__page_begin;
}
#else
const char *hcb__page_template(size_t *size) {
    *size = 0;
    return NULL;
}
#endif

int32_t hcb_report_has_page(void) {
    size_t size;
    return hcb__page_template(&size) != NULL;
}
