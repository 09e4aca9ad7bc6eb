// SPDX-License-Identifier: Apache-2.0
// The NIC as a SystemC module: registers, DMA, interrupt line and wire around any engine.
// Never runs a clock, and never a process per access or per frame while a leader looks ahead (LookAhead).
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <exception>
#include <memory>
#include <optional>
#include <systemc>
#include <tlm>

#include "hw/base/ring_queue.hpp"
#include "hw/engine/nic_engine.hpp"
#include "hw/engine/nic_parameters.hpp"
#include "hw/systemc/dmi_dma_port.hpp"
#include "hw/systemc/interrupt_line.hpp"
#include "hw/systemc/nic_interfaces.hpp"
#include "hw/systemc/sc_time_bridge.hpp"
#include "hw/systemc/transport_dma_port.hpp"

namespace overrun {

/// Two ways to run it. With a leader (the HostCpuModule beside our driver) everything happens lazily in the leader's
/// thread. Without one, in the detailed mode, the engine goes with SystemC's time by itself, one event for each
/// internal step: for checks, and for platforms with a CPU of their own.
///
/// Two ways to reach memory. With `pcie` bound and memory that lends pointers (DMI), DMA books its time on that link
/// and moves octets by pointer. Otherwise, on a foreign platform, each access is a b_transport call at the time of its
/// issue, and what that says is its time; then nobody can lead. Neither a read of memory, nor the answer to a register
/// access, nor a change of `irq` then passes a write that the device posted before it.
class Nic final : public sc_core::sc_module, public LookAhead, public StepByStep {
public:
    /// Aligned 32-bit accesses to BAR0; PcieSpaceExtension selects another BAR (32 bits too) or configuration space
    /// (1, 2 or 4 octets, naturally aligned). Data is in the host's octet order. `delay` may run ahead; it grows by
    /// the CSR access time, except for writes to a BAR, which are posted. Without a leader, accesses that are not
    /// posted wait for SystemC's time. Anything else gets the error response that TLM-2.0 names for it.
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
    void                        lead(InterruptSink& cpu) override;
    void                        show_line(Time t) override;
    [[nodiscard]] bool          pass_over(Time t) override;
    void                        tell(InterruptSink& cpu, sc_core::sc_event& news) override;
    [[nodiscard]] std::uint64_t rises() const noexcept override { return edges_.rises; }

    /// What a sink or a source threw while the engine was at work in a process of the Nic's, for the CPU that was told
    /// (StepByStep); it has stopped the simulation (sc_stop). Null when nothing was thrown.
    [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }

private:
    /// Edges that the engine has committed and the line has not shown yet.
    struct Edges final : InterruptSink {
        struct Edge {
            Time          time;
            bool          level;
            std::uint64_t behind;  // the write that it must not pass, counted from 1; 0 when that is visible at `time`
        };

        explicit Edges(Nic& nic) : owner{nic} {}
        void               interrupt(const InterruptEdge& edge) override;
        void               write_taken(std::uint64_t number, Time visible);
        [[nodiscard]] Time next() const noexcept
        {
            return waiting.empty() || waiting.front().behind != 0 ? never : waiting.front().time;
        }

        Nic&            owner;
        RingQueue<Edge> waiting;
        std::uint64_t   rises = 0;
    };

    void end_of_elaboration() override;
    void start_of_simulation() override;

    void                       transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    [[nodiscard]] unsigned int debug(tlm::tlm_generic_payload& payload);
    void                       take_back(sc_dt::uint64 first, sc_dt::uint64 last) { lent_.take_back(first, last); }

    [[nodiscard]] Time wait_for_edge(const sc_core::sc_time& delay);
    [[nodiscard]] Time when_sent(Time ready);
    void               serve();
    void               refuse_pointers() const;
    void               wake();
    void               follow(Time now);
    [[nodiscard]] bool step(Time now);
    void               show();
    void               arm();
    void               arm_for(Time next, Time now);

    SystemcTime                time_;
    NicParameters              parameters_;
    EngineMaker                make_;
    Probe                      probe_;
    DmiDmaPort                 lent_;
    TransportDmaPort           transport_;
    bool                       transports_ = false;
    Edges                      edges_;
    std::unique_ptr<NicEngine> engine_;
    InterruptSink*             cpu_        = nullptr;
    bool                       led_        = false;
    const InterruptLine*       line_       = nullptr;  // what `irq` is bound to, if it is one
    Time                       shown_      = 0;        // with a leader: the line may change up to here
    sc_core::sc_event*         news_       = nullptr;  // without one: what the CPU waits for
    Time                       step_due_   = never;    // next_internal() when `due_` was last notified
    bool                       stood_back_ = false;    // the step that is due let others go first
    sc_core::sc_event          due_;
    std::exception_ptr         failure_;

#if IEEE_1666_SYSTEMC < 202301L
    SC_HAS_PROCESS(Nic);  // the revision of 2023 does without
#endif
};

}  // namespace overrun
