/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two plain tables. A grid over all polygons says for each cell which polygons cover it whole and which have an edge in
 * it. Where an edge is near, the polygon's own horizontal slabs give the few edges a ray can cross. Edges are put into
 * every cell and slab within MARGIN, wider than BORDER, so that rounding cannot lose one. */
#include "geo/index.h"

#include <math.h>
#include <string.h>

static const double BORDER = 0.001, MARGIN = 0.002; /* metres */
enum { EDGES_PER_CELL = 2, EDGES_PER_SLAB = 4, CELLS_MAX = 1 << 18, SIDE_MAX = 4096, SLABS_MAX = 1 << 16 };

typedef struct shape {
    const hcb__polygon *polygon;
    double y0, per_metre; /* slab of y: (y - y0) * per_metre */
    int32_t n_slabs;
    size_t slab; /* its slabs in slab_start */
} shape;

struct hcb__geo_index {
    hcb_allocator mem;
    size_t n;
    shape *shapes;
    size_t *slab_start;  /* into slab_edges; one more than there are slabs */
    int32_t *slab_edges; /* number of an edge's first point */
    double x0, y0, x1, y1, per_metre;
    int32_t nx, ny;
    size_t *cell_start;   /* [nx * ny + 1] into entries */
    uint32_t *cell_entry; /* 2 * polygon + 1 when it covers the cell whole; ascending in a cell */
};

typedef struct entry {
    int32_t cell;
    uint32_t value;
} entry;
typedef HCB__VEC(entry) entry_list;

static int32_t clamp_floor(double v, int32_t n) {
    if (!(v > 0))
        return 0;
    return v >= n ? n - 1 : (int32_t)v;
}

static bool on_segment(hcb__point p, hcb__point a, hcb__point b) {
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    double ex = p.x - (a.x + t * dx), ey = p.y - (a.y + t * dy);
    return ex * ex + ey * ey <= BORDER * BORDER;
}

static bool holds(const hcb__geo_index *index, size_t k, hcb__point p) {
    const shape *s = &index->shapes[k];
    const hcb__polygon *polygon = s->polygon;
    if (!(p.x >= polygon->min_x - BORDER && p.x <= polygon->max_x + BORDER && p.y >= polygon->min_y - BORDER &&
          p.y <= polygon->max_y + BORDER))
        return false;
    size_t slab = s->slab + (size_t)clamp_floor((p.y - s->y0) * s->per_metre, s->n_slabs);
    bool inside = false;
    for (size_t e = index->slab_start[slab]; e < index->slab_start[slab + 1]; e++) {
        const hcb__point *a = &polygon->points[index->slab_edges[e]], *b = a + 1;
        if (p.y >= fmin(a->y, b->y) - BORDER && p.y <= fmax(a->y, b->y) + BORDER && p.x >= fmin(a->x, b->x) - BORDER &&
            p.x <= fmax(a->x, b->x) + BORDER && on_segment(p, *a, *b))
            return true;
        if ((a->y > p.y) != (b->y > p.y) && p.x < a->x + (p.y - a->y) * (b->x - a->x) / (b->y - a->y))
            inside = !inside;
    }
    return inside;
}

/* The slabs of an edge of polygon k. */
static void slabs_of(const shape *s, hcb__point a, hcb__point b, int32_t *first, int32_t *last) {
    *first = clamp_floor((fmin(a.y, b.y) - MARGIN - s->y0) * s->per_metre, s->n_slabs);
    *last = clamp_floor((fmax(a.y, b.y) + MARGIN - s->y0) * s->per_metre, s->n_slabs);
}

