// SPDX-License-Identifier: Apache-2.0
// The NIC as a SystemC module: registers, DMA, interrupt line and wire around any engine.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <exception>
#include <memory>
#include <optional>
#include <systemc>
#include <tlm>

#include "hw/engine/nic_engine.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/systemc/dmi_dma_port.hpp"
#include "hw/systemc/interrupt_driver.hpp"
#include "hw/systemc/lazy_time.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/sc_time_bridge.hpp"
#include "hw/systemc/step_time.hpp"
#include "hw/systemc/transport_dma_port.hpp"

namespace overrun {

/// Two ways to go with SystemC's time. Once a CPU has decoupled it (DecoupledNic, as the HostCpuModule of our driver
/// does), everything happens lazily in that CPU's thread (LazyTime). Otherwise, in the detailed mode, each internal
/// step of the engine is an event of SystemC's (StepTime): for checks, and for platforms with a CPU of their own.
///
/// Two ways to reach memory. With `pcie` bound and memory that supports DMI, DMA books its time on that link and moves
/// octets by pointer. Otherwise, on a foreign platform, each access is a b_transport call at the time of its issue, and
/// the annotated delay is its duration; then no CPU can decouple the Nic. Neither a read of memory, nor the answer to a
/// register access, nor a change of `irq` then passes a write that the device posted before it.
class Nic final : public sc_core::sc_module, public DecoupledNic, public TimedNic {
public:
    /// Aligned 32-bit accesses to BAR0; PcieSpaceExtension selects another BAR (32 bits too) or configuration space
    /// (1, 2 or 4 octets, naturally aligned). Data is in the host's octet order. `delay` may run ahead; it grows by
    /// the CSR access time, except for writes to a BAR, which are posted. In the detailed mode, accesses that are
    /// not posted wait for their core clock edge. Anything else gets the error response that TLM-2.0 names for it.
    tlm_utils::simple_target_socket<Nic>                          registers;
    tlm_utils::simple_initiator_socket<Nic>                       dma;   ///< towards memory
    sc_core::sc_port<WireEnd>                                     wire;  ///< frames come from here
    sc_core::sc_port<PcieCost, 1, sc_core::SC_ZERO_OR_MORE_BOUND> pcie;  ///< DMA time is booked here; may be left open
    sc_core::sc_out<bool> irq;  ///< INTx, true while asserted, changes at the engine's edges; see InterruptLine

    /// @param make called once at the end of elaboration, when the engine's surroundings are known
    /// @param probe what the engine reports to
    Nic(const sc_core::sc_module_name& name, const NicParameters& parameters, EngineMaker make, Probe probe = {});

    /// For a platform whose targets take no long transactions: none of those by which the Nic reaches memory there is
    /// longer than `octets`, a power of two, or crosses a multiple of it. Before the end of elaboration.
    void limit_dma(std::uint32_t octets) noexcept { transport_.limit(octets); }

    /// Accesses to memory that a foreign platform answered with an error, and the first of them.
    [[nodiscard]] std::uint64_t dma_refused() const noexcept { return transport_.refused_count(); }
    [[nodiscard]] const std::optional<RefusedAccess>& first_dma_refused() const noexcept
    {
        return transport_.first_refused();
    }

    [[nodiscard]] NicEngine&    engine() override { return *engine_; }
    [[nodiscard]] std::uint64_t rises() const noexcept override { return line_.rises(); }
    void                        decouple(InterruptSink& cpu) override;
    void                        drive_until(Time t) override { lazy_.drive_until(t); }
    [[nodiscard]] bool          skip_edges(Time t) override { return lazy_.skip_edges(t); }
    void                        attach(InterruptSink& cpu, sc_core::sc_event& wake) override;

    /// What a sink or a source threw while the engine was at work in a process of the Nic's, for a CPU that is attached
    /// (TimedNic); it has stopped the simulation (sc_stop). Null when nothing was thrown.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return step_.failure(); }

private:
    void end_of_elaboration() override;
    void start_of_simulation() override;

    void                       transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] unsigned int debug(tlm::tlm_generic_payload& payload);
    void                       invalidate(sc_dt::uint64 first, sc_dt::uint64 last) { dmi_.invalidate(first, last); }

    [[nodiscard]] Time when_sent(Time ready);
    void               serve();
    void               refuse_pointers() const;
    void               wake() { nic_time_->wake(); }

    SystemcTime                time_;
    NicParameters              parameters_;
    EngineMaker                make_;
    Probe                      probe_;
    DmiDmaPort                 dmi_;
    TransportDmaPort           transport_;
    bool                       transports_ = false;
    sc_core::sc_event          due_;
    InterruptDriver            line_;
    LazyTime                   lazy_;
    StepTime                   step_;
    NicTime*                   nic_time_ = &step_;
    std::unique_ptr<NicEngine> engine_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Nic);  // the revision of 2023 does without
#endif
};

}  // namespace overrun
