// SPDX-License-Identifier: Apache-2.0
// The seam below the host CPU: how it reaches registers, host memory and interrupts. One port for each platform.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "driver_sim/host/interrupt_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/platform/host_memory.hpp"

namespace overrun {

/// Host memory as a CPU sees it: `allocate` and `revoke` open and close windows for DMA, `at` is the octet at an
/// address.
template <class M>
concept PortMemory = requires(M& memory, std::uint64_t address, const DmaBuffer& buffer)
{
    {
        memory.allocate(address)
        } -> std::same_as<DmaBuffer>;
    memory.revoke(buffer);
    {
        memory.at(address)
        } -> std::same_as<std::byte*>;
};

template <class R>
concept PortMemoryReference = std::is_lvalue_reference_v<R> && PortMemory<std::remove_reference_t<R>>;

/// What HostCpu asks of a port. `t` is the CPU's own time in picoseconds, which does not fall from call to call. Ports
/// of the same platform parts give the same times and values (bare_port.hpp, systemc_port.hpp, detailed_port.hpp).
///
/// | call | contract |
/// |---|---|
/// | read, config_read | issued at `t`; the answer's time is when the CPU has the value, not before `t`. The device has
/// done everything that the value depends on | | write | posted at `t`: the CPU goes on at once | | config_write |
/// issued at `t`, not posted; returns when the CPU goes on | | fence | host memory shows all that the device did up to
/// `t` | | run_device | the device does all that it does by itself up to `t`, which may lie after the CPU's time | |
/// quiet_until | no interrupt arrives before it that the queue does not know; a load, no question to the device | |
/// interrupt_possible | whether one may arrive by `t` that the queue does not know. May be true without reason, not
/// false | | run_to_interrupt | the CPU touches nothing until `t`: runs the device to its next rising edge, which is
/// then in the queue, or to `t`; with `never` to the last thing that happens. Returns whether there was an edge | |
/// synchronise | the CPU goes to sleep or wakes at `t`; where other initiators exist, they act up to `t` first | |
/// interrupts | edges that have left the device, in order | | memory | host memory; looked at only after fence() |
template <class P>
concept HostPort = requires(P& port, const P& known, std::uint32_t word, unsigned octets, Time t)
{
    {
        port.read(word, t)
        } -> std::same_as<Answer>;
    port.write(word, word, t);
    {
        port.config_read(word, octets, t)
        } -> std::same_as<Answer>;
    {
        port.config_write(word, word, octets, t)
        } -> std::same_as<Time>;
    port.fence(t);
    port.run_device(t);
    {
        known.quiet_until()
        } -> std::same_as<Time>;
    {
        port.interrupt_possible(t)
        } -> std::same_as<bool>;
    {
        port.run_to_interrupt(t)
        } -> std::same_as<bool>;
    port.synchronise(t);
    {
        port.interrupts()
        } -> std::same_as<InterruptQueue&>;
    {
        port.memory()
        } -> PortMemoryReference;
};

}  // namespace overrun
