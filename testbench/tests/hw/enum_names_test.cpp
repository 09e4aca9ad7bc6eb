// SPDX-License-Identifier: Apache-2.0
// Tables over an enumeration: right ones are accepted, and each way to be wrong is noticed.
#include "hw/base/enum_names.hpp"

#include <cstdint>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

enum class Colour : std::uint8_t { red, green, blue3 };
enum class Counted : std::uint8_t { one, two, count };

struct Row {
    Colour colour;
    int    more;
};

constexpr auto names = enum_names<Colour>({{Colour::red, "Red"}, {Colour::green, "Green"}, {Colour::blue3, "Blue"}});

}  // namespace

TEST_CASE("an enumeration's names are found by value, and its values by name", "[enum_names]")
{
    CHECK(names[Colour::red] == "Red");
    CHECK(names[Colour::blue3] == "Blue");
    CHECK(names.value_of("Green") == Colour::green);
    CHECK_FALSE(names.value_of("green").has_value());
    REQUIRE(names.all().size() == 3);
    CHECK(names.all()[1] == "Green");
    CHECK(enum_names<Counted>({{Counted::one, "1"}, {Counted::two, "2"}})[Counted::two] == "2");
}

TEST_CASE("a table that lacks a value, has one twice or in another order is none of an enumeration", "[enum_names]")
{
    constexpr Row red{Colour::red, 0}, green{Colour::green, 0}, blue{Colour::blue3, 0};
    STATIC_REQUIRE(is_table_of_enum(std::array{red, green, blue}, &Row::colour));
    STATIC_REQUIRE_FALSE(is_table_of_enum(std::array{red, green}, &Row::colour));
    STATIC_REQUIRE_FALSE(is_table_of_enum(std::array{green, blue}, &Row::colour));
    STATIC_REQUIRE_FALSE(is_table_of_enum(std::array{red, blue, green}, &Row::colour));
    STATIC_REQUIRE_FALSE(is_table_of_enum(std::array{red, green, green}, &Row::colour));
    STATIC_REQUIRE_FALSE(is_table_of_enum(std::array{red, green, blue, blue}, &Row::colour));
}
