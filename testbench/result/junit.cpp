// SPDX-License-Identifier: Apache-2.0
// The elements that GitLab, Jenkins and GitHub's report actions have in common: suites, suite, case, failure, error.
#include "testbench/result/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace overrun {

namespace {

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\n': out += "&#10;"; break;
            case '\t': out += "&#9;"; break;
            // The other control characters are forbidden even as references (XML 1.0, 2.2).
            default: out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
        }
    }
    return out;
}

std::size_t count(std::span<const JunitCase> cases, JunitCase::Outcome outcome)
{
    return static_cast<std::size_t>(
        std::count_if(cases.begin(), cases.end(), [&](const JunitCase& one) { return one.outcome == outcome; }));
}

std::string line_of_failure(std::string_view text)
{
    constexpr std::string_view fail  = "FAIL";
    const std::size_t          begin = text.starts_with(fail) ? 0 : text.find("\nFAIL");
    if (begin == std::string_view::npos) return std::string{text.substr(0, text.find('\n'))};
    text.remove_prefix(text[begin] == '\n' ? begin + 1 : begin);
    return std::string{text.substr(0, text.find('\n'))};
}

}  // namespace

std::string junit_of(const std::string& suite, std::span<const JunitCase> cases)
{
    double seconds = 0;
    for (const JunitCase& one : cases) seconds += one.seconds;
    const std::string numbers = fmt::format("name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{:.3f}\"",
                                            escaped(suite), cases.size(), count(cases, JunitCase::Outcome::failed),
                                            count(cases, JunitCase::Outcome::error), seconds);

    std::string out = fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {}>\n  <testsuite {}>\n",
                                  numbers, numbers);
    for (const JunitCase& one : cases) {
        out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(one.group),
                           escaped(one.name), one.seconds);
        if (one.outcome == JunitCase::Outcome::passed) {
            out += "/>\n";
            continue;
        }
        const char* element = one.outcome == JunitCase::Outcome::failed ? "failure" : "error";
        out += fmt::format(">\n      <{} message=\"{}\">{}</{}>\n    </testcase>\n", element,
                           escaped(line_of_failure(one.text)), escaped(one.text), element);
    }
    return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace overrun
