// SPDX-License-Identifier: Apache-2.0
// Stock QEMU with one e1000e and a CPU that sleeps: registers, guest memory, interrupt line and wire in one place.
// Contract: it does not outlive its owner, and every wait throws QEMU's death.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "driver_sim/qtest/child_process.hpp"
#include "driver_sim/qtest/connection.hpp"
#include "driver_sim/qtest/guest_memory.hpp"
#include "driver_sim/qtest/monitor.hpp"
#include "driver_sim/qtest/pci_setup.hpp"
#include "driver_sim/qtest/stream_netdev.hpp"
#include "hw/ethernet/mac_address.hpp"

namespace overrun::qtest {

/// The QEMU to use: what the environment variable OVERRUN_QEMU names, else qemu-system-x86_64 on PATH; empty: none.
[[nodiscard]] std::optional<std::string> find_qemu();

struct MachineSettings {
    std::string              program = "qemu-system-x86_64";
    MacAddress               address = default_station_address;
    std::vector<std::string> more{};   ///< further arguments, for tests of what QEMU refuses
    std::function<void()>    check{};  ///< called now and then in every wait; ends it by throwing
};

class Machine {
public:
    /// Starts QEMU, waits for it and does what firmware does for the device.
    /// @throws QemuError with what QEMU said when it refuses
    explicit Machine(MachineSettings settings = {});

    [[nodiscard]] const std::string& version() const noexcept { return monitor_.version(); }
    [[nodiscard]] pid_t              process() const noexcept { return process_->id(); }

    // Registers. Writes are posted; reads bring them to the device first.
    void                                     write32(std::uint32_t offset, std::uint32_t value);
    [[nodiscard]] std::uint32_t              read32(std::uint32_t offset);
    [[nodiscard]] std::vector<std::uint32_t> read32(std::span<const std::uint32_t> offsets);
    [[nodiscard]] std::uint32_t config_read(std::uint32_t offset, unsigned octets) { return pci_.read(offset, octets); }
    void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets) { pci_.write(offset, value, octets); }
    void flush() { connection_.flush(); }
    /// All writes have reached the device.
    void settle() { connection_.settle(); }

    [[nodiscard]] GuestMemory& memory() noexcept { return memory_; }

    /// Queues a frame without its FCS; it goes out with send().
    void append_frame(std::span<const std::byte> frame) { netdev_.send(frame); }
    void send() { netdev_.flush(); }

    /// The INTx line as far as QEMU has told.
    [[nodiscard]] bool          interrupt_level() const { return connection_.line(intx_line); }
    [[nodiscard]] std::uint64_t interrupts() const { return connection_.rises(intx_line); }

    /// Serves the sockets until `done` or the deadline. @return done
    bool run_until(const std::function<bool()>& done, Deadline deadline) { return loop_.run_until(done, deadline); }
    void serve() { loop_.serve(); }
    /// The same for what QEMU does in memory, of which no socket tells: looks again and again.
    bool spin_until(const std::function<bool()>& done, Deadline deadline);

    /// Power-on reset of the whole machine; configuration space is set up again.
    void reset();
    /// Pulls the cable or plugs it in.
    void set_cable(bool plugged);

private:
    [[nodiscard]] std::vector<std::string> command_line(const MachineSettings& settings);
    void                                   check();
    [[nodiscard]] std::string              complaint() const;

    EventLoop                     loop_;
    Connection                    connection_;
    StreamNetdev                  netdev_;
    Monitor                       monitor_;
    GuestMemory                   memory_;
    MemoryFile                    rom_;
    MemoryFile                    errors_;
    PciSetup                      pci_;
    std::function<void()>         check_;
    std::string                   program_;
    std::unique_ptr<ChildProcess> process_;  // ends first
};

}  // namespace overrun::qtest
