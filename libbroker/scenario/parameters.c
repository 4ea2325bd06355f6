/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/parameters.h"

#include <math.h>

typedef struct parameter {
    const char *name;
    double value[3];
    const char *standing, *text;
} parameter;

static const parameter parameters[HCB__PARAMETERS] = {
#define PARAMETER(symbol, name, s0, s1, s2, standing, text) {name, {s0, s1, s2}, standing, text},
    HCB__PARAMETER_MAP(PARAMETER)
#undef PARAMETER
};

double hcb__parameter(hcb__parameter_name name, int32_t scenario) {
    return parameters[name].value[scenario];
}

static void put_value(hcb__text *out, double value) {
    int decimals = 0;
    double scaled = value;
    while (decimals < 4 && fabs(scaled - round(scaled)) > 1e-9) {
        decimals++;
        scaled = value * pow(10, decimals);
    }
    hcb__text_double(out, value, decimals);
}

void hcb__parameters_markdown(hcb__text *out) {
    hcb__text_puts(out, "| parameter | s0 | s1 | s2 | | meaning and source |\n|---|---|---|---|---|---|\n");
    for (int32_t i = 0; i < HCB__PARAMETERS; i++) {
        const parameter *p = &parameters[i];
        hcb__text_printf(out, "| `%s`", p->name);
        bool same = p->value[0] == p->value[1] && p->value[1] == p->value[2];
        for (int s = 0; s < 3; s++) {
            hcb__text_puts(out, " | ");
            if (!same || s == 1)
                put_value(out, p->value[s]);
        }
        hcb__text_printf(out, " | %s | %s |\n", p->standing, p->text);
    }
}
