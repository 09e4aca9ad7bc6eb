// SPDX-License-Identifier: Apache-2.0
// Delta debugging (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002) in its plain form.
#include "testbench/differential/shrinker.hpp"

#include <algorithm>

namespace overrun::differential {

namespace {

class Shrinker {
public:
    Shrinker(Program program, const std::function<bool(const Program&)>& fails, unsigned tries)
        : program_{std::move(program)}, fails_{fails}, tries_{tries}
    {
    }

    [[nodiscard]] Program run()
    {
        remove_steps();
        for (std::size_t i = 0; i < program_.size(); ++i) simplify(i);
        remove_steps();
        return std::move(program_);
    }

private:
    bool accept(Program candidate)
    {
        if (tries_ == 0 || candidate == program_) return false;
        --tries_;
        if (!fails_(candidate)) return false;
        program_ = std::move(candidate);
        return true;
    }

    /// In pieces that halve until they are single steps.
    void remove_steps()
    {
        for (std::size_t size = std::max<std::size_t>(program_.size() / 2, 1); size > 0; size /= 2) {
            for (std::size_t end = program_.size(); end > 0; end = end > size ? end - size : 0) {
                if (end > program_.size()) continue;
                const std::size_t begin     = end > size ? end - size : 0;
                Program           candidate = program_;
                candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(begin),
                                candidate.begin() + static_cast<std::ptrdiff_t>(end));
                accept(std::move(candidate));
            }
        }
    }

    void simplify(std::size_t i)
    {
        const auto with = [&](auto&& change) {
            Program candidate = program_;
            change(candidate[i]);
            return accept(std::move(candidate));
        };
        switch (program_[i].kind) {
            case Step::Kind::write:
                for (std::uint32_t bit = 0; bit < 32; ++bit)
                    if ((program_[i].value >> bit & 1U) != 0) with([bit](Step& step) { step.value &= ~(1U << bit); });
                break;
            case Step::Kind::ring:
                with([](Step& step) { step.ring.holes = false; });
                with([](Step& step) { step.ring.skew = 0; });
                with([](Step& step) { step.ring.head = 0; });
                for (const std::uint32_t size : {8U, 16U, 32U, 64U})
                    if (size < program_[i].ring.size && with([size](Step& step) {
                            step.ring.size = size;
                            step.ring.head = std::min(step.ring.head, size - 1);
                        }))
                        break;
                break;
            case Step::Kind::frame:
                for (const std::size_t length : {60U, 64U, 128U, 256U, 512U, 1514U})
                    if (length < program_[i].octets.size() &&
                        with([length](Step& step) { step.octets.resize(length); }))
                        break;
                for (const std::size_t kept : {12U, 14U, 18U, 34U, 42U, 54U, 74U})
                    if (kept < program_[i].octets.size() && with([kept](Step& step) {
                            std::fill(step.octets.begin() + static_cast<std::ptrdiff_t>(kept), step.octets.end(),
                                      std::byte{0});
                        }))
                        break;
                break;
            case Step::Kind::tail:
            case Step::Kind::starve: with([](Step& step) { step.value = 1; }); break;
            default: break;
        }
    }

    Program                                    program_;
    const std::function<bool(const Program&)>& fails_;
    unsigned                                   tries_;
};

}  // namespace

Program shrink(Program program, const std::function<bool(const Program&)>& fails, unsigned tries)
{
    return Shrinker{std::move(program), fails, tries}.run();
}

}  // namespace overrun::differential
