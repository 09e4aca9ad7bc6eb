// SPDX-License-Identifier: Apache-2.0
// Runs a piece of a test in a process of its own, because SystemC elaborates and simulates once in a process.
// The child leaves with _exit and does not reach the test framework.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>

// Writes the counts of covered lines (GCC manual, "Using gcov"); null unless the coverage preset links it.
extern "C" [[gnu::weak]] void __gcov_dump();

namespace overrun::test {

/// @param work its text is what went wrong; empty when nothing did
/// @return that text, after whatever the child wrote on standard output and standard error
[[nodiscard]] inline std::string in_child(const std::function<std::string()>& work)
{
    std::array<int, 2> pipe_ends{};
    if (pipe(pipe_ends.data()) != 0) return "no pipe";
    // What the test framework has not written yet would come out of the child's copy, too.
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0) return "no child";
    if (child == 0) {
        dup2(pipe_ends[1], STDOUT_FILENO);
        dup2(pipe_ends[1], STDERR_FILENO);
        std::string text;
        try {
            text = work();
        } catch (const std::exception& error) {
            text = std::string{"threw "} + error.what();
        }
        std::string_view left = text;
        while (!left.empty()) {
            const ssize_t n = write(pipe_ends[1], left.data(), left.size());
            if (n <= 0) _exit(1);
            left.remove_prefix(static_cast<std::size_t>(n));
        }
        if (__gcov_dump != nullptr) __gcov_dump();
        _exit(0);
    }
    close(pipe_ends[1]);
    std::string            text;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = read(pipe_ends[0], part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(n));
    close(pipe_ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        text += " [the child ended with status " + std::to_string(status) + "]";
    return text;
}

}  // namespace overrun::test
