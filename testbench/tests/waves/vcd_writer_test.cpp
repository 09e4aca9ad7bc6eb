// SPDX-License-Identifier: Apache-2.0
// Reads value change dumps back with a strict parser of its own and holds them against what was put in.
// Only the file counts.
#include "testbench/waves/vcd_writer.hpp"

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

/// Time, full name, binary digits without leading zeros or "x".
using Change = std::tuple<std::uint64_t, std::string, std::string>;

struct Dump {
    std::map<std::string, unsigned>    bits;     ///< by full name
    std::map<std::string, std::string> at_zero;  ///< the values of $dumpvars
    std::vector<Change>                changes;
    std::vector<std::uint64_t>         stamps;
    std::vector<std::string>           comments;
    std::string                        timescale;

    bool operator==(const Dump&) const = default;
};

/// Parses by IEEE 1364-2005 clause 18.2 and refuses what the grammar does not allow.
class Parser {
public:
    explicit Parser(const std::string& text) : words_{text} {}

    Dump parse()
    {
        while (declaration()) {}
        std::string word;
        while (words_ >> word) {
            if (word[0] == '#') {
                dump_.stamps.push_back(number(word.substr(1)));
                const auto n = dump_.stamps.size();
                need(n < 2 || dump_.stamps[n - 1] > dump_.stamps[n - 2], "time rises");
            } else if (word == "$dumpvars") {
                need(dump_.stamps.size() == 1 && dump_.changes.empty(), "values are dumped first");
                while (next() != "$end") need(dump_.at_zero.insert(value(last_)).second, "dumped once");
                need(dump_.at_zero.size() == dump_.bits.size(), "all are dumped");
            } else {
                need(!dump_.stamps.empty(), "a change has a time");
                const auto [name, digits] = value(word);
                dump_.changes.emplace_back(dump_.stamps.back(), name, digits);
            }
        }
        return dump_;
    }

private:
    static void need(bool holds, const std::string& rule)
    {
        if (!holds) throw std::runtime_error("VCD: " + rule);
    }

    static std::uint64_t number(const std::string& digits)
    {
        need(!digits.empty() && digits.find_first_not_of("0123456789") == std::string::npos, "a number");
        return std::stoull(digits);
    }

    const std::string& next()
    {
        need(static_cast<bool>(words_ >> last_), "not cut off");
        return last_;
    }

    std::string until_end()
    {
        std::string text;
        while (next() != "$end") text += (text.empty() ? "" : " ") + last_;
        return text;
    }

    bool declaration()
    {
        const std::string keyword = next();
        if (keyword == "$enddefinitions") {
            need(until_end().empty() && scopes_.empty(), "scopes are closed");
            return false;
        }
        if (keyword == "$scope") {
            need(next() == "module", "a module");
            scopes_.push_back(next());
            need(until_end().empty(), "one scope");
        } else if (keyword == "$upscope") {
            need(!scopes_.empty() && until_end().empty(), "a scope to close");
            scopes_.pop_back();
        } else if (keyword == "$var") {
            need(next() == "wire", "a wire");
            const auto        bits = static_cast<unsigned>(number(next()));
            const std::string code = next();
            std::string       name;
            for (const std::string& scope : scopes_) name += scope + ".";
            name += next();
            need(until_end().empty(), "one wire");
            for (const char c : code) need(c >= '!' && c <= '~', "printable codes");
            need(names_.emplace(code, name).second && dump_.bits.emplace(name, bits).second, "declared once");
        } else if (keyword == "$comment") {
            dump_.comments.push_back(until_end());
        } else if (keyword == "$timescale") {
            dump_.timescale = until_end();
        } else {
            need(keyword == "$version", "a known keyword");
            until_end();
        }
        return true;
    }

    std::pair<std::string, std::string> value(const std::string& word)
    {
        const bool        vector = word[0] == 'b';
        const std::string digits = vector ? word.substr(1) : word.substr(0, 1);
        const auto        name   = names_.find(vector ? next() : word.substr(1));
        need(name != names_.end(), "a declared wire");
        need(vector == (dump_.bits.at(name->second) > 1), "vectors have several bits");
        need(digits == "x" || digits.find_first_not_of("01") == std::string::npos, "binary digits");
        need(digits == "x" || digits == "0" || digits[0] == '1', "no leading zeros");
        need(!digits.empty() && digits.size() <= dump_.bits.at(name->second), "digits within the width");
        return {name->second, digits};
    }

    std::istringstream                 words_;
    std::string                        last_;
    std::vector<std::string>           scopes_;
    std::map<std::string, std::string> names_;
    Dump                               dump_;
};

Dump parse(const std::string& text)
{
    return Parser{text}.parse();
}

std::string binary(std::uint64_t value)
{
    std::string digits;
    do digits.insert(digits.begin(), static_cast<char>('0' + value % 2));
    while ((value /= 2) != 0);
    return digits;
}

