// SPDX-License-Identifier: Apache-2.0
// The NIC as a SystemC module: registers, DMA, interrupt line and wire around any engine.
// Never runs a clock, and never a process per access or per frame while a leader looks ahead (LookAhead).
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <functional>
#include <memory>
#include <systemc>
#include <tlm>

#include "hw/nic_engine.hpp"
#include "hw/nic_parameters.hpp"
#include "hw/ring_queue.hpp"
#include "hw/systemc/dmi_dma_port.hpp"
#include "hw/systemc/nic_interfaces.hpp"

namespace overrun {

/// Two ways to run it. With a leader (the HostCpuModule beside our driver) everything happens lazily in the leader's
/// thread. Without one the engine follows SystemC's time by itself, one event for each internal step: for platforms
/// with a CPU of their own, whose local time should then run ahead of SystemC's as little as possible.
class Nic final : public sc_core::sc_module, public LookAhead {
public:
    using EngineFactory = std::function<std::unique_ptr<NicEngine>(const EngineSeams&)>;

    /// Aligned 32-bit accesses to BAR0; PcieSpaceExtension selects another BAR (32 bits too) or configuration space
    /// (1, 2 or 4 octets, naturally aligned). Data is in the host's octet order. `delay` may run ahead; it grows by
    /// the CSR access time, except for writes to a BAR, which are posted. Anything else gets the error response that
    /// TLM-2.0 names for it.
    tlm_utils::simple_target_socket<Nic>    registers;
    tlm_utils::simple_initiator_socket<Nic> dma;   ///< towards memory that lends pointers (DMI)
    sc_core::sc_port<WireEnd>               wire;  ///< frames come from here
    sc_core::sc_port<PcieCost>              pcie;  ///< DMA time is booked here
    sc_core::sc_out<bool>                   irq;   ///< INTx, true while asserted, changes at the engine's edges

    /// @param make called once at the end of elaboration, when the engine's surroundings are known
    /// @param probe what the engine reports to
    Nic(const sc_core::sc_module_name& name, const NicParameters& parameters, EngineFactory make, Probe probe = {});

    [[nodiscard]] NicEngine&    engine() override { return *engine_; }
    void                        lead(InterruptSink& cpu) override { leader_ = &cpu; }
    void                        show_line(Time t) override;
    [[nodiscard]] std::uint64_t rises() const noexcept override { return edges_.rises; }

private:
    /// Edges that the engine has committed and the line has not shown yet.
    struct Edges final : InterruptSink {
        explicit Edges(Nic& nic) : owner{nic} {}
        void interrupt(const InterruptEdge& edge) override;

        Nic&                     owner;
        RingQueue<InterruptEdge> waiting;
        std::uint64_t            rises = 0;
    };

    void end_of_elaboration() override;
    void start_of_simulation() override;

    void                       transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] unsigned int debug(tlm::tlm_generic_payload& payload);
    void                       take_back(sc_dt::uint64 first, sc_dt::uint64 last) { port_.take_back(first, last); }

    void wake();
    void arm();

    CoreClock                  clock_;
    Time                       csr_read_;
    EngineFactory              make_;
    Probe                      probe_;
    DmiDmaPort                 port_;
    Edges                      edges_;
    std::unique_ptr<NicEngine> engine_;
    InterruptSink*             leader_ = nullptr;
    Time                       shown_  = 0;  // with a leader: the line may change up to here
    sc_core::sc_event          due_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Nic);  // the revision of 2023 does without
#endif
};

}  // namespace overrun
