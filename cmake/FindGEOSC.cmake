# SPDX-License-Identifier: GPL-3.0-or-later
# The C interface of GEOS. Its own CMake package names the C++ library; Debian's .pc file does not list the C one alone.
find_path(GEOSC_INCLUDE_DIR geos_c.h)
find_library(GEOSC_LIBRARY geos_c)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GEOSC REQUIRED_VARS GEOSC_LIBRARY GEOSC_INCLUDE_DIR)
if(GEOSC_FOUND AND NOT TARGET GEOSC::GEOSC)
  add_library(GEOSC::GEOSC UNKNOWN IMPORTED)
  set_target_properties(GEOSC::GEOSC PROPERTIES IMPORTED_LOCATION "${GEOSC_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${GEOSC_INCLUDE_DIR}")
endif()
