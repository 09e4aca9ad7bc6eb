// SPDX-License-Identifier: Apache-2.0
// The scenario keys for readers and for editors: a table as text, the same as Markdown, and a JSON Schema.
#pragma once

#include <string>

namespace overrun {

/// What `overrun schema` prints.
[[nodiscard]] std::string scenario_key_table();

/// The part of docs/scenarios.md between its two markers.
[[nodiscard]] std::string scenario_key_markdown();

/// JSON Schema, draft 2020-12, for editors: what it accepts is a superset of what the reader accepts.
[[nodiscard]] std::string scenario_json_schema();

}  // namespace overrun
