// SPDX-License-Identifier: Apache-2.0
// Boost.Asio's local stream sockets behind the two small classes; no other file includes Asio.
// Writes to one socket do not overlap.
#include "driver_sim/qtest/channel.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

namespace overrun::qtest {

namespace asio = boost::asio;

struct EventLoop::Sockets {
    asio::io_context context{1};
};

EventLoop::EventLoop() : sockets_{std::make_unique<Sockets>()} {}
EventLoop::~EventLoop() = default;

void EventLoop::serve()
{
    sockets_->context.restart();
    sockets_->context.poll();
}

bool EventLoop::run_until(const std::function<bool()>& done, Deadline deadline)
{
    using namespace std::chrono_literals;
    serve();
    while (!done()) {
        if (check) check();
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline) return false;
        sockets_->context.restart();
        sockets_->context.run_one_until(std::min(deadline, now + 20ms));
    }
    return true;
}

struct Channel::State : std::enable_shared_from_this<State> {
    using Socket = asio::local::stream_protocol::socket;

    State(asio::io_context& context, std::function<void(std::string_view)> callback)
        : near{context}, far{context}, arrived{std::move(callback)}
    {
        asio::local::connect_pair(near, far);
    }

    void listen()
    {
        near.async_read_some(asio::buffer(input),
                             [self = shared_from_this()](boost::system::error_code error, std::size_t octets) {
                                 if (error) {
                                     self->closed = true;
                                     return;
                                 }
                                 self->arrived({self->input.data(), octets});
                                 self->listen();
                             });
    }
    void send()
    {
        if (!sending.empty() || waiting.empty() || closed) return;
        sending.swap(waiting);
        asio::async_write(near, asio::buffer(sending),
                          [self = shared_from_this()](boost::system::error_code error, std::size_t) {
                              self->sending.clear();
                              if (error) {
                                  self->closed = true;
                              } else {
                                  self->send();
                              }
                          });
    }

    Socket                                near;
    Socket                                far;
    std::function<void(std::string_view)> arrived;
    std::array<char, 65536>               input{};
    std::string                           sending;
    std::string                           waiting;
    bool                                  closed = false;
};

Channel::Channel(EventLoop& loop, std::function<void(std::string_view)> arrived)
    : state_{std::make_shared<State>(loop.sockets_->context, std::move(arrived))}
{
    state_->listen();
}

Channel::~Channel()
{
    // Its handlers may still be queued: they hold the state, but call nobody any more.
    state_->arrived = [](std::string_view) {};
    boost::system::error_code ignored;
    state_->near.close(ignored);
}

int Channel::far_end() const noexcept
{
    return state_->far.native_handle();
}
void Channel::close_far_end() noexcept
{
    boost::system::error_code ignored;
    state_->far.close(ignored);
}
void Channel::append(std::string_view octets)
{
    state_->waiting.append(octets);
}
void Channel::send()
{
    state_->send();
}
std::size_t Channel::unsent() const noexcept
{
    return state_->sending.size() + state_->waiting.size();
}
bool Channel::closed() const noexcept
{
    return state_->closed;
}

}  // namespace overrun::qtest
