/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * @file
 * Everything.
 */
#ifndef HCB_HCBROKER_H
#define HCB_HCBROKER_H

#include "hcbroker/allocation.h"
#include "hcbroker/compare.h"
#include "hcbroker/context.h"
#include "hcbroker/desk.h"
#include "hcbroker/design.h"
#include "hcbroker/explain.h"
#include "hcbroker/export.h"
#include "hcbroker/options.h"
#include "hcbroker/price.h"
#include "hcbroker/problem.h"
#include "hcbroker/recommend.h"
#include "hcbroker/report.h"
#include "hcbroker/scenario.h"
#include "hcbroker/status.h"
#include "hcbroker/text.h"
#include "hcbroker/verify.h"
#include "hcbroker/workspace.h"
#include "hcbroker/zones.h"

#endif
