// SPDX-License-Identifier: Apache-2.0
// The bus seam: all that the reference driver needs of the machine it runs on.
// Never says what is behind it: a modelled CPU with or without SystemC, an emulator, or a real card.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "hw/base/time.hpp"
#include "hw/engine/descriptors.hpp"
#include "hw/platform/host_memory.hpp"

namespace overrun {

/// Called by the bus when an interrupt reaches the CPU; interrupts stay off until it returns.
class InterruptHandler {
public:
    virtual ~InterruptHandler() = default;
    virtual void interrupt()    = 0;
};

/// What a bus must offer. Calls block: when they return, the CPU's time has passed.
///
/// read32, write32     registers in BAR0, aligned; writes are posted
/// config_read/write   PCI configuration space, 1, 2 or 4 octets
/// allocate, revoke    memory that the device may reach, page-aligned and zeroed
/// load<T>(address)    sees all that the device wrote up to now(); T is 16 octets or less
/// peek<T>(address)    may miss what the device wrote last: enough where what it shows can only be added to
/// store(address, v)   ordinary memory write, visible to the device at once
/// view(address, n)    octets that the device wrote before what load() last returned
/// fence()             lets the device catch up with now()
/// spend(t)            CPU time; an unmasked interrupt splits it at its edge
/// sleep_until(t)      gives the CPU up; interrupts are taken
/// wait_interrupt(t)   sleeps until an interrupt has been handled (true) or until t (false); t may be `never`
template <class B>
concept Bus = requires(B bus, std::uint32_t offset, std::uint32_t value, std::uint64_t address, Time t,
                       InterruptHandler* handler, const DmaBuffer& buffer, const RxDescriptorRead& descriptor)
{
    {
        bus.read32(offset)
        } -> std::same_as<std::uint32_t>;
    bus.write32(offset, value);
    {
        bus.config_read(offset, 4U)
        } -> std::same_as<std::uint32_t>;
    bus.config_write(offset, value, 4U);
    {
        bus.allocate(address)
        } -> std::same_as<DmaBuffer>;
    bus.revoke(buffer);
    {
        bus.template load<RxDescriptorRead>(address)
        } -> std::same_as<RxDescriptorRead>;
    {
        bus.template peek<RxDescriptorRead>(address)
        } -> std::same_as<RxDescriptorRead>;
    bus.store(address, descriptor);
    {
        bus.view(address, offset)
        } -> std::same_as<std::span<const std::byte>>;
    bus.fence();
    bus.spend(t);
    bus.sleep_until(t);
    {
        bus.wait_interrupt(t)
        } -> std::same_as<bool>;
    {
        bus.now()
        } -> std::same_as<Time>;
    bus.set_interrupt_handler(handler);
};

}  // namespace overrun
