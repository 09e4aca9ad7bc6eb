// SPDX-License-Identifier: Apache-2.0
// Fork, pipe, poll.
// Never waits for a child whose words would not be printed: it is killed.
#include "testbench/command/check_children.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "hw/base/input_error.hpp"

namespace overrun {

namespace {

void write_all(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t n = ::write(descriptor, text.data(), text.size());
        if (n < 0 && errno != EINTR) return;
        if (n > 0) text.remove_prefix(static_cast<std::size_t>(n));
    }
}

[[noreturn]] void no_child(const std::string& name)
{
    throw InputError(fmt::format("cannot start a check of {}: {}", name, std::strerror(errno)));
}

}  // namespace

bool CheckChildren::run(const std::vector<std::string>& names, const Tell& tell)
{
    verdicts_.assign(names.size(), std::nullopt);
    std::size_t begun = 0;
    std::size_t told  = 0;
    try {
        while (told < names.size()) {
            for (; begun < names.size() && running_.size() < jobs_; ++begun) start(begun, names[begun]);
            listen(names);
            if (told_to_stop(stop_)) {
                kill_all();
                return false;
            }
            for (; told < names.size() && verdicts_[told]; ++told) {
                if (verdicts_[told]->code == ExitCode::interrupted) {
                    kill_all();
                    return false;
                }
                tell(names[told], *verdicts_[told]);
            }
        }
    } catch (...) {
        kill_all();
        throw;
    }
    return true;
}

void CheckChildren::start(std::size_t index, const std::string& name)
{
    int ends[2];
    if (::pipe(ends) != 0) no_child(name);
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    const pid_t child  = ::fork();
    if (child < 0) {
        ::close(ends[0]);
        ::close(ends[1]);
        no_child(name);
    }
    if (child == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it writes nothing that could stay half done
        if (::getppid() != parent) ::_exit(number(ExitCode::interrupted));  // too late to be told
        ::close(ends[0]);
        const Verdict verdict = judge_(name);
        write_all(ends[1], verdict.text);
        ::_exit(number(verdict.code));
    }
    ::close(ends[1]);
    running_.push_back({index, child, ends[0], {}, std::chrono::steady_clock::now()});
}

/// Waits a moment for words of any child; one that has ended makes room.
void CheckChildren::listen(const std::vector<std::string>& names)
{
    constexpr int       look_again_ms = 100;
    std::vector<pollfd> inputs;
    for (const Child& child : running_) inputs.push_back({child.descriptor, POLLIN, 0});
    if (::poll(inputs.data(), inputs.size(), look_again_ms) <= 0) return;
    for (std::size_t i = inputs.size(); i-- > 0;) {
        if (inputs[i].revents == 0) continue;
        Child&        child = running_[i];
        char          buffer[4096];
        const ssize_t n = ::read(child.descriptor, buffer, sizeof buffer);
        if (n > 0) child.text.append(buffer, static_cast<std::size_t>(n));
        if (n > 0 || (n < 0 && errno == EINTR)) continue;
        const std::size_t index = child.index;
        Child             ended = std::move(child);
        running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
        verdicts_[index] = end_of(ended, names[index]);
    }
}

Verdict CheckChildren::end_of(Child& child, const std::string& name)
{
    ::close(child.descriptor);
    int   status = 0;
    pid_t ended  = 0;
    while ((ended = ::waitpid(child.pid, &status, 0)) < 0 && errno == EINTR) {}
    if (ended != child.pid) throw InputError(fmt::format("cannot learn how the check of {} ended", name));
    Verdict verdict{ExitCode::internal_error, std::move(child.text),
                    std::chrono::duration<double>(std::chrono::steady_clock::now() - child.begun).count()};
    if (WIFEXITED(status)) {
        verdict.code = static_cast<ExitCode>(WEXITSTATUS(status));
    } else {
        verdict.text += fmt::format("FAIL  {}: ended by signal {}\n", name, WTERMSIG(status));
    }
    return verdict;
}

void CheckChildren::kill_all() noexcept
{
    for (const Child& child : running_) ::kill(child.pid, SIGKILL);
    for (const Child& child : running_) {
        ::close(child.descriptor);
        while (::waitpid(child.pid, nullptr, 0) < 0 && errno == EINTR) {}
    }
    running_.clear();
}

}  // namespace overrun
