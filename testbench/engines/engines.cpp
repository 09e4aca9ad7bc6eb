// SPDX-License-Identifier: Apache-2.0
#include "testbench/engines/engines.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "hw/base/input_error.hpp"
#include "model/model_engine.hpp"

namespace overrun {

namespace {

template <class Engine>
std::unique_ptr<NicEngine> make(const NicParameters& parameters, const EngineSeams& seams)
{
    return std::make_unique<Engine>(parameters, seams);
}

struct Row {
    std::string_view name;
    std::unique_ptr<NicEngine> (*make)(const NicParameters&, const EngineSeams&);
};

constexpr std::array table{
    Row{"model", make<ModelEngine>},
};

constexpr auto names = [] {
    std::array<std::string_view, table.size()> all;
    std::transform(table.begin(), table.end(), all.begin(), [](const Row& row) { return row.name; });
    return all;
}();

}  // namespace

std::span<const std::string_view> engine_names() noexcept
{
    return names;
}

EngineMaker engine_named(std::string_view name, std::string_view place)
{
    const auto* const row = std::find_if(table.begin(), table.end(), [&](const Row& one) { return one.name == name; });
    if (row == table.end())
        throw InputError(fmt::format("{}: \"{}\" is not built in; allowed: {}", place, name, fmt::join(names, ", ")));
    return row->make;
}

}  // namespace overrun
