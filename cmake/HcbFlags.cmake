# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target carries the flags of our own code; it is not installed.
add_library(hcb_flags INTERFACE)
target_compile_features(hcb_flags INTERFACE c_std_11)
target_compile_definitions(hcb_flags INTERFACE _POSIX_C_SOURCE=200809L HCB_VERSION_STRING="${PROJECT_VERSION}")
# -ffp-contract=off: the same floating point results on every target, as GEOS builds.
target_compile_options(hcb_flags INTERFACE
  -Wall -Wextra -Wconversion -Wno-sign-conversion -Wshadow -Wstrict-prototypes -Wvla -ffp-contract=off
  -fvisibility=hidden)
if(HCB_PACKAGING)
  # A run path that names the build folder leaves a gap of its length behind when it is taken out of the installed program.
  set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
  target_compile_options(hcb_flags INTERFACE -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build
    -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wformat -Werror=format-security)
  target_link_options(hcb_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
if(HCB_WERROR)
  target_compile_options(hcb_flags INTERFACE -Werror)
endif()
if(HCB_SANITIZE)
  target_compile_options(hcb_flags INTERFACE -fsanitize=${HCB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(hcb_flags INTERFACE -fsanitize=${HCB_SANITIZE})
endif()
if(HCB_BUILD_FUZZERS)
  # libFuzzer sees which branches an input reaches only in code compiled so.
  target_compile_options(hcb_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(hcb_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HCB_COVERAGE)
  target_compile_options(hcb_flags INTERFACE --coverage)
  target_link_options(hcb_flags INTERFACE --coverage)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
