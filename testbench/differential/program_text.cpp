// SPDX-License-Identifier: Apache-2.0
// Writing and reading of program lines.
#include "testbench/differential/program_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "hw/base/input_error.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun::differential {

namespace {

using Kind = Step::Kind;

std::string name_of_register(std::uint32_t offset)
{
    const reg::RegisterInfo* row = reg::find(reg::resolve_alias(offset));
    if (row == nullptr) return {};
    if (row->count == 1) return fmt::format("  # {}", row->name);
    return fmt::format("  # {}{}", row->name, row->element(reg::resolve_alias(offset)));
}

std::string hex_of(const Octets& octets)
{
    std::size_t shown = octets.size();
    while (shown > 0 && octets[shown - 1] == std::byte{0}) --shown;
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) text += fmt::format("{:02x}", std::to_integer<unsigned>(octets[i]));
    if (shown != octets.size()) text += fmt::format("{}+{}", shown == 0 ? "" : " ", octets.size() - shown);
    return text;
}

class LineParser {
public:
    LineParser(std::string_view line, std::string where) : words_{std::string{line}}, where_{std::move(where)} {}

    [[nodiscard]] std::optional<Step> parse()
    {
        std::string verb;
        if (!(words_ >> verb)) return std::nullopt;
        Step step = step_of(verb);
        if (std::string more; words_ >> more) fail(fmt::format("\"{}\" is too much", more));
        return step;
    }

private:
    [[noreturn]] void fail(const std::string& what) const { throw InputError(where_ + ": " + what); }

    Step step_of(const std::string& verb)
    {
        if (verb == "write") {
            const std::uint32_t offset = offset_of_register();
            return write_step(offset, number(0, 0xffff'ffff));
        }
        if (verb == "read") return read_step(offset_of_register());
        if (verb == "ring") return ring_step(ring());
        if (verb == "frame") return frame_step(octets());
        if (verb == "sync") return plain_step(Kind::sync);
        if (verb == "tail") return plain_step(Kind::tail, number(1, ring_most));
        if (verb == "starve") return plain_step(Kind::starve, number(0, ring_most));
        if (verb == "counters") return plain_step(Kind::counters);
        fail(fmt::format("\"{}\" is no step; there are write, read, ring, frame, sync, tail, starve, counters", verb));
    }

    std::uint32_t number(std::uint32_t least, std::uint32_t most)
    {
        std::string word;
        if (!(words_ >> word)) fail("a number is missing");
        const bool        hex   = word.starts_with("0x");
        const char* const begin = word.data() + (hex ? 2 : 0);
        const char* const end   = word.data() + word.size();
        std::uint32_t     value = 0;
        const auto        got   = std::from_chars(begin, end, value, hex ? 16 : 10);
        if (got.ec != std::errc{} || got.ptr != end || value < least || value > most)
            fail(fmt::format("\"{}\" is no number from {} to {:#x}", word, least, most));
        return value;
    }
    std::uint32_t offset_of_register()
    {
        const std::uint32_t offset = number(0, reg::register_space - 4);
        if (offset % 4 != 0) fail(fmt::format("{:#x} is no register: offsets are multiples of 4", offset));
        return offset;
    }
    RingShape ring()
    {
        RingShape shape;
        shape.size = number(8, ring_most);
        if (shape.size % 8 != 0) fail("a ring's size is a multiple of 8");
        shape.head  = number(0, shape.size - 1);
        shape.skew  = number(0, 63);
        shape.holes = number(0, 1) != 0;
        return shape;
    }
    Octets octets()
    {
        constexpr std::uint32_t longest = 16'384;
        Octets                  list;
        std::string             word;
        while (words_ >> word) {
            if (word.starts_with('+')) {
                words_.seekg(-static_cast<std::streamoff>(word.size() - 1), std::ios::cur);
                list.resize(list.size() + number(1, longest));
                continue;
            }
            for (std::size_t i = 0; i < word.size(); i += 2) {
                unsigned   value = 0;
                const auto got =
                    std::from_chars(word.data() + i, word.data() + std::min(i + 2, word.size()), value, 16);
                if (got.ptr != word.data() + i + 2) fail("a frame is hexadecimal digits, two for each octet, and +N");
                list.push_back(static_cast<std::byte>(value));
            }
        }
        if (list.empty() || list.size() > longest) fail(fmt::format("a frame has 1 to {} octets", longest));
        return list;
    }

    std::istringstream words_;
    std::string        where_;
};

}  // namespace

std::string text_of(const Step& step)
{
    switch (step.kind) {
        case Kind::write:
            return fmt::format("write {:#x} {:#x}{}", step.offset, step.value, name_of_register(step.offset));
        case Kind::read: return fmt::format("read {:#x}{}", step.offset, name_of_register(step.offset));
        case Kind::ring:
            return fmt::format("ring {} {} {} {}", step.ring.size, step.ring.head, step.ring.skew,
                               step.ring.holes ? 1 : 0);
        case Kind::frame: return "frame " + hex_of(step.octets);
        case Kind::sync: return "sync";
        case Kind::tail: return fmt::format("tail {}", step.value);
        case Kind::starve: return fmt::format("starve {}", step.value);
        case Kind::counters: return "counters";
    }
    return {};
}

std::string text_of(const Program& program)
{
    std::string text;
    for (const Step& step : program) text += text_of(step) + "\n";
    return text;
}

Program parse_program(std::string_view text, std::string_view name)
{
    Program     program;
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t      end  = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        LineParser parser{line.substr(0, line.find('#')), fmt::format("{}:{}", name, ++number)};
        if (auto step = parser.parse()) program.push_back(std::move(*step));
    }
    return program;
}

}  // namespace overrun::differential
