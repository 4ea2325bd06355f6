/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/ogr.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "io/file.h"

static bool ends_in(const char *path, const char *end) {
    size_t n = strlen(path), m = strlen(end);
    return n > m && strcasecmp(path + n - m, end) == 0;
}

bool hcb__ogr_wants(const char *path) {
    return ends_in(path, ".gpkg") || ends_in(path, ".shp");
}

#ifdef HCB_GDAL_LIBRARY

#include <cpl_conv.h>
#include <dlfcn.h>
#include <gdal.h>
#include <gdal_utils.h>
#include <ogr_srs_api.h>

#define FUNCTIONS(F)                                                                                                   \
    F(GDALAllRegister)                                                                                                 \
    F(GDALOpenEx)                                                                                                      \
    F(GDALClose)                                                                                                       \
    F(GDALDatasetGetLayerCount)                                                                                        \
    F(GDALDatasetGetLayer)                                                                                             \
    F(OGR_L_GetSpatialRef)                                                                                             \
    F(OSRClone)                                                                                                        \
    F(OSRRelease)                                                                                                      \
    F(OSRAutoIdentifyEPSG)                                                                                             \
    F(OSRGetAuthorityCode)                                                                                             \
    F(GDALVectorTranslateOptionsNew)                                                                                   \
    F(GDALVectorTranslateOptionsFree)                                                                                  \
    F(GDALVectorTranslate)                                                                                             \
    F(VSIFileFromMemBuffer)                                                                                            \
    F(VSIFCloseL)                                                                                                      \
    F(VSIGetMemFileBuffer)                                                                                             \
    F(VSIFree)                                                                                                         \
    F(VSIUnlink)                                                                                                       \
    F(CPLPushErrorHandler)                                                                                             \
    F(CPLQuietErrorHandler)                                                                                            \
    F(CPLPopErrorHandler)                                                                                              \
    F(CPLErrorReset)                                                                                                   \
    F(CPLGetLastErrorMsg)                                                                                              \
    F(CPLSetThreadLocalConfigOption)

