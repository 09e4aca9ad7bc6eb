// SPDX-License-Identifier: Apache-2.0
// The reference driver: a walk through the datasheet from probe to bring-down, and the NAPI receive loop in between.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "driver_sim/bus.hpp"
#include "driver_sim/driver/driver_counts.hpp"
#include "driver_sim/driver/driver_error.hpp"
#include "driver_sim/driver/driver_settings.hpp"
#include "driver_sim/driver/driver_state.hpp"
#include "driver_sim/driver/frame_consumer.hpp"
#include "driver_sim/driver/interrupt_rate.hpp"
#include "driver_sim/driver/rx_ring.hpp"
#include "driver_sim/driver/watchdog.hpp"
#include "hw/engine/probe.hpp"
#include "hw/ethernet/multicast_hash.hpp"
#include "hw/registers/counters.hpp"

namespace overrun {

template <Bus B>
class Driver final : public InterruptHandler {
public:
    Driver(B& bus, DriverSettings settings, Probe probe, FrameConsumer* consumer = nullptr)
        : bus_{bus},
          settings_{std::move(settings)},
          probe_{probe},
          consumer_{consumer},
          ring_{settings_.ring},
          rate_{settings_.rx_usecs.value_or(InterruptRate::off)},
          watchdog_{settings_.watchdog.value_or(0)}
    {
    }

    /// Finds the device, resets it, reads the NVM, sets up ring and filters, enables receive and interrupts.
    [[nodiscard]] std::optional<DriverError> open()
    {
        if (!probe_device()) return DriverError::no_device;
        if (const auto error = reset_device()) return error;
        if (const auto error = read_nvm()) return error;
        set_up_mac();
        ring_.allocate(bus_);
        set_up_receive();
        clear_statistics();
        enable();
        return wait_for_link();
    }

    /// Receives until `deadline`, or until nothing happens any more when that is `never`.
    void run(Time deadline)
    {
        watchdog_.wake(bus_.now());
        while (bus_.now() < deadline) {
            if (poll_scheduled_) {
                poll();
                if (bus_.now() >= watchdog_.due()) look_after();
            } else if (!bus_.wait_interrupt(std::min(deadline, watchdog_.due()))) {
                if (bus_.now() < watchdog_.due()) break;
                look_after();
            }
        }
    }

    // Rare and out of line, in driver_recovery.hpp.

    /// After run(never), when the bus's time is where the device's is: one more look at the device.
    /// @return whether something is wrong or suspicious, so that it is worth running on
    [[nodiscard]] bool attend();

    /// As `ethtool -G`: receive off, what the device still had descriptors for is taken, a new ring, receive on.
    /// @param ring as DriverSettings::ring
    void resize(std::uint32_t ring);

    /// Adds what the statistics registers hold to the totals. Each read clears its register.
    void read_statistics()
    {
        const auto read = [this](std::uint32_t offset) { return bus_.read32(offset); };
        for (std::size_t i = 0; i < totals_.size(); ++i) totals_[i] += reg::counter_value(reg::counter_table[i], read);
    }

    /// Stops receive, waits for the device to fall silent, resets it and takes the memory back.
    /// Frames that still lie in the ring are discarded.
    std::optional<DriverError> close()
    {
        write(reg::IMC::offset, ~0U);
        write(reg::RCTL::offset, read(reg::RCTL::offset) & ~reg::RCTL::EN.mask());
        bus_.sleep_until(bus_.now() + 10 * millisecond);
        read_statistics();
        discard_ring();
        auto error = reset_device();
        // Configuration space may have been reset under the driver.
        if (error == DriverError::master_stuck && read(reg::STATUS::offset) == ~0U && probe_device())
            error = reset_device();
        bus_.set_interrupt_handler(nullptr);
        ring_.revoke(bus_);
        state(DriverState::down);
        return error;
    }

    void set_promiscuous(bool promiscuous)
    {
        settings_.promiscuous = promiscuous;
        write(reg::RCTL::offset, receive_control() | reg::RCTL::EN.mask());
    }
    void set_multicast(std::vector<MacAddress> list, bool all)
    {
        settings_.multicast = std::move(list);
        settings_.allmulti  = all;
        write_multicast_table();
        write(reg::RCTL::offset, receive_control() | reg::RCTL::EN.mask());
    }

