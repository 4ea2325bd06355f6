# SPDX-License-Identifier: GPL-3.0-or-later
# libcsv ships neither a pkg-config file nor a CMake package. Gives LIBCSV::LIBCSV.
find_path(LIBCSV_INCLUDE_DIR csv.h)
find_library(LIBCSV_LIBRARY csv)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LIBCSV REQUIRED_VARS LIBCSV_LIBRARY LIBCSV_INCLUDE_DIR)
if(LIBCSV_FOUND AND NOT TARGET LIBCSV::LIBCSV)
  add_library(LIBCSV::LIBCSV UNKNOWN IMPORTED)
  set_target_properties(LIBCSV::LIBCSV PROPERTIES IMPORTED_LOCATION "${LIBCSV_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${LIBCSV_INCLUDE_DIR}")
endif()
