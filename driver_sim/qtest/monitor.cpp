// SPDX-License-Identifier: Apache-2.0
// One JSON object a line, events between the answers.
#include "driver_sim/qtest/monitor.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "driver_sim/qtest/connection.hpp"
#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

Monitor::Monitor(EventLoop& loop)
    : loop_{loop}, channel_{loop, [this](std::string_view octets) { input_.append(octets); }}
{
}

void Monitor::open()
{
    const auto greeting = nlohmann::json::parse(next_line("its greeting"), nullptr, false);
    try {
        const auto& version = greeting.at("QMP").at("version");
        const auto& number  = version.at("qemu");
        version_            = fmt::format("{}.{}.{}", number.at("major").get<int>(), number.at("minor").get<int>(),
                                          number.at("micro").get<int>());
        if (const auto package = version.at("package").get<std::string>(); !package.empty())
            version_ += " (" + package + ")";
    } catch (const nlohmann::json::exception&) {
        throw QemuError("QEMU's monitor does not greet as QMP does");
    }
    command("qmp_capabilities");
}

void Monitor::command(std::string_view name, std::string_view arguments)
{
    channel_.append(arguments.empty() ? fmt::format(R"({{"execute":"{}"}})", name)
                                      : fmt::format(R"({{"execute":"{}","arguments":{}}})", name, arguments));
    channel_.append("\n");
    channel_.send();
    for (;;) {
        const auto answer = nlohmann::json::parse(next_line(name), nullptr, false);
        if (answer.contains("return")) return;
        if (answer.contains("error")) throw QemuError(fmt::format("QEMU refuses {}: {}", name, answer["error"].dump()));
    }
}

std::string Monitor::next_line(std::string_view waiting_for)
{
    std::size_t end = 0;
    if (!loop_.run_until([&] { return (end = input_.find('\n')) != std::string::npos; }, in_time(Connection::patience)))
        throw QemuError(fmt::format("QEMU's monitor does not answer (waiting for {})", waiting_for));
    std::string line = input_.substr(0, end);
    input_.erase(0, end + 1);
    return line;
}

}  // namespace overrun::qtest
