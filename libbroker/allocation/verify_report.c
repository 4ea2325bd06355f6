/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was checked and what was found. */
#include <stdio.h>
#include <string.h>

#include "allocation/verify_run.h"

enum { FINDINGS_KEPT = 1000, MESSAGE_MAX = 1024 };

static const char *keep(hcb_verify_report *report, const char *text) {
    if (!text || !*text)
        return "";
    const char *copy = hcb__arena_strndup(&report->arena, text, strlen(text));
    report->nomem |= !copy;
    return copy ? copy : "";
}

void hcb__vf_find(hcb_verify_report *report, const char *file, const char *record, const char *field, const char *found,
                  const char *expected, const char *format, ...) {
    if (report->findings.count >= FINDINGS_KEPT) {
        report->dropped++;
        return;
    }
    char message[MESSAGE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    for (char *c = message; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    hcb_verify_finding finding = {keep(report, file),  keep(report, record),   keep(report, field),
                                  keep(report, found), keep(report, expected), keep(report, message)};
    report->nomem |= !HCB__PUSH(&report->mem, &report->findings, finding);
}

void hcb__vf_checked(hcb_verify_report *report, const char *name, int64_t count) {
    for (size_t i = 0; i < report->checks.count; i++)
        if (strcmp(report->checks.at[i].name, name) == 0) {
            report->checks.at[i].count += count;
            return;
        }
    hcb_verify_check check = {keep(report, name), count};
    report->nomem |= !HCB__PUSH(&report->mem, &report->checks, check);
}

void hcb__vf_take_diagnostics(hcb_verify_report *report, hcb_context *ctx, const char *file, size_t before,
                              hcb_status status) {
    size_t found = 0;
    for (size_t i = before; i < ctx->diags.count; i++) {
        const hcb_diagnostic *d = &ctx->diags.at[i];
        if (d->severity != HCB_SEVERITY_ERROR)
            continue;
        found++;
        hcb__vf_find(report, file, "", d->pointer, "", "", "line %lld: %s", (long long)d->line, d->message);
    }
    if (!found && status != HCB_OK)
        hcb__vf_find(report, file, "", "", "", "", "%s cannot be read: %s", file, hcb_status_text(status));
    ctx->diags.count = before;
    ctx->diag_errors = 0;
    ctx->error = (hcb_error){.message = "", .file = "", .pointer = ""};
}

int32_t hcb_verify_ok(const hcb_verify_report *report) {
    return report && !report->findings.count;
}

size_t hcb_verify_finding_count(const hcb_verify_report *report) {
    return report ? report->findings.count : 0;
}

size_t hcb_verify_finding_dropped(const hcb_verify_report *report) {
    return report ? report->dropped : 0;
}

const hcb_verify_finding *hcb_verify_finding_at(const hcb_verify_report *report, size_t i) {
    return report && i < report->findings.count ? &report->findings.at[i] : NULL;
}

size_t hcb_verify_checked_count(const hcb_verify_report *report) {
    return report ? report->checks.count : 0;
}

const hcb_verify_check *hcb_verify_checked_at(const hcb_verify_report *report, size_t i) {
    return report && i < report->checks.count ? &report->checks.at[i] : NULL;
}

void hcb_verify_report_free(hcb_verify_report *report) {
    if (!report)
        return;
    hcb_allocator mem = report->mem;
    HCB__VEC_FREE(&mem, &report->findings);
    HCB__VEC_FREE(&mem, &report->checks);
    hcb__arena_release(&report->arena);
    hcb__free(&mem, report);
}
