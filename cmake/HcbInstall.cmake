# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed beside the command: the library, its headers, the bundled workspaces, find_package and pkg-config files.
# The tree may be moved as a whole.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hcbroker)
file(RELATIVE_PATH to_lib /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
file(RELATIVE_PATH HCB_PC_TO_PREFIX /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" HCB_PC_TO_PREFIX "${HCB_PC_TO_PREFIX}")

install(TARGETS hcbroker EXPORT hcbrokerTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT lib NAMELINK_COMPONENT dev)
if(HCB_BUILD_STATIC)
  install(TARGETS hcbroker_static EXPORT hcbrokerTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
endif()
install(EXPORT hcbrokerTargets NAMESPACE hcbroker:: DESTINATION ${package_dir} COMPONENT dev)
install(DIRECTORY include/hcbroker DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev FILES_MATCHING PATTERN "*.h")
configure_package_config_file(cmake/hcbrokerConfig.cmake.in ${PROJECT_BINARY_DIR}/hcbrokerConfig.cmake
  INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor release may break callers.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hcbrokerConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hcbrokerConfig.cmake ${PROJECT_BINARY_DIR}/hcbrokerConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT dev)
# What the archive needs. By name, not by Requires.private: that would also ask for all that PROJ's own archive needs.
get_target_property(private_libs hcbroker_static INTERFACE_LINK_LIBRARIES)
list(TRANSFORM private_libs PREPEND -l)
list(JOIN private_libs " " HCB_PC_PRIVATE)
configure_file(cmake/hcbroker.pc.in ${PROJECT_BINARY_DIR}/hcbroker.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/hcbroker.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
# Bundled workspaces belong to `init`, which the library does.
install(DIRECTORY zones/ DESTINATION ${CMAKE_INSTALL_DATADIR}/hcbroker/zones COMPONENT cli)
install(FILES README.md docs/formats.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT cli)
if(NOT HCB_PACKAGING)
  install(FILES CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT cli)
  if(TARGET hcbroker_cli)
    set_target_properties(hcbroker_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${to_lib}")
  endif()
endif()
