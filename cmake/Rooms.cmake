# SPDX-License-Identifier: Apache-2.0
# A room is a folder with a library of its own, which says what it is made of and which rooms its files may include.
# testbench/tests/tools/style_check.py holds every #include to the same USES.
include_guard()

add_library(overrun_includes INTERFACE)
target_include_directories(overrun_includes INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR}/generated)

# The hot path crosses rooms, so the command is optimised across files. Tests are not: that would only lengthen their
# links. A Release build therefore compiles every room twice, and what a test does not need is built for neither.
set(overrun_twins plain)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  list(APPEND overrun_twins lto)
endif()

# overrun_room_targets(RESULT plain|lto FOLDER...): the libraries of rooms, which are named by their folders from the
# root: overrun::testbench_scenario. CMake refuses a name of that form that no room has.
function(overrun_room_targets result twin)
  set(targets "")
  foreach(folder IN LISTS ARGN)
    string(REPLACE "/" "_" name ${folder})
    if(twin STREQUAL "lto" AND CMAKE_BUILD_TYPE STREQUAL "Release")
      string(APPEND name _lto)
    endif()
    list(APPEND targets overrun::${name})
  endforeach()
  set(${result} ${targets} PARENT_SCOPE)
endfunction()

# overrun_room([SOURCES file...] [USES folder...] [PUBLIC library...] [PRIVATE library...] [DEFINITIONS name=value...]
#              [DEPENDS target...]): the library of the folder that calls it.
#   USES     the rooms whose headers its files include
#   PUBLIC   other libraries that its headers include; PRIVATE those that only its sources do
#   DEPENDS  targets that make headers for it
function(overrun_room)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;PUBLIC;PRIVATE;DEFINITIONS;DEPENDS" ${ARGN})
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  foreach(twin IN LISTS overrun_twins)
    overrun_room_targets(alias ${twin} ${folder})
    string(REPLACE "::" "_" target ${alias})
    overrun_room_targets(uses ${twin} ${arg_USES})
    if(arg_SOURCES)
      add_library(${target} STATIC ${arg_SOURCES})
      target_link_libraries(${target} PUBLIC overrun_includes ${uses} ${arg_PUBLIC}
                                      PRIVATE overrun_warnings ${arg_PRIVATE})
      target_compile_definitions(${target} PRIVATE ${arg_DEFINITIONS})
    else()
      add_library(${target} INTERFACE)
      target_link_libraries(${target} INTERFACE overrun_includes ${uses} ${arg_PUBLIC})
    endif()
    add_library(${alias} ALIAS ${target})
    if(arg_DEPENDS)
      add_dependencies(${target} ${arg_DEPENDS})
    endif()
    if(twin STREQUAL "lto")
      set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON INTERPROCEDURAL_OPTIMIZATION ON)
    endif()
  endforeach()
endfunction()

# overrun_room_program(NAME [TWIN plain] ...as overrun_room...): a program made of the folder that calls it, optimised
# across files unless it is a plain one.
function(overrun_room_program name)
  cmake_parse_arguments(arg "" "TWIN" "SOURCES;USES;PRIVATE;DEFINITIONS" ${ARGN})
  if(NOT arg_TWIN)
    set(arg_TWIN lto)
  endif()
  overrun_room_targets(uses ${arg_TWIN} ${arg_USES})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE overrun_includes overrun_warnings ${uses} ${arg_PRIVATE})
  target_compile_definitions(${name} PRIVATE ${arg_DEFINITIONS})
  if(arg_TWIN IN_LIST overrun_twins AND arg_TWIN STREQUAL "lto")
    set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endfunction()

# overrun_room_tests([USES folder...] [PRIVATE library...]): the test program of the folder that calls it, made of its
# *_test.cpp. Its tests carry the label unit.FOLDER; ctest -L takes a part of a label, so both `unit` and the folder's
# name select them.
function(overrun_room_tests)
  cmake_parse_arguments(arg "" "" "USES;PRIVATE" ${ARGN})
  get_filename_component(label ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(program overrun_tests_${label})
  overrun_room_targets(uses plain ${arg_USES})
  file(GLOB sources CONFIGURE_DEPENDS *_test.cpp)
  add_executable(${program} ${sources})
  target_link_libraries(${program} PRIVATE overrun_test_main overrun_warnings ${uses} ${arg_PRIVATE})
  target_precompile_headers(${program} REUSE_FROM overrun_test_header)
  set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  catch_discover_tests(${program} ${overrun_test_selection} PROPERTIES LABELS unit.${label})
  set_property(GLOBAL APPEND PROPERTY overrun_test_programs ${program})
  set_property(GLOBAL APPEND PROPERTY overrun_test_labels unit.${label})
endfunction()
