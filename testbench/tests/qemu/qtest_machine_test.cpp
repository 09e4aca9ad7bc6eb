// SPDX-License-Identifier: Apache-2.0
// QEMU as a machine: what it answers, how it refuses, how it dies, and that nothing of it stays.
// What the device inside does is not judged.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <thread>

#include "driver_sim/qtest/qemu_error.hpp"
#include "testbench/tests/qemu/machine_for_tests.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::test;
using qtest::Machine;
using qtest::QemuError;

namespace {

std::string error_of(const std::function<void()>& action)
{
    try {
        action();
    } catch (const QemuError& error) {
        return error.what();
    }
    return {};
}

bool exists(pid_t process)
{
    return ::kill(process, 0) == 0 || errno != ESRCH;
}

}  // namespace

TEST_CASE("QEMU's e1000e is an 82574L with its registers at the window that was set up")
{
    Machine machine{qemu_settings()};
    CHECK(machine.config_read(0, 4) == 0x10d3'8086);
    CHECK(machine.config_read(2, 2) == 0x10d3);
    CHECK(machine.config_read(4, 2) == 7);
    CHECK(machine.read32(0x5400) == 0x0000'0002);  // RAL0: 02:00:00:00:00:01, first octet lowest
    CHECK(machine.read32(0x5404) == 0x8000'0100);
    machine.write32(0x2800, 0xffff'ffff);  // RDBAL: 31:4
    const std::uint32_t offsets[] = {0x2800, 0x5400};
    CHECK(machine.read32(offsets) == std::vector<std::uint32_t>{0xffff'fff0, 0x0000'0002});
}

TEST_CASE("a version that the project was not run against is told apart")
{
    CHECK(qtest::is_known_version("7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)"));
    CHECK(qtest::is_known_version("10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)"));
    for (const char* unknown : {"", "7.2.2", "7.2.220", "10.0", "10.0.1", "13.0.10", "99.1.0 (Somebody)"}) {
        INFO(unknown);
        CHECK_FALSE(qtest::is_known_version(unknown));
    }
    CHECK(qtest::version_of("10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)") == qtest::Version{10, 0, 13});
    CHECK(qtest::version_of("9.2") == qtest::Version{9, 2, 0});
    Machine machine{qemu_settings()};
    CHECK(machine.version().find('.') != std::string::npos);
}

TEST_CASE("what QEMU says when it refuses is the error")
{
    auto settings           = qemu_settings();
    settings.more           = {"-device", "no-such-device"};
    const std::string error = error_of([&] { Machine{settings}; });
    CHECK(error.find("no-such-device") != std::string::npos);
    CHECK(error.find("exit status 1") != std::string::npos);
    CHECK(error.find('\n') == std::string::npos);
}

TEST_CASE("a program that cannot be started is named")
{
    auto settings    = qemu_settings();
    settings.program = "/nonexistent/qemu";
    CHECK(error_of([&] { Machine{settings}; }) == "/nonexistent/qemu has ended (exit status 127)");
}

TEST_CASE("QEMU's death in the middle of the work is one clear error")
{
    Machine machine{qemu_settings()};
    ::kill(machine.process(), SIGKILL);
    const std::string error = error_of([&] {
        for (;;) static_cast<void>(machine.read32(8));
    });
    CHECK(error.find("has ended (signal 9)") != std::string::npos);
}

TEST_CASE("no QEMU is left behind, whether its owner ends in order or by an exception")
{
    pid_t process = 0;
    {
        Machine machine{qemu_settings()};
        process = machine.process();
        CHECK(exists(process));
    }
    CHECK_FALSE(exists(process));
    try {
        Machine machine{qemu_settings()};
        process = machine.process();
        throw std::runtime_error("");
    } catch (const std::runtime_error&) {
    }
    CHECK_FALSE(exists(process));
}

TEST_CASE("who waits for QEMU can be told to stop")
{
    bool stop      = false;
    auto settings  = qemu_settings();
    settings.check = [&stop] {
        if (stop) throw std::runtime_error("stopped");
    };
    Machine machine{settings};
    stop = true;
    CHECK_THROWS_WITH(machine.run_until([] { return false; }, qtest::in_time(std::chrono::hours{1})), "stopped");
}

TEST_CASE("a reset of the machine brings registers and guest memory back to their first values")
{
    Machine         machine{qemu_settings()};
    const DmaBuffer buffer               = machine.memory().allocate(4096);
    *machine.memory().at(buffer.address) = std::byte{0x5a};
    machine.write32(0x5200, 0x1234'5678);
    CHECK(machine.read32(0x5200) == 0x1234'5678);
    machine.reset();
    CHECK(machine.read32(0x5200) == 0);
    CHECK(machine.memory().allocate(4096).address == buffer.address);
    CHECK(*machine.memory().at(buffer.address) == std::byte{0});
    CHECK(machine.config_read(4, 2) == 7);
}