static bool build_slabs(hcb__geo_index *index) {
    size_t n_slabs = 0;
    for (size_t k = 0; k < index->n; k++) {
        shape *s = &index->shapes[k];
        const hcb__polygon *p = s->polygon;
        int32_t want = p->n_points / EDGES_PER_SLAB;
        double height = p->n_points ? p->max_y - p->min_y : 0;
        s->n_slabs = !(height > 0) || want < 1 ? 1 : want > SLABS_MAX ? SLABS_MAX : want;
        s->y0 = p->n_points ? p->min_y : 0;
        s->per_metre = height > 0 ? s->n_slabs / height : 0;
        s->slab = n_slabs;
        n_slabs += (size_t)s->n_slabs;
    }
    index->slab_start = hcb__calloc(&index->mem, n_slabs + 2, sizeof *index->slab_start);
    if (!index->slab_start)
        return false;
    /* Counted two places on, so that filling moves each start to where it belongs. */
    for (int pass = 0; pass < 2; pass++) {
        for (size_t k = 0; k < index->n; k++) {
            const shape *s = &index->shapes[k];
            const hcb__polygon *p = s->polygon;
            for (int32_t r = 0; r < p->n_rings; r++)
                for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++) {
                    int32_t first, last;
                    slabs_of(s, p->points[i], p->points[i + 1], &first, &last);
                    for (int32_t j = first; j <= last; j++) {
                        size_t *start = &index->slab_start[s->slab + (size_t)j + (pass ? 1 : 2)];
                        if (pass)
                            index->slab_edges[*start] = i;
                        ++*start;
                    }
                }
        }
        if (pass)
            break;
        for (size_t j = 2; j < n_slabs + 2; j++)
            index->slab_start[j] += index->slab_start[j - 1];
        index->slab_edges = hcb__calloc(&index->mem, index->slab_start[n_slabs + 1] + 1, sizeof *index->slab_edges);
        if (!index->slab_edges)
            return false;
    }
    return true;
}

static void lay_out_grid(hcb__geo_index *index) {
    double edges = 0;
    index->x0 = index->y0 = INFINITY;
    index->x1 = index->y1 = -INFINITY;
    for (size_t k = 0; k < index->n; k++) {
        const hcb__polygon *p = index->shapes[k].polygon;
        if (p->n_points == 0)
            continue;
        edges += p->n_points;
        index->x0 = fmin(index->x0, p->min_x);
        index->y0 = fmin(index->y0, p->min_y);
        index->x1 = fmax(index->x1, p->max_x);
        index->y1 = fmax(index->y1, p->max_y);
    }
    index->nx = index->ny = 1;
    double width = index->x1 - index->x0, height = index->y1 - index->y0;
    if (!(width > 0 && height > 0))
        return;
    double cells = fmin(fmax(edges / EDGES_PER_CELL, 1), CELLS_MAX);
    double side = fmax(sqrt(width * height / cells), fmax(width, height) / SIDE_MAX);
    index->per_metre = 1 / side;
    index->nx = clamp_floor(width / side, SIDE_MAX) + 1;
    index->ny = clamp_floor(height / side, SIDE_MAX) + 1;
}

static int32_t column_of(const hcb__geo_index *index, double x) {
    return clamp_floor((x - index->x0) * index->per_metre, index->nx);
}

static int32_t row_of(const hcb__geo_index *index, double y) {
    return clamp_floor((y - index->y0) * index->per_metre, index->ny);
}

/* Calls the cells that the edge passes within MARGIN polygon k's own. */
static bool mark_edge(hcb__geo_index *index, entry_list *entries, uint32_t *mark, uint32_t k, hcb__point a,
                      hcb__point b) {
    if (a.y > b.y) {
        hcb__point t = a;
        a = b;
        b = t;
    }
    double side = index->per_metre > 0 ? 1 / index->per_metre : 0, dy = b.y - a.y;
    int32_t first = row_of(index, a.y - MARGIN), last = row_of(index, b.y + MARGIN);
    for (int32_t row = first; row <= last; row++) {
        /* The part of the edge in this row; the outermost rows reach on without end. */
        double low = row == 0 ? a.y : fmax(a.y, index->y0 + row * side - MARGIN);
        double high = row == index->ny - 1 ? b.y : fmin(b.y, index->y0 + (row + 1) * side + MARGIN);
        double xl = a.x, xh = b.x;
        if (dy > 0) {
            xl = a.x + (b.x - a.x) * fmin(fmax((low - a.y) / dy, 0), 1);
            xh = a.x + (b.x - a.x) * fmin(fmax((high - a.y) / dy, 0), 1);
        }
        int32_t from = column_of(index, fmin(xl, xh) - MARGIN), to = column_of(index, fmax(xl, xh) + MARGIN);
        for (int32_t column = from; column <= to; column++) {
            int32_t cell = row * index->nx + column;
            if (mark[cell] == k + 1)
                continue;
            mark[cell] = k + 1;
            entry e = {cell, 2 * k};
            if (!HCB__PUSH(&index->mem, entries, e))
                return false;
        }
    }
    return true;
}

