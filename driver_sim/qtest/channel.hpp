// SPDX-License-Identifier: Apache-2.0
// The sockets to one child and the loop that serves them all: whoever waits on one keeps the others going.
// It blocks no longer than its caller allows, and not on a full socket.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace overrun::qtest {

using Deadline = std::chrono::steady_clock::time_point;

[[nodiscard]] inline Deadline in_time(std::chrono::microseconds span)
{
    return std::chrono::steady_clock::now() + span;
}

class EventLoop {
public:
    EventLoop();
    ~EventLoop();

    /// Called now and then in every wait; ends it by throwing.
    std::function<void()> check;

    /// Serves the channels until `done`, at least once without waiting.
    /// @return whether that was before the deadline
    bool run_until(const std::function<bool()>& done, Deadline deadline);
    /// Serves what can be served at once.
    void serve();

private:
    friend class Channel;
    struct Sockets;
    std::unique_ptr<Sockets> sockets_;
};

/// One end of a pair of local stream sockets; the other end is for the child.
class Channel {
public:
    /// @param arrived called with octets as they come
    Channel(EventLoop& loop, std::function<void(std::string_view)> arrived);
    ~Channel();

    /// The child's end, to be closed here once the child has it.
    [[nodiscard]] int far_end() const noexcept;
    void              close_far_end() noexcept;

    /// Keeps the octets until send().
    void append(std::string_view octets);
    /// Starts to send what was appended. What does not fit goes out while anything is waited for.
    void send();
    /// Octets that the socket has not taken yet.
    [[nodiscard]] std::size_t unsent() const noexcept;
    /// The child has closed its end, or is gone.
    [[nodiscard]] bool closed() const noexcept;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace overrun::qtest
