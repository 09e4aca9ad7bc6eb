// SPDX-License-Identifier: Apache-2.0
// What the checks of a scenario share: which keys were written, and errors that name the place of one.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/document.hpp"

namespace overrun::scenario {

/// The keys that were written, by path ("traffic[0].count"), with their values and places.
using GivenKeys = std::map<std::string, const Node*, std::less<>>;

class CheckedPlaces {
public:
    explicit CheckedPlaces(const GivenKeys& given) : given_{given} {}

protected:
    [[nodiscard]] const Node* given(std::string_view path) const
    {
        const auto found = given_.find(path);
        return found == given_.end() ? nullptr : found->second;
    }

    [[noreturn]] static void fail(const Node* at, std::string_view path, std::string_view what)
    {
        throw InputError(fmt::format("{}: {}: {}", at->where.text(), path, what));
    }

    // Fails at the first of several keys that an override wrote, or else at the first that was written at all;
    // what nobody wrote has its default, so at least one of them was.
    [[noreturn]] void fail_at(std::initializer_list<std::string_view> paths, std::string_view what) const
    {
        for (const bool set : {true, false})
            for (const std::string_view path : paths)
                if (const Node* node = given(path); node != nullptr && node->where.set == set) fail(node, path, what);
        throw InputError(fmt::format("{}: {}", *paths.begin(), what));
    }

private:
    const GivenKeys& given_;
};

}  // namespace overrun::scenario
