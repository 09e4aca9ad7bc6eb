// SPDX-License-Identifier: Apache-2.0
// A folder of a test's own that goes away with it.
// It goes away with the object, whatever the test does in it.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "testbench/tests/support/catch.hpp"

namespace overrun {

class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "overrun-test-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&)            = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] std::string of(const std::string& name) const { return (path_ / name).string(); }
    /// How many files and folders there are in it.
    [[nodiscard]] auto entries() const
    {
        return std::distance(std::filesystem::directory_iterator{path_}, std::filesystem::directory_iterator{});
    }

private:
    std::filesystem::path path_;
};

/// The octets of a file that must be there.
[[nodiscard]] inline std::string content(const std::string& path)
{
    std::ifstream file{path, std::ios::binary};
    REQUIRE(file);
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace overrun
