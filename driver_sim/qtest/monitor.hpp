// SPDX-License-Identifier: Apache-2.0
// QEMU's monitor (QMP): who it is, a reset of the machine, the cable.
// What the device does by itself is not its matter.
#pragma once

#include <string>
#include <string_view>

#include "driver_sim/qtest/channel.hpp"

namespace overrun::qtest {

class Monitor {
public:
    explicit Monitor(EventLoop& loop);

    [[nodiscard]] Channel& channel() noexcept { return channel_; }

    /// Waits for the greeting and opens the command mode.
    /// @throws QemuError when nothing comes for Connection::patience
    void open();

    /// "7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)", after open().
    [[nodiscard]] const std::string& version() const noexcept { return version_; }

    /// @param arguments a JSON object, or empty
    /// @throws QemuError when the monitor refuses
    void command(std::string_view name, std::string_view arguments = {});

private:
    [[nodiscard]] std::string next_line(std::string_view waiting_for);

    EventLoop&  loop_;
    std::string input_;
    Channel     channel_;
    std::string version_;
};

}  // namespace overrun::qtest
