// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/capture_magic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "testbench/capture/capture_errors.hpp"
#include "testbench/capture/gunzip.hpp"

namespace overrun {

using capture_errors::fail;

namespace {

using Octets = std::span<const std::byte>;

[[nodiscard]] bool starts_with(Octets octets, std::string_view magic)
{
    return octets.size() >= magic.size() && std::memcmp(octets.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

bool may_be_a_capture(Octets first)
{
    using namespace std::string_view_literals;
    constexpr std::array magics{"\xa1\xb2\xc3\xd4"sv, "\xd4\xc3\xb2\xa1"sv, "\xa1\xb2\x3c\x4d"sv,
                                "\x4d\x3c\xb2\xa1"sv, "\xa1\xb2\xcd\x34"sv, "\x34\xcd\xb2\xa1"sv,
                                "\xa1\xe2\xcb\x12"sv, "\x12\xcb\xe2\xa1"sv, "\x0a\x0d\x0d\x0a"sv};
    return Gunzip::is_gzip(first) ||
           std::any_of(magics.begin(), magics.end(), [&](std::string_view magic) { return starts_with(first, magic); });
}

void check_capture_magic(Octets first, const std::string& shown)
{
    using namespace std::string_view_literals;
    if (first.empty()) fail(shown, "not a capture: it is empty");
    if (may_be_a_capture(first)) return;
    struct Packed {
        std::string_view magic;
        std::string_view name;
    };
    constexpr std::array others{Packed{"\x28\xb5\x2f\xfd"sv, "zstd"sv}, Packed{"\xfd\x37\x7a\x58\x5a\x00"sv, "xz"sv},
                                Packed{"BZh"sv, "bzip2"sv}, Packed{"\x04\x22\x4d\x18"sv, "lz4"sv},
                                Packed{"PK\x03\x04"sv, "zip"sv}};
    for (const Packed& other : others)
        if (starts_with(first, other.magic))
            fail(shown, fmt::format("packed with {}; pcap, pcapng and gzip of them are read", other.name));
    const bool scenario = shown.ends_with(".toml");
    fail(shown, fmt::format("not a capture: pcap, pcapng and gzip of them are read{}",
                            scenario ? "; scenarios are for `overrun run`" : ""));
}

}  // namespace overrun