    /// Handler: reading ICR clears the causes and masks them all (IAM), until the poll is over. A device that does not
    /// mask by itself, such as an older QEMU's, interrupts a poll as well, which goes on then.
    void interrupt() override
    {
        state(DriverState::interrupt);
        const std::uint32_t causes = read(reg::ICR::offset);
        if (!reg::ICR::INT_ASSERTED.in(causes)) return;  // not ours
        if (!std::exchange(poll_scheduled_, true)) entered_ = false;
        ++counts_.interrupts;
        if (reg::ICR::RXO.in(causes)) ++counts_.overruns;
        if (watchdog_.rests()) watchdog_.wake(bus_.now());
    }

    [[nodiscard]] const MacAddress&     address() const noexcept { return address_; }
    [[nodiscard]] const DriverCounts&   counts() const noexcept { return counts_; }
    [[nodiscard]] const RegisterTotals& register_totals() const noexcept { return totals_; }
    [[nodiscard]] const DriverSettings& settings() const noexcept { return settings_; }

private:
    // The interrupts Linux enables for INTx, and RXO, which this driver counts.
    static constexpr std::uint32_t enabled_causes = reg::ICR::LSC.mask() | reg::ICR::RXSEQ.mask() |
                                                    reg::ICR::RXDMT0.mask() | reg::ICR::RXO.mask() |
                                                    reg::ICR::RXT0.mask();

    [[nodiscard]] std::uint32_t read(std::uint32_t offset) { return bus_.read32(offset); }
    void                        write(std::uint32_t offset, std::uint32_t value) { bus_.write32(offset, value); }

    void state(DriverState value)
    {
        probe_(ProbeKind::driver, bus_.now(), 0, static_cast<std::uint64_t>(value), ring_.with_device());
    }

    // 1. Configuration space: the device's identity, memory decode and bus mastering on (contract E.1 probe).
    bool probe_device()
    {
        constexpr std::uint32_t id = 0x10d3'8086;
        if (bus_.config_read(0x00, 4) != id) return false;
        constexpr std::uint32_t memory = 2, master = 4, command = 0x04;
        bus_.config_write(command, bus_.config_read(command, 2) | memory | master, 2);
        write(reg::IMC::offset, ~0U);
        static_cast<void>(read(reg::STATUS::offset));  // flushes the posted write
        return true;
    }

    // 2. Global reset, with the device silent before and the NVM loaded after (contract E.1 reset_hw).
    std::optional<DriverError> reset_device()
    {
        write(reg::CTRL::offset, read(reg::CTRL::offset) | reg::CTRL::GIO_MASTER_DISABLE.mask());
        if (!poll_until(100 * microsecond, 800,
                        [this] { return !reg::STATUS::GIO_MASTER_ENABLE.in(read(reg::STATUS::offset)); }))
            return DriverError::master_stuck;
        write(reg::IMC::offset, ~0U);
        write(reg::RCTL::offset, 0);
        bus_.sleep_until(bus_.now() + 10 * millisecond);

        // The packet buffer's split takes effect at the reset.
        write(reg::PBA::offset, reg::PBA::RXA.set(0, settings_.rx_fifo_kib));
        write(reg::CTRL::offset, read(reg::CTRL::offset) | reg::CTRL::RST.mask());
        bus_.sleep_until(bus_.now() + 1 * millisecond);
        if (!poll_until(1 * millisecond, 10, [this] { return reg::EECD::AUTO_RD.in(read(reg::EECD::offset)); }))
            return DriverError::nvm_timeout;
        bus_.sleep_until(bus_.now() + 25 * millisecond);
        write(reg::IMC::offset, ~0U);
        static_cast<void>(read(reg::ICR::offset));
        return std::nullopt;
    }

    // 3. The NVM: its words add up to BABA, and the first three are the address (contract E.1 NVM).
    std::optional<DriverError> read_nvm()
    {
        std::uint16_t sum = 0;
        for (std::uint32_t word = 0; word < 64; ++word) {
            write(reg::EERD::offset, reg::EERD::ADDR.set(reg::EERD::START.mask(), word));
            std::uint32_t value = 0;
            if (!poll_until(5 * microsecond, 1000, [&] { return reg::EERD::DONE.in(value = read(reg::EERD::offset)); }))
                return DriverError::nvm_timeout;
            const auto data = static_cast<std::uint16_t>(reg::EERD::DATA.get(value));
            sum             = static_cast<std::uint16_t>(sum + data);
            if (word < 3) {
                address_.octets[2 * word]     = static_cast<std::uint8_t>(data);
                address_.octets[2 * word + 1] = static_cast<std::uint8_t>(data >> 8U);
            }
        }
        if (sum != 0xbaba) return DriverError::nvm_checksum;
        if (address_.is_group()) return DriverError::bad_address;
        return std::nullopt;
    }

