// SPDX-License-Identifier: Apache-2.0
// QEMU's command line, its start, its end.
// The accelerator is TCG: Debian's QEMU has no other for qtest, and a sleeping CPU needs none.
#include "driver_sim/qtest/machine.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <sstream>

#include "driver_sim/qtest/halt_rom.hpp"
#include "driver_sim/qtest/qemu_error.hpp"

namespace overrun::qtest {

std::optional<std::string> find_qemu()
{
    if (const char* named = std::getenv("OVERRUN_QEMU"); named != nullptr && *named != '\0') return named;
    const char*        path = std::getenv("PATH");
    std::istringstream folders{path == nullptr ? "" : path};
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string program = folder + "/qemu-system-x86_64";
        if (::access(program.c_str(), X_OK) == 0) return program;
    }
    return std::nullopt;
}

Machine::Machine(MachineSettings settings)
    : connection_{loop_},
      netdev_{loop_},
      monitor_{loop_},
      rom_{"overrun-halt-rom", halt_rom().size()},
      errors_{"overrun-qemu-errors", 0},
      pci_{connection_},
      check_{std::move(settings.check)},
      program_{settings.program}
{
    static constexpr auto rom = halt_rom();
    rom_.write(rom);
    const std::array channels{&connection_.channel(), &netdev_.channel(), &monitor_.channel()};
    std::vector<int> inherited{rom_.descriptor(), memory_.file().descriptor()};
    for (const Channel* channel : channels) inherited.push_back(channel->far_end());
    process_ = std::make_unique<ChildProcess>(command_line(settings), inherited, errors_.descriptor());
    for (Channel* channel : channels) channel->close_far_end();

    loop_.check = [this] { check(); };
    monitor_.open();
    static_cast<void>(connection_.ask("irq_intercept_in ioapic"));
    pci_.map();
}

std::vector<std::string> Machine::command_line(const MachineSettings& settings)
{
    const auto               megabytes = 2 * GuestMemory::half_octets >> 20U;
    std::vector<std::string> words{
        settings.program, "-nodefaults", "-no-user-config", "-display", "none", "-accel", "tcg",
        // A sleeping CPU lets the virtual clock jump to the next timer: nothing takes time.
        "-icount", "shift=0,sleep=off",
        // Without periodic timers the clock stands still when the device waits for nothing.
        "-machine", fmt::format("q35,hpet=off,pit=off,memory-backend=ram,max-ram-below-4g={}M", megabytes / 2), "-m",
        fmt::format("{}M", megabytes), "-object",
        fmt::format("memory-backend-file,id=ram,share=on,size={}M,mem-path={}", megabytes, memory_.file().path()),
        "-bios", rom_.path(),
        // -qtest makes an object of this very name.
        "-chardev", fmt::format("socket,id=qtest,fd={}", connection_.channel().far_end()), "-qtest", "chardev:qtest",
        "-qtest-log", "none", "-chardev", fmt::format("socket,id=monitor,fd={}", monitor_.channel().far_end()), "-mon",
        "chardev=monitor,mode=control", "-netdev",
        fmt::format("stream,id=wire,server=off,addr.type=fd,addr.str={}", netdev_.channel().far_end()), "-device",
        fmt::format("e1000e,id=nic,netdev=wire,mac={},bus=pcie.0,addr={:x}.0", settings.address.text(), pci_device)};
    words.insert(words.end(), settings.more.begin(), settings.more.end());
    return words;
}

void Machine::check()
{
    if (check_) check_();
    if (process_->running()) {
        if (!connection_.channel().closed()) return;
        // It has closed its sockets, so it is about to end.
        if (!process_->ends_within(2000)) throw QemuError(fmt::format("{} has closed the qtest socket", program_));
    }
    const std::string said = complaint();
    throw QemuError(fmt::format("{} has ended ({}){}{}", program_, process_->ending(), said.empty() ? "" : ": ", said));
}

/// The last line that QEMU wrote to its standard error.
std::string Machine::complaint() const
{
    std::string text = errors_.read();
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1);
}

void Machine::write32(std::uint32_t offset, std::uint32_t value)
{
    std::array<char, 48> request;
    const auto           end = fmt::format_to(request.data(), "writel {:#x} {:#x}", csr_base + offset, value);
    connection_.post({request.data(), static_cast<std::size_t>(end - request.data())});
}

std::uint32_t Machine::read32(std::uint32_t offset)
{
    return static_cast<std::uint32_t>(connection_.ask(fmt::format("readl {:#x}", csr_base + offset)));
}

std::vector<std::uint32_t> Machine::read32(std::span<const std::uint32_t> offsets)
{
    std::vector<std::string> requests;
    for (const std::uint32_t offset : offsets) requests.push_back(fmt::format("readl {:#x}", csr_base + offset));
    std::vector<std::uint32_t> values;
    for (const std::uint64_t value : connection_.ask_all(requests)) values.push_back(static_cast<std::uint32_t>(value));
    return values;
}

bool Machine::spin_until(const std::function<bool()>& done, Deadline deadline)
{
    // QEMU needs tens of microseconds; only a busy machine needs more, and that one is not to be kept busier.
    constexpr int patient = 400;
    for (int i = 0;; ++i) {
        if (done()) return true;
        serve();
        if (i % 64 == 63) {
            check();
            if (std::chrono::steady_clock::now() >= deadline) return done();
        }
        if (i < patient) {
            ::sched_yield();
        } else {
            ::usleep(20);
        }
    }
}

void Machine::reset()
{
    connection_.settle();
    monitor_.command("system_reset");
    memory_.clear();
    pci_.map();
}

void Machine::set_cable(bool plugged)
{
    monitor_.command("set_link", fmt::format(R"({{"name":"wire","up":{}}})", plugged));
}

}  // namespace overrun::qtest
