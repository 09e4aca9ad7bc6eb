// SPDX-License-Identifier: Apache-2.0
// The device's registers: storage, live values, what a write makes the blocks do, and the resets (contract A and B).
#pragma once

#include <cstdint>

#include "hw/engine/nic_engine.hpp"
#include "model/csr.hpp"
#include "model/host_accesses.hpp"
#include "model/interrupts.hpp"
#include "model/link.hpp"
#include "model/nvm.hpp"
#include "model/pci_config.hpp"
#include "model/register_decode.hpp"
#include "model/rx_control.hpp"
#include "model/rx_dma.hpp"
#include "model/rx_fifo.hpp"
#include "model/rx_filter.hpp"
#include "model/rx_mac.hpp"
#include "model/statistics.hpp"

namespace overrun {

/// Functions that take a time are called at engine time, which is that time.
class RegisterBlock {
public:
    /// The blocks that registers show and move. All outlive this one.
    struct Peers {
        HostAccesses& accesses;
        MisuseCounts& misuse;
        Statistics&   statistics;
        RxControl&    control;
        Link&         link;
        RxFilter&     filter;
        RxFifo&       fifo;
        Interrupts&   interrupts;
        RxDma&        dma;
        RxMac&        mac;
    };

    RegisterBlock(const NicParameters& parameters, Probe probe, const Peers& peers);

    /// Power-on and PERST#: every register, configuration space, the link; queued writes are dropped (B.0).
    void reset(Time t);

    // Memory and I/O windows.

    /// @return what the bus carries: all ones while PCI Command disables the window
    [[nodiscard]] std::uint32_t read(Space space, std::uint32_t offset, Time t);
    void                        write(const HostAccess& access, Time t);
    /// Content as a read would return it, without the read's effect; 0 where there is no register.
    [[nodiscard]] std::uint32_t peek(std::uint32_t offset, Time t) const;

    // Configuration space.

    [[nodiscard]] std::uint32_t read_config(std::uint32_t offset, unsigned octets) const noexcept
    {
        return config_.read(offset, octets);
    }
    void write_config(std::uint32_t offset, std::uint32_t value, unsigned octets, Time t);

    /// The link goes up or down: LSC, and the MAC receives or does not.
    void change_link(bool up, Time t);

    void set_probe(Probe probe) noexcept { probe_ = probe; }

private:
    // Accesses.
    [[nodiscard]] std::uint32_t read_register(std::uint32_t offset, Time t);
    [[nodiscard]] std::uint32_t read_causes(Time t);
    [[nodiscard]] std::uint32_t live_value(std::uint32_t offset, Time t) const;
    void                        write_register(std::uint32_t offset, std::uint32_t value, Time t);
    void                        write_tail(std::uint32_t value, Time t);
    void                        act(std::uint32_t offset, std::uint32_t value, std::uint32_t before, Time t);
    void                        act_on_filter_table(std::uint32_t offset, Time t);
    void                        report_write(std::uint32_t target, Time t);
    /// PCI Command enables I/O and memory apart (A.1).
    [[nodiscard]] bool answers(Space space) const noexcept
    {
        return space == Space::io ? config_.io_enabled() : config_.memory_enabled();
    }

    // One register each.
    void write_ctrl(std::uint32_t value, Time t);
    void write_ctrl_ext(std::uint32_t value, Time t);
    void write_rctl(std::uint32_t value, std::uint32_t before, Time t);
    void write_head(Time t);
    void read_nvm_word(std::uint32_t command);
    void share_buffer_memory();

    // Registers decoded for the blocks.
    void set_tail(Time t);
    void update_link(Time t);
    void update_rx_control(Time t);
    void update_filter();
    void update_auto_mask();
    void update_delays();
    void update_ring(std::uint32_t head, Time t);
    void update_thresholds(Time t);
    void update_master(Time t);

    /// CTRL.RST, or with all registers a part of reset().
    void mac_reset(bool all, Time t);
    void load_nvm(Time t);

    [[nodiscard]] std::uint32_t ring_size() const noexcept { return csr_[reg::RDLEN::at(0)] / rx_descriptor_octets; }
    void                        count(Misuse misuse) noexcept { ++peers_.misuse[static_cast<std::size_t>(misuse)]; }

    const NicParameters& parameters_;
    Probe                probe_;
    const Peers          peers_;

    Csr           csr_;
    PciConfig     config_;
    Nvm           nvm_;
    Time          reset_until_ = 0;  // CTRL.RST reads 1 before this
    Time          nvm_ready_   = 0;  // EECD.AUTO_RD reads 0 before this
    std::uint32_t io_address_  = 0;  // IOADDR
};

}  // namespace overrun
