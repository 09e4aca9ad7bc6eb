// SPDX-License-Identifier: Apache-2.0
// A host that only gives descriptors back: legacy descriptors keep their buffer address.
#include "testbench/differential/qemu_speed.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstring>

#include "driver_sim/qtest/qemu_error.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/registers/82574l.hpp"

namespace overrun::differential {

double qemu_frames_per_second(qtest::Machine& machine, std::uint64_t frames)
{
    constexpr std::uint32_t ring = 4096, batch = 512, buffer = 2048, status_at = 12;
    machine.reset();
    const DmaBuffer table   = machine.memory().allocate(std::uint64_t{ring} * rx_descriptor_octets);
    const DmaBuffer buffers = machine.memory().allocate(std::uint64_t{ring} * buffer);
    const auto      slot    = [&](std::uint32_t i) {
        return machine.memory().at(table.address + std::uint64_t{i} * rx_descriptor_octets);
    };
    for (std::uint32_t i = 0; i < ring; ++i) {
        const RxDescriptorRead fresh{buffers.address + std::uint64_t{i} * buffer, 0};
        std::memcpy(slot(i), &fresh, sizeof fresh);
    }
    machine.write32(reg::RDBAL::at(0), static_cast<std::uint32_t>(table.address));
    machine.write32(reg::RDBAH::at(0), static_cast<std::uint32_t>(table.address >> 32U));
    machine.write32(reg::RDLEN::at(0), ring * rx_descriptor_octets);
    machine.write32(reg::RDT::at(0), ring - 1);
    machine.write32(reg::RCTL::offset, reg::RCTL::EN.mask() | reg::RCTL::SECRC.mask() | reg::RCTL::BAM.mask());
    machine.settle();

    std::array<std::byte, 60> frame{};
    frame.fill(std::byte{0xff});
    const auto    begin = std::chrono::steady_clock::now();
    std::uint32_t next  = 0;
    for (std::uint64_t first = 0; first < frames; first += batch) {
        for (std::uint32_t i = 0; i < batch; ++i) machine.append_frame(frame);
        machine.send();
        const std::uint32_t  last   = (next + batch - 1) % ring;
        const volatile auto* status = reinterpret_cast<const volatile std::uint8_t*>(slot(last)) + status_at;
        if (!machine.spin_until([&] { return (*status & rx_status::dd) != 0; },
                                qtest::in_time(std::chrono::seconds{5})))
            throw qtest::QemuError(fmt::format("QEMU has not taken frame {} in 5 s", first + batch));
        for (std::uint32_t i = 0; i < batch; ++i) slot((next + i) % ring)[status_at] = std::byte{0};
        next = (next + batch) % ring;
        machine.write32(reg::RDT::at(0), (next + ring - 1) % ring);
        machine.flush();
    }
    const double        seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    const std::uint64_t sent    = (frames + batch - 1) / batch * batch;
    if (const std::uint32_t counted = machine.read32(reg::GPRC::offset); counted != sent)
        throw qtest::QemuError(fmt::format("{} frames were sent, but QEMU has received {}", sent, counted));
    return static_cast<double>(sent) / seconds;
}

}  // namespace overrun::differential
