# SPDX-License-Identifier: GPL-3.0-or-later
# The C interface of HiGHS, an optional LP/MIP back end. Its own CMake package and .pc file differ from one build to the next
# (Debian 13's .pc file names folders of the build), so the header and the library are looked for. Gives HIGHS::HIGHS.
find_path(HIGHS_INCLUDE_DIR interfaces/highs_c_api.h PATH_SUFFIXES highs)
find_library(HIGHS_LIBRARY highs)
if(HIGHS_INCLUDE_DIR)
  file(STRINGS "${HIGHS_INCLUDE_DIR}/HConfig.h" _highs_version REGEX "^#define HIGHS_VERSION_(MAJOR|MINOR|PATCH)")
  string(REGEX REPLACE ".*MAJOR[ \t]+([0-9]+).*MINOR[ \t]+([0-9]+).*PATCH[ \t]+([0-9]+).*" "\\1.\\2.\\3" HIGHS_VERSION "${_highs_version}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(HIGHS REQUIRED_VARS HIGHS_LIBRARY HIGHS_INCLUDE_DIR VERSION_VAR HIGHS_VERSION)
if(HIGHS_FOUND AND NOT TARGET HIGHS::HIGHS)
  add_library(HIGHS::HIGHS UNKNOWN IMPORTED)
  set_target_properties(HIGHS::HIGHS PROPERTIES IMPORTED_LOCATION "${HIGHS_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${HIGHS_INCLUDE_DIR}")
endif()
