// SPDX-License-Identifier: Apache-2.0
// The driver's bus on QEMU: the reference driver runs on it as it is.
// It models no time: the bus's time is the host's, and CPU work costs what it costs.
#pragma once

#include <atomic>
#include <chrono>
#include <cstring>
#include <span>

#include "driver_sim/bus.hpp"
#include "driver_sim/qtest/machine.hpp"

namespace overrun::qtest {

class Bus {
public:
    /// @param quiet how long nothing must happen before a wait without a deadline ends
    explicit Bus(Machine& machine, std::chrono::milliseconds quiet = std::chrono::milliseconds{300})
        : machine_{machine}, quiet_{quiet}
    {
    }

    [[nodiscard]] std::uint32_t read32(std::uint32_t offset) { return machine_.read32(offset); }
    void                        write32(std::uint32_t offset, std::uint32_t value) { machine_.write32(offset, value); }
    [[nodiscard]] std::uint32_t config_read(std::uint32_t offset, unsigned octets)
    {
        return machine_.config_read(offset, octets);
    }
    void config_write(std::uint32_t offset, std::uint32_t value, unsigned octets)
    {
        machine_.config_write(offset, value, octets);
    }

    [[nodiscard]] DmaBuffer allocate(std::uint64_t octets) { return machine_.memory().allocate(octets); }
    /// This machine has no IOMMU, so nothing keeps the device away from what it had.
    void revoke(const DmaBuffer&) noexcept {}

    template <class T>
    [[nodiscard]] T load(std::uint64_t address)
    {
        return peek<T>(address);
    }
    /// A descriptor's second half is what shows that it is done, so it is looked at first.
    template <class T>
    [[nodiscard]] T peek(std::uint64_t address)
    {
        static_assert(sizeof(T) <= 16);
        constexpr std::size_t first = sizeof(T) == 16 ? 8 : 0;
        T                     value;
        auto*                 to   = reinterpret_cast<std::byte*>(&value);
        const std::byte*      from = machine_.memory().at(address);
        std::memcpy(to + first, from + first, sizeof(T) - first);
        std::atomic_thread_fence(std::memory_order_acquire);
        std::memcpy(to, from, first);
        return value;
    }
    template <class T>
    void store(std::uint64_t address, const T& value)
    {
        std::memcpy(machine_.memory().at(address), &value, sizeof value);
        std::atomic_thread_fence(std::memory_order_release);
    }
    [[nodiscard]] std::span<const std::byte> view(std::uint64_t address, std::uint32_t octets)
    {
        return {machine_.memory().at(address), octets};
    }
    void fence() {}

    /// Real CPUs take their time by themselves.
    void spend(Time) { deliver(); }
    void sleep_until(Time t)
    {
        while (now() < t && wait_interrupt(t)) {}
    }
    [[nodiscard]] bool wait_interrupt(Time deadline)
    {
        if (deliver()) return true;
        machine_.send();
        machine_.run_until([this] { return handler_ != nullptr && machine_.interrupt_level(); }, host_time(deadline));
        return deliver();
    }
    [[nodiscard]] Time now() const
    {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - begin_).count() *
               nanosecond;
    }
    void set_interrupt_handler(InterruptHandler* handler) noexcept { handler_ = handler; }

private:
    /// @return whether there was an interrupt to deliver
    bool deliver()
    {
        if (handler_ == nullptr || in_interrupt_) return false;
        machine_.flush();
        machine_.serve();
        if (!machine_.interrupt_level()) return false;
        in_interrupt_ = true;
        handler_->interrupt();
        in_interrupt_ = false;
        return true;
    }
    [[nodiscard]] Deadline host_time(Time t) const
    {
        if (t == never) return in_time(quiet_);
        return begin_ + std::chrono::nanoseconds{t / nanosecond};
    }

    Machine&                  machine_;
    std::chrono::milliseconds quiet_;
    Deadline                  begin_        = std::chrono::steady_clock::now();
    InterruptHandler*         handler_      = nullptr;
    bool                      in_interrupt_ = false;
};

static_assert(overrun::Bus<Bus>);

}  // namespace overrun::qtest