    // 4. Addresses, flow control constants, filters (contract E.1 init_hw and setup_link).
    void set_up_mac()
    {
        write(reg::CTRL::offset, (read(reg::CTRL::offset) | reg::CTRL::SLU.mask()) &
                                     ~(reg::CTRL::FRCSPD.mask() | reg::CTRL::FRCDPX.mask()));
        write(reg::FCT::offset, 0x8808);
        write(reg::FCAH::offset, 0x0100);
        write(reg::FCAL::offset, 0x00c2'8001);
        write(reg::VET::offset, 0x8100);
        write_vlan_table();

        const std::uint64_t station = address_.value();
        write(reg::RAL::at(0), static_cast<std::uint32_t>(station));
        write(reg::RAH::at(0), static_cast<std::uint32_t>(station >> 32U) | reg::RAH::AV.mask());
        for (std::uint32_t i = 1; i < reg::RAL::count; ++i) {
            write(reg::RAL::at(i), 0);
            write(reg::RAH::at(i), 0);
        }
        write_multicast_table();
    }

    void write_multicast_table()
    {
        std::array<std::uint32_t, reg::MTA::count> table{};
        for (const MacAddress& address : settings_.multicast) {
            const MulticastHash hash = multicast_hash(address.octets[4], address.octets[5], 0);
            table[hash.word] |= 1U << hash.bit;
        }
        for (std::uint32_t i = 0; i < reg::MTA::count; ++i) write(reg::MTA::at(i), table[i]);
    }

    void write_vlan_table()
    {
        std::array<std::uint32_t, reg::VFTA::count> table{};
        if (settings_.vlans)
            for (const std::uint16_t vlan : *settings_.vlans) table[vlan >> 5U & 0x7fU] |= 1U << (vlan & 31U);
        for (std::uint32_t i = 0; i < reg::VFTA::count; ++i) write(reg::VFTA::at(i), table[i]);
    }

    // 5. The receive ring and everything that must be right before RCTL.EN (contract E.1 configure_rx).
    void set_up_receive()
    {
        in_split_frame_ = false;
        poll_scheduled_ = false;
        write(reg::RXDCTL::at(0), reg::RXDCTL::GRAN.mask() | reg::RXDCTL::PTHRESH.set(0, settings_.pthresh) |
                                      reg::RXDCTL::HTHRESH.set(0, settings_.hthresh) |
                                      reg::RXDCTL::WTHRESH.set(0, settings_.wthresh));
        write(reg::RDTR::offset, settings_.rdtr);
        write(reg::RADV::offset, settings_.radv);
        write(reg::ITR::offset, settings_.rx_usecs ? itr_units(rate_.per_second()) : settings_.itr);
        // The read of ICR masks: the handler needs no write for it.
        write(reg::IAM::offset, ~0U);
        write(reg::CTRL_EXT::offset, read(reg::CTRL_EXT::offset) | reg::CTRL_EXT::IAME.mask());
        write(reg::RDBAL::at(0), static_cast<std::uint32_t>(ring_.base()));
        write(reg::RDBAH::at(0), static_cast<std::uint32_t>(ring_.base() >> 32U));
        write(reg::RDLEN::at(0), settings_.ring * rx_descriptor_octets);
        write(reg::RDH::at(0), 0);
        write(reg::RDT::at(0), 0);
        // ACK frames get no interrupt of their own (RFCTL.ACK_DIS).
        write(reg::RFCTL::offset, reg::RFCTL::ACK_DIS.mask() | (settings_.extended ? reg::RFCTL::EXTEN.mask() : 0));
        // No checksum is looked at, so none is asked for; PCSD as the Linux driver sets it (contract E.1).
        write(reg::RXCSUM::offset, reg::RXCSUM::PCSD.mask());
        ring_.set_extended(settings_.extended);
    }

    [[nodiscard]] std::uint32_t receive_control() const
    {
        std::uint32_t value = reg::RCTL::BAM.mask();  // BSIZE 00: 2048 octets
        if (settings_.promiscuous) value |= reg::RCTL::UPE.mask() | reg::RCTL::MPE.mask();
        if (settings_.allmulti) value |= reg::RCTL::MPE.mask();
        if (settings_.vlans) value |= reg::RCTL::VFE.mask();
        if (settings_.keep_bad) value |= reg::RCTL::SBP.mask();
        if (settings_.long_frames) value |= reg::RCTL::LPE.mask();
        if (settings_.strip_fcs) value |= reg::RCTL::SECRC.mask();
        return value;
    }

    // 6. Counters hold whatever was there before: read once and forget.
    void clear_statistics()
    {
        read_statistics();
        totals_.fill(0);
    }

    // 7. Receive on, the ring handed over, interrupts on.
    void enable()
    {
        write(reg::RCTL::offset, receive_control() | reg::RCTL::EN.mask());
        ring_.fill(bus_);
        write(reg::RDT::at(0), ring_.tail());
        bus_.set_interrupt_handler(this);
        write(reg::IMS::offset, enabled_causes);
        state(DriverState::idle);
    }

    std::optional<DriverError> wait_for_link()
    {
        constexpr int tries  = 5000;  // Linux gives negotiation five seconds
        std::uint32_t status = 0;
        if (!poll_until(1 * millisecond, tries, [&] { return reg::STATUS::LU.in(status = read(reg::STATUS::offset)); }))
            return DriverError::no_link;
        gigabit_ = reg::STATUS::SPEED.get(status) >= 2;
        return std::nullopt;
    }

    template <class Condition>
    [[nodiscard]] bool poll_until(Time step, int tries, Condition condition)
    {
        for (int i = 0; i < tries; ++i) {
            if (condition()) return true;
            bus_.sleep_until(bus_.now() + step);
        }
        return condition();
    }

    // The receive loop. It reads no register: what a frame needs lies in host memory.
    void poll()
    {
        if (!entered_) bus_.spend(settings_.poll_entry);
        entered_ = true;
        ++counts_.polls;
        state(DriverState::poll);

        std::uint32_t done = 0;
        for (; done < settings_.budget && ring_.done(bus_); ++done) {
            bus_.spend(settings_.frame_time);
            receive();
            ring_.refill(bus_);
            if (ring_.unannounced() >= settings_.tail_step) {
                // Whole steps only; the rest waits for its step to fill.
                ring_.announce(settings_.tail_step);
                write(reg::RDT::at(0), ring_.tail());
                ++counts_.doorbells;
            }
        }
        if (done == settings_.budget) return;  // more may wait: the next poll follows
        poll_scheduled_ = false;
        if (rate_.adapts()) adapt_rate();
        write(reg::IMS::offset, enabled_causes);
        state(DriverState::idle);
    }

    void receive()
    {
        const RxRing::Received received = ring_.received();
        if (!received.end_of_frame) {
            in_split_frame_ = true;
            return;
        }
        if (in_split_frame_) {
            in_split_frame_ = false;
            ++counts_.split_frames;
            finish(Fate::driver_error_frame);
        } else if ((received.errors & rx_error::frame_errors) != 0) {
            ++counts_.error_frames;
            finish(Fate::driver_error_frame);
        } else {
            ++counts_.frames;
            counts_.octets += received.length;
            if (consumer_ != nullptr) consumer_->frame(bus_.view(received.buffer, received.length), bus_.now());
            finish(Fate::delivered);
        }
    }

    void adapt_rate();
    void look_after();
    void recover();
    void discard_ring();

    void finish(Fate fate) { probe_.taken(bus_.now(), fate); }

    B&             bus_;
    DriverSettings settings_;
    Probe          probe_;
    FrameConsumer* consumer_;
    RxRing         ring_;
    MacAddress     address_{};
    bool           poll_scheduled_ = false;
    bool           entered_        = false;  // this interrupt's softirq has begun
    bool           in_split_frame_ = false;
    bool           gigabit_        = true;
    InterruptRate  rate_;
    DriverCounts   rated_;  // counts when the rate was decided last
    Watchdog       watchdog_;
    DriverCounts   counts_;
    RegisterTotals totals_{};
};

}  // namespace overrun

#include "driver_sim/driver/driver_recovery.hpp"
