// SPDX-License-Identifier: Apache-2.0
// The command of the build that turns the register map into its three outputs.
// An output that would not change is not touched, so that nothing is built again.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "hw/base/input_error.hpp"
#include "hw/registers/emit.hpp"
#include "hw/registers/register_map.hpp"

namespace {

namespace fs = std::filesystem;

/// @throws overrun::InputError when the file cannot be read
std::string read_file(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    if (!file) throw overrun::InputError{fmt::format("{}: cannot be read", path.string())};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// @throws overrun::InputError when the file cannot be written
void write_file(const fs::path& path, const std::string& text)
{
    if (fs::exists(path) && read_file(path) == text) return;
    if (path.has_parent_path()) fs::create_directories(path.parent_path());
    std::ofstream file{path, std::ios::binary};
    file << text;
    file.close();
    if (!file) throw overrun::InputError{fmt::format("{}: cannot be written", path.string())};
}

}  // namespace

int main(int argc, char** argv)
try {
    using namespace overrun;
    if (argc != 5) throw InputError{"usage: overrun_register_generator MAP.toml HEADER.hpp PACKAGE.sv PAGE.md"};
    const register_map::RegisterMap map = register_map::check(register_map::parse(read_file(argv[1]), argv[1]));
    write_file(argv[2], register_map::cpp_header(map));
    write_file(argv[3], register_map::systemverilog_package(map));
    write_file(argv[4], register_map::markdown(map));
    return 0;
} catch (const std::exception& error) {
    fmt::print(stderr, "overrun_register_generator: {}\n", error.what());
    return 2;
}