/* Cells without an edge of polygon k are wholly inside or wholly outside it, and so is a run of them in one row. */
static bool mark_covered(hcb__geo_index *index, entry_list *entries, const uint32_t *mark, uint32_t k) {
    const hcb__polygon *p = index->shapes[k].polygon;
    double side = index->per_metre > 0 ? 1 / index->per_metre : 0;
    int32_t left = column_of(index, p->min_x), right = column_of(index, p->max_x);
    for (int32_t row = row_of(index, p->min_y); row <= row_of(index, p->max_y); row++) {
        bool known = false, inside = false;
        for (int32_t column = left; column <= right; column++) {
            int32_t cell = row * index->nx + column;
            if (mark[cell] == k + 1) {
                known = false;
                continue;
            }
            if (!known) {
                hcb__point centre = {index->x0 + (column + 0.5) * side, index->y0 + (row + 0.5) * side};
                inside = holds(index, k, centre);
                known = true;
            }
            entry e = {cell, 2 * k + 1};
            if (inside && !HCB__PUSH(&index->mem, entries, e))
                return false;
        }
    }
    return true;
}

static bool collect_entries(hcb__geo_index *index, entry_list *entries, uint32_t *mark) {
    for (size_t k = 0; k < index->n; k++) {
        const hcb__polygon *p = index->shapes[k].polygon;
        if (p->n_points == 0)
            continue;
        for (int32_t r = 0; r < p->n_rings; r++)
            for (int32_t i = p->ring_start[r]; i + 1 < p->ring_start[r + 1]; i++)
                if (!mark_edge(index, entries, mark, (uint32_t)k, p->points[i], p->points[i + 1]))
                    return false;
        if (!mark_covered(index, entries, mark, (uint32_t)k))
            return false;
    }
    return true;
}

static bool build_grid(hcb__geo_index *index) {
    lay_out_grid(index);
    size_t cells = (size_t)index->nx * (size_t)index->ny;
    entry_list entries = {0};
    uint32_t *mark = hcb__calloc(&index->mem, cells, sizeof *mark);
    bool good = mark && collect_entries(index, &entries, mark);
    hcb__free(&index->mem, mark);
    if (good) {
        index->cell_start = hcb__calloc(&index->mem, cells + 2, sizeof *index->cell_start);
        index->cell_entry = hcb__calloc(&index->mem, entries.count + 1, sizeof *index->cell_entry);
        good = index->cell_start && index->cell_entry;
    }
    if (good) {
        for (size_t i = 0; i < entries.count; i++)
            index->cell_start[entries.at[i].cell + 2]++;
        for (size_t c = 2; c < cells + 2; c++)
            index->cell_start[c] += index->cell_start[c - 1];
        for (size_t i = 0; i < entries.count; i++)
            index->cell_entry[index->cell_start[entries.at[i].cell + 1]++] = entries.at[i].value;
    }
    HCB__VEC_FREE(&index->mem, &entries);
    return good;
}

hcb_status hcb__geo_index_create(hcb__geo_index **out, const hcb_allocator *mem, const hcb__polygon *const *polygons,
                                 size_t n) {
    *out = NULL;
    if (n > INT32_MAX / 2)
        return HCB_ELIMIT;
    hcb__geo_index *index = hcb__calloc(mem, 1, sizeof *index);
    if (!index)
        return HCB_ENOMEM;
    index->mem = *mem;
    index->n = n;
    index->shapes = hcb__calloc(mem, n + 1, sizeof *index->shapes);
    if (index->shapes)
        for (size_t k = 0; k < n; k++)
            index->shapes[k].polygon = polygons[k];
    if (!index->shapes || !build_slabs(index) || !build_grid(index)) {
        hcb__geo_index_free(index);
        return HCB_ENOMEM;
    }
    *out = index;
    return HCB_OK;
}

void hcb__geo_index_free(hcb__geo_index *index) {
    if (!index)
        return;
    hcb_allocator mem = index->mem;
    hcb__free(&mem, index->shapes);
    hcb__free(&mem, index->slab_start);
    hcb__free(&mem, index->slab_edges);
    hcb__free(&mem, index->cell_start);
    hcb__free(&mem, index->cell_entry);
    hcb__free(&mem, index);
}

int32_t hcb__geo_index_locate(const hcb__geo_index *index, hcb__point p) {
    if (!(p.x >= index->x0 - BORDER && p.x <= index->x1 + BORDER && p.y >= index->y0 - BORDER &&
          p.y <= index->y1 + BORDER))
        return -1;
    size_t cell = (size_t)row_of(index, p.y) * (size_t)index->nx + (size_t)column_of(index, p.x);
    for (size_t i = index->cell_start[cell]; i < index->cell_start[cell + 1]; i++) {
        uint32_t k = index->cell_entry[i] / 2;
        if ((index->cell_entry[i] & 1) || holds(index, k, p))
            return (int32_t)k;
    }
    return -1;
}
