/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "zones/write.h"

#include <math.h>

int64_t hcb__degree_grid(double degrees) {
    return (int64_t)llround(degrees * 1e7);
}

void hcb__write_crs(hcb__json_writer *w, const char *name) {
    hcb__jw_key(w, "crs");
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "type", "name");
    hcb__jw_key(w, "properties");
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "name", name);
    hcb__jw_end_object(w);
    hcb__jw_end_object(w);
}

void hcb__write_collection(hcb__json_writer *w, hcb__text *out) {
    hcb__jw_init(w, out, false);
    hcb__jw_object(w);
    hcb__jw_key_string(w, "type", "FeatureCollection");
    hcb__jw_key(w, "features");
    hcb__jw_array(w);
}

void hcb__write_feature(hcb__json_writer *w) {
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "type", "Feature");
    hcb__jw_key(w, "properties");
    hcb__jw_object_flat(w);
}

static void write_part(hcb__json_writer *w, const hcb__grid_polygon *p, int32_t part) {
    hcb__jw_array_flat(w);
    for (int32_t r = p->part_start[part]; r < p->part_start[part + 1]; r++) {
        hcb__jw_array_flat(w);
        for (int32_t i = p->ring_start[r]; i < p->ring_start[r + 1]; i++) {
            hcb__jw_array_flat(w);
            hcb__jw_fixed(w, p->points[i].x, 7);
            hcb__jw_fixed(w, p->points[i].y, 7);
            hcb__jw_end_array(w);
        }
        hcb__jw_end_array(w);
    }
    hcb__jw_end_array(w);
}

void hcb__write_geometry(hcb__json_writer *w, const hcb__grid_polygon *p) {
    hcb__jw_end_object(w);
    hcb__jw_key(w, "geometry");
    hcb__jw_object_flat(w);
    hcb__jw_key_string(w, "type", p->n_parts == 1 ? "Polygon" : "MultiPolygon");
    hcb__jw_key(w, "coordinates");
    bool compact = w->compact;
    w->compact = true; /* no spaces between the numbers */
    if (p->n_parts == 1) {
        write_part(w, p, 0);
    } else {
        hcb__jw_array_flat(w);
        for (int32_t i = 0; i < p->n_parts; i++)
            write_part(w, p, i);
        hcb__jw_end_array(w);
    }
    w->compact = compact;
    hcb__jw_end_object(w);
    hcb__jw_end_object(w);
}

void hcb__write_end(hcb__json_writer *w, hcb__text *out) {
    hcb__jw_end_array(w);
    hcb__jw_end_object(w);
    if (out->count == 0 || out->at[out->count - 1] != '\n')
        hcb__text_putc(out, '\n');
}
