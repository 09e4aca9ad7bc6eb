# SPDX-License-Identifier: Apache-2.0
# Everything comes from Debian's packages; nothing is downloaded. `./overrun` prints and installs the list.
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Boost 1.74 CONFIG REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc tlm)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
find_package(Threads REQUIRED)
find_package(Catch2 QUIET)

add_library(overrun_systemc INTERFACE)
target_link_libraries(overrun_systemc INTERFACE PkgConfig::SYSTEMC)
# Debian builds libsystemc as C++17 and its version check is part of a symbol's name: without this, C++20 does not link.
target_compile_definitions(overrun_systemc INTERFACE SC_CPLUSPLUS=201703L)
get_target_property(_systemc_includes PkgConfig::SYSTEMC INTERFACE_INCLUDE_DIRECTORIES)
if(_systemc_includes)
  target_include_directories(overrun_systemc SYSTEM INTERFACE ${_systemc_includes})
endif()

# Headers alone, and as system headers, whose warnings are not ours.
add_library(overrun_boost INTERFACE)
get_target_property(_boost_includes Boost::headers INTERFACE_INCLUDE_DIRECTORIES)
if(_boost_includes)
  target_include_directories(overrun_boost SYSTEM INTERFACE ${_boost_includes})
endif()
