/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Visibility and attribute macros of the public interface.
 */
#ifndef HCB_EXPORT_H
#define HCB_EXPORT_H

#if defined(HCB_CFFI)
#define HCB_API
#define HCB_NODISCARD
#elif defined(__GNUC__)
#define HCB_API __attribute__((visibility("default")))
#define HCB_NODISCARD __attribute__((warn_unused_result))
#else
#define HCB_API
#define HCB_NODISCARD
#endif

#endif
