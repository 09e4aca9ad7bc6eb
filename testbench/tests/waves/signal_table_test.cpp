// SPDX-License-Identifier: Apache-2.0
// The signal table is fit to be written: names are unique, words fit into their signals, and docs/outputs.md has it.
#include "testbench/waves/signal_table.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/source_tree.hpp"
#include "testbench/waves/signal_text.hpp"

using namespace overrun;
using namespace overrun::waves;

namespace {

const std::string begin_marker = "<!-- signals: begin";
const std::string end_marker   = "<!-- signals: end -->";

// The page with the table between its markers made anew.
[[nodiscard]] std::string refreshed(const std::string& text)
{
    const auto mark = text.find(begin_marker);
    const auto end  = text.find(end_marker);
    if (mark == std::string::npos || end == std::string::npos) return {};
    return text.substr(0, text.find('\n', mark) + 1) + signal_markdown() + text.substr(end);
}

}  // namespace

TEST_CASE("each signal has a name of its own, a width, a sentence and events that set it")
{
    std::set<std::pair<std::string_view, std::string_view>> names;
    std::set<std::string_view>                              closed;
    std::string_view                                        scope;
    for (const SignalInfo& signal : signal_table) {
        INFO(signal.scope << "." << signal.name);
        CHECK(names.emplace(signal.scope, signal.name).second);
        CHECK((signal.bits >= 1 && signal.bits <= 64));
        CHECK_FALSE(signal.text.empty());
        CHECK(signal.kinds != 0);
        CHECK((signal.scope == "csr") == (signal.kinds != 0 && signal.text == "content of the register"));
        // A scope that is closed does not open again.
        if (signal.scope != scope) CHECK(closed.insert(signal.scope).second);
        scope = signal.scope;
    }
}

TEST_CASE("words stand for values that their signal can have")
{
    for (const SignalInfo& signal : signal_table) {
        INFO(signal.scope << "." << signal.name);
        std::set<unsigned> values;
        for (const ValueName& word : signal.words) {
            CHECK(values.insert(word.value).second);
            CHECK_FALSE(word.name.empty());
            CHECK(word.value < (signal.words_are == Names::bits ? signal.bits : 1U << signal.bits));
        }
    }
}

TEST_CASE("no two signals have the same place in the view")
{
    std::set<std::pair<Group, unsigned>> places;
    for (const SignalInfo& signal : signal_table)
        if (signal.view.group != Group::none) CHECK(places.emplace(signal.view.group, signal.view.rank).second);
}

TEST_CASE("docs.outputs_fresh: the signals in docs/outputs.md are what the code says")
{
    const std::filesystem::path page = test::source_tree() / "docs/outputs.md";
    std::ifstream               in{page, std::ios::binary};
    std::stringstream           read;
    read << in.rdbuf();
    const std::string text  = read.str();
    const std::string fresh = refreshed(text);
    REQUIRE_FALSE(fresh.empty());
    if (std::getenv("OVERRUN_UPDATE_DOCS") != nullptr && fresh != text) {
        std::ofstream{page, std::ios::binary} << fresh;
        return;
    }
    const auto differs = std::mismatch(text.begin(), text.end(), fresh.begin(), fresh.end()).first;
    INFO("stale from line " << std::count(text.begin(), differs, '\n') + 1 << "; OVERRUN_UPDATE_DOCS=1 writes it anew");
    CHECK((fresh == text));
}

TEST_CASE("a list of signals that lacks one or has another width is noticed")
{
    std::string text = refreshed(begin_marker + " -->\n" + end_marker + "\n");
    CHECK((refreshed(text) == text));
    text.replace(text.find("| 64 |"), 6, "| 32 |");
    CHECK_FALSE((refreshed(text) == text));
    CHECK(refreshed("no markers").empty());
}
