// SPDX-License-Identifier: Apache-2.0
// JUnit XML to the letter, and characters that XML gives a meaning or forbids.
// The command's test parses it with a parser that is not ours.
#include "testbench/result/junit.hpp"

#include <string>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using Outcome = JunitCase::Outcome;

TEST_CASE("cases stand in their order with their outcome and its first line")
{
    const std::vector<JunitCase> cases{{"lazy", "a", 0.25, Outcome::passed, "ok    a\n"},
                                       {"lazy", "b", 1.5, Outcome::failed, "note\nFAIL  b\nb.toml:4: expected 1\n"},
                                       {"bare", "c", 0, Outcome::error, "c.toml:1: no\nmore"}};
    CHECK(junit_of("s", cases) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="s" tests="3" failures="1" errors="1" time="1.750">
  <testsuite name="s" tests="3" failures="1" errors="1" time="1.750">
    <testcase classname="lazy" name="a" time="0.250"/>
    <testcase classname="lazy" name="b" time="1.500">
      <failure message="FAIL  b">note&#10;FAIL  b&#10;b.toml:4: expected 1&#10;</failure>
    </testcase>
    <testcase classname="bare" name="c" time="0.000">
      <error message="c.toml:1: no">c.toml:1: no&#10;more</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("what XML gives a meaning is escaped, and what it forbids is replaced")
{
    const std::vector<JunitCase> cases{{"m", "a<b>&\"c\"\x01\x1f\t", 0, Outcome::passed, ""}};
    CHECK(junit_of("s", cases).find("name=\"a&lt;b&gt;&amp;&quot;c&quot;??&#9;\"") != std::string::npos);
}

TEST_CASE("no case is a whole document too")
{
    CHECK(junit_of("s", {}).find("<testsuite name=\"s\" tests=\"0\" failures=\"0\" errors=\"0\" time=\"0.000\">") !=
          std::string::npos);
}
