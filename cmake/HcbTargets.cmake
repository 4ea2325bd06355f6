# SPDX-License-Identifier: GPL-3.0-or-later
# The folders of libbroker/, lowest first: each may use those before it.
set(HCB_MODULES base io geo zones pricing travel model solve allocation design scenario desk report)

# hcb_module(NAME SOURCES... LIBS...): one folder of libbroker/ as an object library.
function(hcb_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_library(hcb_${name} OBJECT ${ARG_SOURCES})
  target_include_directories(hcb_${name} PRIVATE ${PROJECT_SOURCE_DIR}/libbroker PUBLIC ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(hcb_${name} PRIVATE hcb_flags PUBLIC Threads::Threads m ${ARG_LIBS})
  set_property(GLOBAL APPEND PROPERTY HCB_BUILT_MODULES ${name})
endfunction()

# hcb_unit_test(MODULE NAME [LABEL short|medium|long] [SOURCES extra...]): tests/unit/<module>/test_<name>.c, linked with
# the objects of that module and of those below it.
function(hcb_unit_test module name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL short)
  endif()
  set(target test_${module}_${name})
  add_executable(${target} ${CMAKE_CURRENT_SOURCE_DIR}/test_${name}.c ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/libbroker ${PROJECT_SOURCE_DIR}/tests/support)
  target_compile_definitions(${target} PRIVATE HCB_SOURCE_DIR="${PROJECT_SOURCE_DIR}" HCB_BINARY_DIR="${PROJECT_BINARY_DIR}"
    HCB_SHARED_DEFAULT="${HCB_SHARED_DEFAULT}")
  target_link_libraries(${target} PRIVATE hcb_flags PkgConfig::CMOCKA)
  foreach(m ${HCB_MODULES})
    if(TARGET hcb_${m})
      target_link_libraries(${target} PRIVATE hcb_${m})
    endif()
    if(m STREQUAL module)
      break()
    endif()
  endforeach()
  add_test(NAME unit.${module}.${name} COMMAND ${target})
  set_tests_properties(unit.${module}.${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 600
    SKIP_REGULAR_EXPRESSION "SKIPPED WHOLE")
endfunction()
