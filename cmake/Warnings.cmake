# SPDX-License-Identifier: Apache-2.0
# What every target of ours is compiled with.
add_library(overrun_warnings INTERFACE)
target_compile_options(overrun_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
                                                  -Wnon-virtual-dtor -Woverloaded-virtual)
# g++ 12 reports std::string's own operator+ and insert under -O2 (GCC bug 105651), an empty std::optional whose value
# is not read, and a growing std::vector of two-octet structs under -O3.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(overrun_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow)
endif()
if(OVERRUN_WERROR)
  target_compile_options(overrun_warnings INTERFACE -Werror)
endif()
if(OVERRUN_SANITIZE)
  # The sanitizers' own code makes g++ see uninitialised values in the standard library (GCC manual, -fsanitize).
  target_compile_options(overrun_warnings INTERFACE -Wno-maybe-uninitialized)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