/// A directory of its own, gone with this.
struct Directory {
    Directory() { REQUIRE(::mkdtemp(name.data()) != nullptr); }
    ~Directory() { std::filesystem::remove_all(name); }
    Directory(const Directory&)            = delete;
    Directory& operator=(const Directory&) = delete;

    std::string name = (std::filesystem::temp_directory_path() / "overrun-test-XXXXXX").string();
};

/// What `write` makes of a VcdWriter, as the octets of the file.
template <class Write>
std::string written(Write write)
{
    const Directory   directory;
    const std::string path = directory.name + "/wave.vcd";
    {
        OutputFile file{path};
        VcdWriter  vcd{file};
        write(vcd);
        file.commit();
    }
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEST_CASE("a value change dump is written to the letter")
{
    const std::string text = written([](VcdWriter& vcd) {
        vcd.comment("state: 0 idle, 1 busy");
        vcd.open_scope("top");
        const auto line = vcd.wire("line", 1);
        vcd.open_scope("inner");
        const auto level = vcd.wire("level", 12);
        vcd.close_scope();
        const auto state = vcd.wire("state", 2);
        vcd.initial(state, 1);
        vcd.begin();
        vcd.set(line, 0, 0);
        vcd.set(level, 8'000, 0xa05);
        vcd.set(state, 8'000, 2);
        vcd.set(line, 16'000, 1);
        vcd.finish(20'000);
    });
    CHECK(text ==
          "$version Overrun $end\n$timescale 1 ps $end\n$comment\nstate: 0 idle, 1 busy\n$end\n"
          "$scope module top $end\n$var wire 1 ! line $end\n"
          "$scope module inner $end\n$var wire 12 \" level $end\n$upscope $end\n"
          "$var wire 2 # state $end\n$upscope $end\n$enddefinitions $end\n"
          "#0\n$dumpvars\nx!\nbx \"\nb1 #\n$end\n0!\n"
          "#8000\nb101000000101 \"\nb10 #\n#16000\n1!\n#20000\n");
}

TEST_CASE("random changes of wires of every width read back as they were put in")
{
    const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{6}));
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    Dump            expected;
    expected.timescale = "1 ps";

    const std::string text = written([&](VcdWriter& vcd) {
        struct Known {
            VcdWriter::Signal signal;
            std::string       name;
            std::string       digits = "x";
        };
        std::vector<Known> wires;
        // Enough for identifier codes of three characters: 94 + 94 * 94 have one or two.
        const unsigned count = seed == 1 ? 94 + 94 * 94 + 10 : 130;
        vcd.open_scope("top");
        for (unsigned i = 0; i < count; ++i) {
            if (i % 64 == 0) vcd.open_scope("scope_" + std::to_string(i / 64));
            const unsigned    bits = i % 64 + 1;
            const std::string name = "wire_" + std::to_string(i);
            wires.push_back({vcd.wire(name, bits), "top.scope_" + std::to_string(i / 64) + "." + name});
            expected.bits[wires.back().name] = bits;
            if (i % 64 == 63) vcd.close_scope();
        }
        const auto cut = [&](const Known& wire, std::uint64_t value) {
            return expected.bits[wire.name] == 64 ? value : value % (std::uint64_t{1} << expected.bits[wire.name]);
        };
        for (Known& wire : wires) {
            if (random() % 2 == 0) {
                const std::uint64_t value = random();
                vcd.initial(wire.signal, value);
                wire.digits = binary(cut(wire, value));
            }
            expected.at_zero[wire.name] = wire.digits;
        }
        vcd.begin();
        expected.stamps = {0};

        Time time = 0;
        for (int i = 0; i < 20'000; ++i) {
            // Some at one time, most a little later, some much later.
            const auto step = random() % 8;
            time += static_cast<Time>(step == 0 ? 0 : step == 1 ? random() >> 20 : random() % 10'000);
            Known&              wire   = wires[random() % wires.size()];
            const std::uint64_t value  = random() >> random() % 64;
            const std::string   digits = binary(cut(wire, value));
            vcd.set(wire.signal, time, value);
            if (digits == wire.digits) continue;
            wire.digits   = digits;
            const auto at = static_cast<std::uint64_t>(time);
            if (expected.stamps.back() != at) expected.stamps.push_back(at);
            expected.changes.emplace_back(at, wire.name, digits);
        }
        vcd.finish(time + 1);
        expected.stamps.push_back(static_cast<std::uint64_t>(time) + 1);
    });
    CHECK((parse(text) == expected));
}

TEST_CASE("the comparison of value change dumps notices each kind of damage")
{
    const std::string text    = written([](VcdWriter& vcd) {
        vcd.open_scope("top");
        const auto a = vcd.wire("a", 1);
        const auto b = vcd.wire("b", 8);
        const auto c = vcd.wire("c", 8);
        vcd.begin();
        vcd.set(a, 10, 1);
        vcd.set(b, 10, 5);
        vcd.set(c, 20, 5);
        vcd.finish(30);
    });
    const Dump        good    = parse(text);
    const auto        damaged = [&](const std::string& from, const std::string& to) {
        std::string copy = text;
        const auto  at   = copy.find(from);
        REQUIRE(at != std::string::npos);
        return copy.replace(at, from.size(), to);
    };
    CHECK(parse(text) == good);
    CHECK(parse(damaged("b101 \"\n", "")) != good);                   // a lost change
    CHECK(parse(damaged("b101 \"\n", "b100 \"\n")) != good);          // a wrong value
    CHECK(parse(damaged("b101 \"\n", "b101 #\n")) != good);           // another wire
    CHECK(parse(damaged("#20", "#21")) != good);                      // a wrong time
    CHECK(parse(damaged("1!\nb101 \"\n", "b101 \"\n1!\n")) != good);  // another order
    CHECK(parse(damaged("#30\n", "")) != good);                       // a lost end
    CHECK_THROWS(parse(damaged("#20", "#5")));                        // falling time
    CHECK_THROWS(parse(damaged("b101 #", "b101 $")));                 // no such wire
    CHECK_THROWS(parse(damaged("b101 #", "b0101 #")));                // a leading zero
    CHECK_THROWS(parse(damaged("$upscope $end\n", "")));              // an open scope
    CHECK_THROWS(parse(damaged("bx #\n", "")));                       // not dumped at zero
}

TEST_CASE("setting a signal to the value that it has writes nothing, not even a time")
{
    const auto dump = parse(written([](VcdWriter& vcd) {
        vcd.open_scope("top");
        const auto narrow = vcd.wire("narrow", 1);
        const auto wide   = vcd.wire("wide", 8);
        vcd.initial(wide, 0x101);
        vcd.begin();
        vcd.set(wide, 5, 1);
        vcd.set(narrow, 10, 0);
        vcd.set(narrow, 20, 0);
        vcd.set(narrow, 30, 2);
        vcd.set(wide, 40, 0xf01);
        vcd.finish(50);
    }));
    CHECK(dump.stamps == std::vector<std::uint64_t>{0, 10, 50});
    CHECK(dump.at_zero.at("top.wide") == "1");
    CHECK(dump.changes == std::vector<Change>{{10, "top.narrow", "0"}});
}

TEST_CASE("several values at one time are written in order and the last one holds")
{
    const auto dump = parse(written([](VcdWriter& vcd) {
        vcd.open_scope("top");
        const auto line = vcd.wire("line", 1);
        vcd.begin();
        for (const unsigned value : {1U, 0U, 0U, 1U}) vcd.set(line, 7, value);
        vcd.finish(7);
    }));
    CHECK(dump.stamps == std::vector<std::uint64_t>{0, 7});
    CHECK(dump.changes == std::vector<Change>{{7, "top.line", "1"}, {7, "top.line", "0"}, {7, "top.line", "1"}});
}

TEST_CASE("times reach to the end of simulated time")
{
    const auto dump = parse(written([](VcdWriter& vcd) {
        vcd.open_scope("top");
        const auto line = vcd.wire("line", 64);
        vcd.begin();
        vcd.set(line, never - 1, ~std::uint64_t{0});
        vcd.finish(never - 1);
    }));
    CHECK(dump.changes == std::vector<Change>{{9223372036854775806U, "top.line", std::string(64, '1')}});
}

TEST_CASE("mistakes of the program are named")
{
    written([](VcdWriter& vcd) {
        CHECK_THROWS_AS(vcd.close_scope(), std::logic_error);
        CHECK_THROWS_AS(vcd.wire("homeless", 1), std::logic_error);
        CHECK_THROWS_AS(vcd.open_scope("two words"), std::logic_error);
        CHECK_THROWS_AS(vcd.comment("the $end"), std::logic_error);
        vcd.open_scope("top");
        for (const char* name : {"", "9", "a-b", "a b", "$end", "a\n"})
            CHECK_THROWS_AS(vcd.wire(name, 1), std::logic_error);
        CHECK_THROWS_AS(vcd.wire("none", 0), std::logic_error);
        CHECK_THROWS_AS(vcd.wire("wide", 65), std::logic_error);
        const auto line = vcd.wire("line", 1);
        CHECK_THROWS_AS(vcd.set(line, 0, 1), std::logic_error);
        CHECK_THROWS_AS(vcd.finish(0), std::logic_error);
        vcd.begin();
        CHECK_THROWS_AS(vcd.begin(), std::logic_error);
        CHECK_THROWS_AS(vcd.initial(line, 1), std::logic_error);
        CHECK_THROWS_AS(vcd.wire("late", 1), std::logic_error);
        CHECK_THROWS_AS(vcd.set(line, -1, 1), std::logic_error);
        vcd.set(line, 10, 1);
        CHECK_THROWS_AS(vcd.set(line, 9, 0), std::logic_error);
        CHECK_THROWS_AS(vcd.finish(9), std::logic_error);
        vcd.finish(10);
        CHECK_THROWS_AS(vcd.set(line, 11, 0), std::logic_error);
        CHECK_THROWS_AS(vcd.finish(11), std::logic_error);
    });
}
