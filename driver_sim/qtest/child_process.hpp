// SPDX-License-Identifier: Apache-2.0
// A child that lives no longer than its owner, and dies with this process however that ends.
// Contract: no process stays behind, and no zombie.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <vector>

namespace overrun::qtest {

class ChildProcess {
public:
    /// @param arguments the first is the program, searched for on PATH
    /// @param inherited descriptors that the child gets under the same numbers; of all others, 0, 1 and 2 alone
    /// @param error_output what becomes its standard error; standard input and output are /dev/null
    /// @throws QemuError when the process cannot be made; a program that cannot be started ends with status 127
    ChildProcess(const std::vector<std::string>& arguments, std::span<const int> inherited, int error_output);

    /// Asks it to end, and insists after two seconds.
    ~ChildProcess();

    ChildProcess(const ChildProcess&)            = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t id() const noexcept { return id_; }
    /// Without waiting.
    [[nodiscard]] bool running();
    /// In words, once it is no longer running: "exit status 1", "signal 9".
    [[nodiscard]] std::string ending() const;
    /// Waits for its end.
    /// @return whether it came within so many milliseconds
    bool ends_within(int milliseconds);

private:
    pid_t id_;
    bool  running_ = true;
    int   status_  = 0;
};

}  // namespace overrun::qtest
