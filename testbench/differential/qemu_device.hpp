// SPDX-License-Identifier: Apache-2.0
// The other side: stock QEMU's e1000e.
// Frames and register writes go through different sockets; no frame overtakes a write.
#pragma once

#include "driver_sim/qtest/machine.hpp"
#include "testbench/differential/device.hpp"

namespace overrun::differential {

class QemuDevice final : public Device {
public:
    explicit QemuDevice(qtest::Machine& machine) : machine_{machine} {}

    void reset() override
    {
        machine_.reset();
        static_cast<void>(machine_.memory().allocate(memory_octets));
        written_ = false;
    }
    void write(std::uint32_t offset, std::uint32_t value) override
    {
        machine_.write32(offset, value);
        written_ = true;
    }
    [[nodiscard]] std::vector<std::uint32_t> read(std::span<const std::uint32_t> offsets) override
    {
        written_ = false;
        return machine_.read32(offsets);
    }
    [[nodiscard]] bool       interrupt_level() const override { return machine_.interrupt_level(); }
    [[nodiscard]] std::byte* at(std::uint64_t address) override { return machine_.memory().at(address); }
    void                     append(std::span<const std::byte> frame) override { machine_.append_frame(frame); }
    void                     start() override
    {
        if (written_) machine_.settle();
        written_ = false;
        machine_.send();
    }
    bool work(const std::function<bool()>& done) override
    {
        machine_.flush();
        return machine_.spin_until(done, qtest::in_time(patience));
    }

    /// How long frames may take to arrive. QEMU needs a millisecond; a machine that is busy with other things more.
    std::chrono::milliseconds patience{3000};

private:
    qtest::Machine& machine_;
    bool            written_ = false;  // since the last answer
};

}  // namespace overrun::differential
