# SPDX-License-Identifier: Apache-2.0
# overrun_embed_text(NAME target OUTPUT path.hpp STRUCT Name ARRAY name MEMBER name FILES ...): a header in the build tree's
# `generated` folder that holds the files' text, made anew when one of them changes. The target NAME makes it.
function(overrun_embed_text)
  cmake_parse_arguments(arg "" "NAME;OUTPUT;STRUCT;ARRAY;MEMBER" "FILES" ${ARGN})
  set(output ${CMAKE_BINARY_DIR}/generated/${arg_OUTPUT})
  get_filename_component(folder ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D STRUCT=${arg_STRUCT} -D ARRAY=${arg_ARRAY} -D MEMBER=${arg_MEMBER}
            "-DFILES=${arg_FILES}" -P ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${arg_FILES} ${CMAKE_SOURCE_DIR}/cmake/EmbedText.cmake
    VERBATIM)
  add_custom_target(${arg_NAME} DEPENDS ${output})
endfunction()
