// SPDX-License-Identifier: Apache-2.0
// Requests out, answers and interrupt lines in.
// A refusal is thrown by the next wait.
#include "driver_sim/qtest/connection.hpp"

#include <fmt/format.h>

#include <charconv>

#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

namespace {

template <class Number>
Number number(std::string_view text, int base)
{
    Number value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, base);
    return value;
}

}  // namespace

Connection::Connection(EventLoop& loop)
    : loop_{loop}, channel_{loop, [this](std::string_view octets) { arrived(octets); }}
{
}

void Connection::post(std::string_view request)
{
    // Not too much at once: QEMU's own buffers are small, and its answers have to come back meanwhile.
    constexpr std::size_t most_unsent = 256 * 1024;
    channel_.append(request);
    channel_.append("\n");
    outstanding_.push_back({false, {}});
    if (channel_.unsent() > most_unsent) settle();
}

std::uint64_t Connection::ask(std::string_view request)
{
    post(request);
    outstanding_.back() = {true, std::string{request}};
    channel_.send();
    wait_for([this] { return !answers_.empty(); }, request);
    const std::uint64_t value = answers_.front();
    answers_.pop_front();
    return value;
}

std::vector<std::uint64_t> Connection::ask_all(const std::vector<std::string>& requests)
{
    for (const std::string& request : requests) {
        post(request);
        outstanding_.back() = {true, request};
    }
    channel_.send();
    if (!requests.empty()) wait_for([&] { return answers_.size() >= requests.size(); }, requests.back());
    std::vector<std::uint64_t> values{answers_.begin(), answers_.end()};
    answers_.clear();
    return values;
}

void Connection::settle()
{
    channel_.send();
    wait_for([this] { return outstanding_.empty(); }, "register writes");
}

bool Connection::line(unsigned number) const
{
    const auto found = lines_.find(number);
    return found != lines_.end() && found->second.level;
}

std::uint64_t Connection::rises(unsigned number) const
{
    const auto found = lines_.find(number);
    return found == lines_.end() ? 0 : found->second.rises;
}

void Connection::wait_for(const std::function<bool()>& done, std::string_view request)
{
    const bool answered = loop_.run_until([&] { return done() || !refusal_.empty(); }, in_time(patience));
    if (!refusal_.empty()) throw QemuError(refusal_);
    if (!answered) throw QemuError(fmt::format("QEMU has not answered \"{}\" for {} s", request, patience.count()));
}

void Connection::arrived(std::string_view octets)
{
    input_.append(octets);
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = input_.find('\n', begin)) != std::string::npos; begin = end + 1)
        answer(std::string_view{input_}.substr(begin, end - begin));
    input_.erase(0, begin);
}

void Connection::answer(std::string_view text)
{
    constexpr std::string_view raise = "IRQ raise ", lower = "IRQ lower ", value = "OK 0x";
    if (text.starts_with(raise)) {
        Line& line = lines_[number<unsigned>(text.substr(raise.size()), 10)];
        if (!line.level) ++line.rises;
        line.level = true;
        return;
    }
    if (text.starts_with(lower)) {
        lines_[number<unsigned>(text.substr(lower.size()), 10)].level = false;
        return;
    }
    if (outstanding_.empty()) return;
    const Request request = std::move(outstanding_.front());
    outstanding_.pop_front();
    if (!text.starts_with("OK"))
        refusal_ = fmt::format("QEMU refuses \"{}\": {}", request.wanted ? request.text : "a write", text);
    if (request.wanted)
        answers_.push_back(text.starts_with(value) ? number<std::uint64_t>(text.substr(value.size()), 16) : 0);
}

}  // namespace overrun::qtest
