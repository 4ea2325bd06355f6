# SPDX-License-Identifier: GPL-3.0-or-later
# The C interfaces of CBC and of the CLP inside it, an optional LP/MIP back end. Gives CBC::CBC.
find_path(CBC_INCLUDE_DIR coin/Cbc_C_Interface.h)
find_path(CLP_INCLUDE_DIR coin/Clp_C_Interface.h)
find_library(CBC_LIBRARY CbcSolver)
find_library(CBC_CORE_LIBRARY Cbc)
find_library(CLP_LIBRARY Clp)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CBC REQUIRED_VARS CBC_LIBRARY CBC_CORE_LIBRARY CLP_LIBRARY CBC_INCLUDE_DIR CLP_INCLUDE_DIR)
if(CBC_FOUND AND NOT TARGET CBC::CBC)
  add_library(CBC::CBC UNKNOWN IMPORTED)
  set_target_properties(CBC::CBC PROPERTIES IMPORTED_LOCATION "${CBC_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${CBC_INCLUDE_DIR};${CLP_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${CBC_CORE_LIBRARY};${CLP_LIBRARY}")
endif()
