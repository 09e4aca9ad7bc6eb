// SPDX-License-Identifier: Apache-2.0
#include "testbench/text/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace overrun {

namespace {

// Longer than any name of ours; the distance is quadratic in the length.
constexpr std::size_t longest_name = 96;

[[nodiscard]] char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        before_last.swap(last);
        last.swap(row);
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const char        x    = lower(a[i - 1]);
            const char        y    = lower(b[j - 1]);
            const std::size_t swap = last[j - 1] + (x == y ? 0 : 1);
            row[j]                 = std::min({last[j] + 1, row[j - 1] + 1, swap});
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y)
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::optional<std::string_view> nearest_name(std::string_view text, std::span<const std::string_view> candidates)
{
    if (text.empty() || text.size() > longest_name) return std::nullopt;
    const std::size_t               allowed = std::max<std::size_t>(2, text.size() / 3);
    std::optional<std::string_view> best;
    std::size_t                     best_distance = allowed + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(text, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best          = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates)
{
    const auto best = nearest_name(text, candidates);
    return best ? fmt::format("; did you mean {}?", *best) : std::string{};
}

std::string list_of(std::span<const std::string_view> names)
{
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace overrun
