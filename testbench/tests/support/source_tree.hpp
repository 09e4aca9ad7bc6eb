// SPDX-License-Identifier: Apache-2.0
// Where the source tree is, for tests that compare with its files.
#pragma once

#include <filesystem>

namespace overrun::test {

/// The root of the source tree, from this file's own path as the compiler was given it.
[[nodiscard]] inline std::filesystem::path source_tree()
{
    return std::filesystem::path{__FILE__}.parent_path().parent_path().parent_path().parent_path();
}

}  // namespace overrun::test
