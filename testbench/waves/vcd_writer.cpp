// SPDX-License-Identifier: Apache-2.0
// The text of a value change dump, put together in place.
// Never allocates after begin().
#include "testbench/waves/vcd_writer.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string>

namespace overrun {

namespace {

constexpr std::size_t text_octets    = std::size_t{1} << 16;
constexpr std::size_t longest_change = 128;  // '#' and 19 digits; 'b', 64 digits, a space and a code; line ends

// IEEE 1364-2005 18.2.3.3: identifier codes are made of the characters from '!' to '~'.
constexpr unsigned first_code = '!';
constexpr unsigned code_base  = '~' - first_code + 1;

/// The eight digits of every octet, so that a wide value takes one copy for each eight bits. Copies are always of
/// eight, hence the last eight characters.
constexpr auto octet_digits = [] {
    std::array<char, 256 * 8 + 8> digits{};
    for (unsigned octet = 0; octet < 256; ++octet)
        for (unsigned bit = 0; bit < 8; ++bit)
            digits[octet * 8 + bit] = static_cast<char>('0' + ((octet >> (7 - bit)) & 1));
    return digits;
}();

/// Without leading zeros, as readers extend with them (IEEE 1364-2005 table 18-2). Writes up to 71 characters.
char* put_binary(char* p, std::uint64_t value)
{
    const auto     digits = static_cast<unsigned>(std::bit_width(value | 1));
    const unsigned first  = (digits - 1) % 8 + 1;  // digits of the highest octet
    unsigned       shift  = digits - first;
    std::memcpy(p, octet_digits.data() + ((value >> shift) & 0xff) * 8 + (8 - first), 8);
    p += first;
    while (shift != 0) {
        shift -= 8;
        std::memcpy(p, octet_digits.data() + ((value >> shift) & 0xff) * 8, 8);
        p += 8;
    }
    return p;
}

/// The identifier code of the n-th wire, in bijective digits: all codes of one character, then all of two, ...
std::string code_of(std::size_t n)
{
    std::string code;
    for (++n; n != 0; n = (n - 1) / code_base) code += static_cast<char>(first_code + (n - 1) % code_base);
    return code;
}

bool is_name(std::string_view name)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto digit  = [](char c) { return c >= '0' && c <= '9'; };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

void demand_name(std::string_view name)
{
    if (!is_name(name)) throw std::logic_error("VcdWriter: '" + std::string(name) + "' is not a name");
}

}  // namespace

VcdWriter::VcdWriter(OutputFile& file) : file_{file}, text_(text_octets)
{
    put("$version Overrun $end\n$timescale 1 ps $end\n");
}

void VcdWriter::comment(std::string_view text)
{
    demand(State::declaring, "comment");
    if (text.find("$end") != std::string_view::npos) throw std::logic_error("VcdWriter: a comment contains $end");
    put("$comment\n");
    put(text);
    put("\n$end\n");
}

void VcdWriter::open_scope(std::string_view name)
{
    demand(State::declaring, "open_scope");
    demand_name(name);
    put("$scope module ");
    put(name);
    put(" $end\n");
    ++open_scopes_;
}

void VcdWriter::close_scope()
{
    demand(State::declaring, "close_scope");
    if (open_scopes_ == 0) throw std::logic_error("VcdWriter: no scope is open");
    put("$upscope $end\n");
    --open_scopes_;
}

VcdWriter::Signal VcdWriter::wire(std::string_view name, unsigned bits)
{
    demand(State::declaring, "wire");
    demand_name(name);
    if (bits < 1 || bits > 64) throw std::logic_error("VcdWriter: a wire has 1 to 64 bits");
    if (open_scopes_ == 0) throw std::logic_error("VcdWriter: a wire needs a scope");

    const std::string code = code_of(wires_.size());
    put("$var wire " + std::to_string(bits) + " " + code + " ");
    put(name);
    put(" $end\n");

    Wire wire{.mask = ~std::uint64_t{0} >> (64 - bits)};
    wire.scalar            = bits == 1;
    wire.code_octets       = static_cast<std::uint8_t>(code.copy(wire.code.data(), wire.code.size() - 1) + 1);
    wire.code[code.size()] = '\n';
    wires_.push_back(wire);
    return Signal{static_cast<std::uint32_t>(wires_.size() - 1)};
}

void VcdWriter::initial(Signal signal, std::uint64_t value)
{
    demand(State::declaring, "initial");
    Wire& wire = wires_.at(signal.index);
    wire.value = value & wire.mask;
    wire.known = true;
}

void VcdWriter::begin(Time at)
{
    demand(State::declaring, "begin");
    while (open_scopes_ != 0) close_scope();
    put("$enddefinitions $end\n");
    put_time(at);
    put("$dumpvars\n");
    for (const Wire& wire : wires_) put_value(wire);
    put("$end\n");
    state_ = State::running;
}

void VcdWriter::set(Signal signal, Time time, std::uint64_t value)
{
    Wire& wire = wires_[signal.index];
    if (time < now_) demand_not_before(time);
    value &= wire.mask;
    if (value == wire.value && wire.known) return;
    wire.value = value;
    wire.known = true;
    if (time != now_) put_time(time);
    put_value(wire);
}

void VcdWriter::finish(Time end)
{
    demand(State::running, "finish");
    demand_not_before(end);
    if (end != now_) put_time(end);
    file_.write({text_.data(), used_});
    used_  = 0;
    state_ = State::finished;
    now_   = never;
}

void VcdWriter::demand(State state, const char* call) const
{
    if (state_ != state) throw std::logic_error(std::string("VcdWriter: out of order: ") + call);
}

void VcdWriter::demand_not_before(Time time) const
{
    demand(State::running, "set");
    if (time < now_)
        throw std::logic_error("VcdWriter: time falls from " + std::to_string(now_) + " to " + std::to_string(time));
}

void VcdWriter::put(std::string_view text)
{
    file_.write({text_.data(), used_});
    used_ = 0;
    file_.write(text);
}

void VcdWriter::put_value(const Wire& wire)
{
    make_room();
    char* p = end();
    if (wire.scalar) {
        *p++ = wire.known ? static_cast<char>('0' + wire.value) : 'x';
    } else {
        *p++ = 'b';
        if (wire.known) {
            p = put_binary(p, wire.value);
        } else {
            *p++ = 'x';
        }
        *p++ = ' ';
    }
    std::memcpy(p, wire.code.data(), wire.code.size());
    set_end(p + wire.code_octets);
}

void VcdWriter::put_time(Time time)
{
    make_room();
    char* p = end();
    *p++    = '#';
    p       = std::to_chars(p, p + 20, time).ptr;
    *p++    = '\n';
    set_end(p);
    now_ = time;
}

void VcdWriter::make_room()
{
    if (text_.size() - used_ >= longest_change) return;
    file_.write({text_.data(), used_});
    used_ = 0;
}

}  // namespace overrun
