# SPDX-License-Identifier: Apache-2.0
# Puts the text of every scenario in this folder into testbench/builtin_scenario_texts.hpp in the build tree.
# Include it where the target that compiles builtin_scenarios.cpp is made, and add ${builtin_scenario_texts} to its sources.
file(GLOB builtin_scenario_files CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.toml)
overrun_embed_text(OUTPUT testbench/builtin_scenario_texts.hpp STRUCT BuiltinScenarioText ARRAY builtin_scenario_texts
                   MEMBER toml FILES ${builtin_scenario_files})
set(builtin_scenario_texts ${CMAKE_BINARY_DIR}/generated/testbench/builtin_scenario_texts.hpp)