typedef struct gdal {
#define MEMBER(name) __typeof__(&(name)) name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} gdal;

/* GDAL stays loaded: it does not like to be unloaded, and the next file wants it again. */
static hcb_status load(gdal *g, hcb_context *ctx) {
    void *library = dlopen(HCB_GDAL_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return hcb__fail(ctx, HCB_EIO, "GDAL cannot be loaded (%s), which reads and writes GeoPackage and Shapefile",
                         HCB_GDAL_LIBRARY);
#define FIND(name)                                                                                                     \
    {                                                                                                                  \
        void *found = dlsym(library, #name);                                                                           \
        if (!found)                                                                                                    \
            return hcb__fail(ctx, HCB_EIO, "%s lacks %s", HCB_GDAL_LIBRARY, #name);                                    \
        memcpy(&g->name, &found, sizeof found);                                                                        \
    }
    FUNCTIONS(FIND)
#undef FIND
    g->GDALAllRegister();
    g->CPLPushErrorHandler(g->CPLQuietErrorHandler);
    g->CPLErrorReset();
    return HCB_OK;
}

/* A name among GDAL's files in memory that no other thread uses. */
typedef struct memory_name {
    char text[64];
} memory_name;

static memory_name name_for(const hcb_context *ctx, const char *end) {
    memory_name name;
    snprintf(name.text, sizeof name.text, "/vsimem/hcbroker-%p%s", (const void *)ctx, end);
    return name;
}

static bool translate(const gdal *g, GDALDatasetH from, const char *to, const char *const *arguments) {
    int bad = 0;
    GDALVectorTranslateOptions *options = g->GDALVectorTranslateOptionsNew((char **)arguments, NULL);
    GDALDatasetH done = options ? g->GDALVectorTranslate(to, NULL, 1, &from, options, &bad) : NULL;
    g->GDALVectorTranslateOptionsFree(options);
    if (done)
        g->GDALClose(done);
    return done && !bad;
}

/* "EPSG:27700", or "" when the CRS has no number there; false when there is none. */
static bool crs_of(const gdal *g, GDALDatasetH data, char name[32]) {
    OGRSpatialReferenceH crs = g->OGR_L_GetSpatialRef(g->GDALDatasetGetLayer(data, 0));
    name[0] = '\0';
    if (!crs)
        return false;
    OGRSpatialReferenceH copy = g->OSRClone(crs);
    const char *code = g->OSRGetAuthorityCode(copy, NULL);
    if (!code && g->OSRAutoIdentifyEPSG(copy) == OGRERR_NONE)
        code = g->OSRGetAuthorityCode(copy, NULL);
    if (code)
        snprintf(name, 32, "EPSG:%s", code);
    g->OSRRelease(copy);
    return true;
}

static hcb_status as_geojson(const gdal *g, GDALDatasetH data, hcb__text *geojson, hcb_context *ctx,
                             const hcb__where *where) {
    char crs[32];
    if (g->GDALDatasetGetLayerCount(data) != 1)
        return hcb__fail_at(ctx, HCB_EDATA, where, "the file has %d layers; expected one",
                            g->GDALDatasetGetLayerCount(data));
    if (!crs_of(g, data, crs))
        return hcb__fail_at(ctx, HCB_ECRS, where, "the file names no coordinate reference system");
    const char *arguments[] = {"-f",
                               "GeoJSON",
                               "-lco",
                               "RFC7946=NO",
                               "-lco",
                               "COORDINATE_PRECISION=12",
                               *crs ? "-a_srs" : "-t_srs",
                               *crs ? crs : "EPSG:4326",
                               NULL};
    memory_name name = name_for(ctx, ".geojson");
    bool good = translate(g, data, name.text, arguments);
    vsi_l_offset size = 0;
    GByte *bytes = good ? g->VSIGetMemFileBuffer(name.text, &size, 1) : NULL;
    if (bytes)
        hcb__text_add(geojson, (const char *)bytes, (size_t)size);
    g->VSIFree(bytes);
    g->VSIUnlink(name.text);
    if (!bytes)
        return hcb__fail_at(ctx, HCB_EPARSE, where, "GDAL cannot read it: %s", g->CPLGetLastErrorMsg());
    return geojson->failed ? hcb__nomem(ctx) : HCB_OK;
}

hcb_status hcb__ogr_read(hcb__text *geojson, hcb_context *ctx, const char *path, const char *shown) {
    hcb__where where = {.file = shown};
    if (!hcb__file_exists(path))
        return hcb__fail_at(ctx, HCB_ENOTFOUND, &where, "there is no such file");
    gdal g;
    hcb_status status = load(&g, ctx);
    if (status != HCB_OK)
        return status;
    GDALDatasetH data = g.GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    status = data ? as_geojson(&g, data, geojson, ctx, &where)
                  : hcb__fail_at(ctx, HCB_EPARSE, &where, "GDAL cannot open it: %s", g.CPLGetLastErrorMsg());
    if (data)
        g.GDALClose(data);
    g.CPLPopErrorHandler();
    return status;
}

static hcb_status as_package(const gdal *g, hcb_context *ctx, const char *path, const char *geojson, size_t size) {
    memory_name from = name_for(ctx, ".geojson"), to = name_for(ctx, ".gpkg");
    VSILFILE *file = g->VSIFileFromMemBuffer(from.text, (GByte *)geojson, size, 0);
    if (!file)
        return hcb__nomem(ctx);
    g->VSIFCloseL(file);
    /* The time of writing would make two equal runs differ. */
    g->CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", "1970-01-01T00:00:00.000Z");
    GDALDatasetH data = g->GDALOpenEx(from.text, GDAL_OF_VECTOR | GDAL_OF_READONLY, NULL, NULL, NULL);
    const char *arguments[] = {"-f", "GPKG", "-nln", "map", "-nlt", "PROMOTE_TO_MULTI", NULL};
    bool good = data && translate(g, data, to.text, arguments);
    vsi_l_offset bytes = 0;
    GByte *package = good ? g->VSIGetMemFileBuffer(to.text, &bytes, 0) : NULL;
    hcb_status status = package ? hcb__file_write(ctx, path, (const char *)package, (size_t)bytes)
                                : hcb__fail(ctx, HCB_EIO, "GDAL cannot write %s: %s", path, g->CPLGetLastErrorMsg());
    if (data)
        g->GDALClose(data);
    g->VSIUnlink(from.text);
    g->VSIUnlink(to.text);
    g->CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", NULL);
    return status;
}

hcb_status hcb__ogr_write(hcb_context *ctx, const char *path, const char *geojson, size_t size) {
    gdal g;
    hcb_status status = load(&g, ctx);
    if (status != HCB_OK)
        return status;
    status = as_package(&g, ctx, path, geojson, size);
    g.CPLPopErrorHandler();
    return status;
}

#else

hcb_status hcb__ogr_read(hcb__text *geojson, hcb_context *ctx, const char *path, const char *shown) {
    (void)geojson;
    hcb__where where = {.file = shown};
    return hcb__fail_at(ctx, HCB_EIO, &where,
                        "this build has no GDAL, which reads GeoPackage and Shapefile; \"ogr2ogr map.geojson %s\" "
                        "makes GeoJSON of it",
                        path);
}

hcb_status hcb__ogr_write(hcb_context *ctx, const char *path, const char *geojson, size_t size) {
    (void)geojson;
    (void)size;
    return hcb__fail(ctx, HCB_EIO, "%s: this build has no GDAL, which writes GeoPackage; write GeoJSON instead", path);
}

#endif
