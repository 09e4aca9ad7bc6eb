// SPDX-License-Identifier: Apache-2.0
// QEMU's qtest protocol: one request a line, one answer each, in order; and the interrupt lines that it reports.
// Requests are pipelined: it waits only for answers that are needed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "driver_sim/qtest/channel.hpp"

namespace overrun::qtest {

class Connection {
public:
    explicit Connection(EventLoop& loop);

    [[nodiscard]] Channel& channel() noexcept { return channel_; }

    /// A request whose answer is only looked at when it is a refusal. Goes out with the next ask(), flush() or wait.
    void post(std::string_view request);
    void flush() { channel_.send(); }

    /// A request and the number in its answer; 0 when there is none.
    /// @throws QemuError when QEMU refuses it or does not answer for `patience`
    [[nodiscard]] std::uint64_t ask(std::string_view request);
    /// Several at once, their answers in order.
    [[nodiscard]] std::vector<std::uint64_t> ask_all(const std::vector<std::string>& requests);
    /// All that was posted has been answered.
    void settle();

    /// The level of an intercepted interrupt line, as far as it has been reported.
    [[nodiscard]] bool          line(unsigned number) const;
    [[nodiscard]] std::uint64_t rises(unsigned number) const;

    /// Longest time without an answer; debuggers and a busy machine need some.
    static constexpr std::chrono::seconds patience{20};

private:
    struct Line {
        bool          level = false;
        std::uint64_t rises = 0;
    };
    struct Request {
        bool        wanted;
        std::string text;  // of what is wanted only: an error names it
    };

    void arrived(std::string_view octets);
    void answer(std::string_view text);
    void wait_for(const std::function<bool()>& done, std::string_view request);

    EventLoop&                loop_;
    Channel                   channel_;
    std::string               input_;
    std::deque<Request>       outstanding_;
    std::deque<std::uint64_t> answers_;
    std::map<unsigned, Line>  lines_;
    std::string               refusal_;
};

}  // namespace overrun::qtest
