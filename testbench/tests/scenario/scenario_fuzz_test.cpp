// SPDX-License-Identifier: Apache-2.0
// Throws damaged scenarios and overrides at the reader: nothing but InputError may come out.
// The seed is fixed; OVERRUN_FUZZ_ROUNDS and OVERRUN_FUZZ_SEED change how much and which.
#include <array>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/builtin.hpp"
#include "testbench/scenario/key_table.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::scenario;

namespace {

[[nodiscard]] std::uint64_t from_environment(const char* name, std::uint64_t otherwise)
{
    const char* text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_{seed} {}

    [[nodiscard]] std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

    [[nodiscard]] const auto& pick(const auto& list) { return list[below(list.size())]; }

    [[nodiscard]] std::string document()
    {
        std::string       text{pick(builtin_scenarios()).toml};
        const std::size_t times = 1 + below(4);
        for (std::size_t i = 0; i < times; ++i) mutate(text);
        return text;
    }

    [[nodiscard]] std::vector<std::string> overrides()
    {
        std::vector<std::string> out;
        for (std::size_t i = below(3); i > 0; --i) {
            std::string path{pick(scenario_keys()).path};
            if (const auto at = path.find("[]"); at != std::string::npos) path.insert(at + 1, std::to_string(below(3)));
            out.push_back(path + "=" + value());
            if (below(4) == 0) mutate(out.back());
        }
        return out;
    }

private:
    [[nodiscard]] std::string value()
    {
        static constexpr std::array<const char*, 40> values{"0",
                                                            "-1",
                                                            "1",
                                                            "64",
                                                            "9223372036854775807",
                                                            "-9223372036854775808",
                                                            "9223372036854775808",
                                                            "1e308",
                                                            "nan",
                                                            "-inf",
                                                            "true",
                                                            "\"\"",
                                                            "\"1ps\"",
                                                            "\"9223372036854775807ps\"",
                                                            "\"1.5KiB\"",
                                                            "\"100Gbps\"",
                                                            "\"10Mbps\"",
                                                            "\"200Mpps\"",
                                                            "\"1pps\"",
                                                            "\"\\u0000\"",
                                                            "'",
                                                            "\"",
                                                            "[]",
                                                            "[[]]",
                                                            "{}",
                                                            "[{}]",
                                                            "{ a.b.c = 1 }",
                                                            "2024-01-01T00:00:00Z",
                                                            "\"pcap\"",
                                                            "\"poisson\"",
                                                            "\"topspeed\"",
                                                            "\"auto\"",
                                                            "\"ff:ff:ff:ff:ff:ff\"",
                                                            "\"MPC\"",
                                                            "\"rx.bytes\"",
                                                            "\"ideal\"",
                                                            "\"a/b\"",
                                                            "\"\"\"",
                                                            "16383",
                                                            "1000000000000"};
        return pick(values);
    }

    void mutate(std::string& text)
    {
        const std::size_t at   = text.empty() ? 0 : below(text.size() + 1);
        const std::size_t room = text.size() - at;
        switch (below(9)) {
            case 0:
                if (room > 0) text[at] = static_cast<char>(random_());
                break;
            case 1: text.erase(at, below(20)); break;
            case 2: text.insert(at, 1, static_cast<char>(random_())); break;
            case 3: text.insert(at, value()); break;
            case 4: text.insert(at, text.substr(below(text.size() + 1), below(200))); break;
            case 5: text.insert(at, std::string{pick(scenario_keys()).path} + " = " + value() + "\n"); break;
            case 6: replace_value(text); break;
            case 7: replace_value(text); break;
            default: {
                const auto other = pick(builtin_scenarios()).toml;
                text.replace(at, below(room + 1), other.substr(below(other.size())));
            }
        }
    }

    // What stands behind one of the equals signs.
    void replace_value(std::string& text)
    {
        const auto equals = text.find('=', text.empty() ? 0 : below(text.size()));
        if (equals == std::string::npos) return;
        const auto end = text.find_first_of("\n,}", equals);
        text.replace(equals + 1, (end == std::string::npos ? text.size() : end) - equals - 1, " " + value());
    }

    std::mt19937_64 random_;
};

struct Outcome {
    bool        loaded = false;
    std::string complaint;  ///< empty when all is well
};

// What a reader may do with a damaged scenario: return one with traffic, or throw an InputError of one line.
[[nodiscard]] Outcome outcome_of(const auto& read)
{
    try {
        const Scenario scenario = read();
        return {true, scenario.traffic.empty() ? "no traffic" : ""};
    } catch (const InputError& error) {
        const std::string message = error.what();
        const bool        bad     = message.empty() || message.find('\n') != std::string::npos;
        return {false, bad ? "not one line: " + message : ""};
    } catch (const std::exception& error) {
        return {false, std::string{"another exception: "} + error.what()};
    }
}

}  // namespace

TEST_CASE("damaged scenarios end in an InputError or load")
{
    const auto  seed   = from_environment("OVERRUN_FUZZ_SEED", 1);
    const auto  rounds = from_environment("OVERRUN_FUZZ_ROUNDS", 4'000);
    std::size_t loaded = 0;
    Mutator     mutator{seed};
    for (std::uint64_t round = 0; round < rounds; ++round) {
        const std::string              text      = mutator.document();
        const std::vector<std::string> overrides = mutator.overrides();
        const Outcome outcome = outcome_of([&] { return load_scenario_text(text, "f.toml", overrides); });
        loaded += outcome.loaded ? 1 : 0;
        if (!outcome.complaint.empty()) {
            for (const std::string& argument : overrides) UNSCOPED_INFO("--set " << argument);
            FAIL("seed " << seed << ", round " << round << ": " << outcome.complaint << "\n" << text);
        }
    }
    // Damage that always or never shows would test nothing.
    CHECK(loaded > rounds / 100);
    CHECK(loaded < rounds / 2);
}

TEST_CASE("the check on damaged scenarios notices a reader that breaks the rule")
{
    CHECK_FALSE(outcome_of([]() -> Scenario { throw std::out_of_range{"index"}; }).complaint.empty());
    CHECK_FALSE(outcome_of([]() -> Scenario { throw InputError{"two\nlines"}; }).complaint.empty());
    CHECK_FALSE(outcome_of([]() -> Scenario { throw InputError{""}; }).complaint.empty());
    CHECK_FALSE(outcome_of([] { return Scenario{}; }).complaint.empty());
}
