// SPDX-License-Identifier: Apache-2.0
// fork, exec and wait.
// Between fork and exec it does only what a signal handler may do.
#include "driver_sim/qtest/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

namespace {

[[noreturn]] void become(char* const* arguments, std::span<const int> inherited, int error_output, pid_t parent)
{
    constexpr int cannot_start = 127;
    // In a group of its own a terminal's Ctrl-C does not reach it: who started it ends it.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(cannot_start);  // the parent ended before the line above
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, 0);
    ::dup2(nothing, 1);
    ::dup2(error_output, 2);
    for (const int descriptor : inherited) ::fcntl(descriptor, F_SETFD, 0);
    ::execvp(arguments[0], arguments);
    ::_exit(cannot_start);
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments, std::span<const int> inherited, int error_output)
{
    std::vector<char*> words;
    for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const pid_t parent = ::getpid();
    id_                = ::fork();
    if (id_ < 0) throw QemuError(fmt::format("cannot start {}: {}", arguments.front(), std::strerror(errno)));
    if (id_ == 0) become(words.data(), inherited, error_output, parent);
}

ChildProcess::~ChildProcess()
{
    if (!running()) return;
    ::kill(id_, SIGTERM);
    if (ends_within(2000)) return;
    ::kill(id_, SIGKILL);
    ::waitpid(id_, &status_, 0);
}

bool ChildProcess::running()
{
    if (running_ && ::waitpid(id_, &status_, WNOHANG) == id_) running_ = false;
    return running_;
}

bool ChildProcess::ends_within(int milliseconds)
{
    for (; running() && milliseconds > 0; --milliseconds) ::poll(nullptr, 0, 1);
    return !running();
}

std::string ChildProcess::ending() const
{
    if (WIFSIGNALED(status_)) return fmt::format("signal {}", WTERMSIG(status_));
    return fmt::format("exit status {}", WEXITSTATUS(status_));
}

}  // namespace overrun::qtest
