// SPDX-License-Identifier: Apache-2.0
// Turns transactions into calls of the engine, and the engine's edges into changes of a line.
// Never more than one writer of the line and one pending event for it.
#include "hw/systemc/nic.hpp"

#include <algorithm>
#include <cstring>

#include "hw/systemc/pcie_extensions.hpp"

namespace overrun {

namespace {

tlm::tlm_response_status check(const tlm::tlm_generic_payload& payload, Space space)
{
    const std::uint64_t address = payload.get_address();
    const unsigned int  length  = payload.get_data_length();
    const bool          config  = space == Space::config;
    if (!payload.is_read() && !payload.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (payload.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length != 4 && !(config && (length == 1 || length == 2))) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (payload.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
    // `length` is a power of two.
    if ((address & (length - 1)) != 0 || address >= octets_of(space)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    return tlm::TLM_OK_RESPONSE;
}

/// Nearly always a whole register, so that is no call.
void copy(void* to, const void* from, unsigned int octets)
{
    if (octets == sizeof(std::uint32_t)) {
        std::memcpy(to, from, sizeof(std::uint32_t));
    } else {
        std::memcpy(to, from, octets);
    }
}

}  // namespace

Nic::Nic(const sc_core::sc_module_name& module_name, const NicParameters& parameters, EngineMaker make, Probe probe)
    : sc_core::sc_module{module_name},
      registers{"registers"},
      dma{"dma"},
      wire{"wire"},
      pcie{"pcie"},
      irq{"irq"},
      parameters_{parameters},
      make_{std::move(make)},
      probe_{probe},
      edges_{*this},
      due_{"due"}
{
    registers.register_b_transport(this, &Nic::transport);
    registers.register_transport_dbg(this, &Nic::debug);
    dma.register_invalidate_direct_mem_ptr(this, &Nic::take_back);
    SC_METHOD(wake);
    sensitive << due_;
    dont_initialize();
}

void Nic::end_of_elaboration()
{
    require_picoseconds(name());
    if (pcie.size() != 0) lent_.connect(*dma.operator->(), pcie->link());
    transports_ = pcie.size() == 0 || !lent_.lends();
    if (transports_) {
        transport_.connect(*dma.operator->());
        SC_THREAD(serve);
    }
    DmaPort& port = transports_ ? static_cast<DmaPort&>(transport_) : lent_;
    engine_       = make_(parameters_, {port, wire->frames(), edges_, probe_});
}

void Nic::start_of_simulation()
{
    arm();
}

void Nic::transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay)
{
    const Space space = space_of(payload);
    const auto  fault = check(payload, space);
    payload.set_response_status(fault);
    if (fault != tlm::TLM_OK_RESPONSE) return;

    const auto         offset = static_cast<std::uint32_t>(payload.get_address());
    const unsigned int length = payload.get_data_length();
    std::uint32_t      value  = 0;
    if (payload.is_write()) copy(&value, payload.get_data_ptr(), length);
    if (payload.is_write() && space != Space::config) {
        engine_->post_write(space, offset, value, time_.now() + to_time(delay));
    } else {
        const Time arrival = wait_for_edge(delay);
        Answer     answer{};
        if (payload.is_write()) {
            answer.time = engine_->config_write(offset, value, length, arrival);
        } else {
            answer = space == Space::config ? engine_->config_read(offset, length, arrival)
                                            : engine_->read(space, offset, arrival);
            copy(payload.get_data_ptr(), &answer.value, length);
        }
        delay = to_sc_time(when_sent(answer.time) - time_.now());
    }
    // While the leader waits for SystemC's time, others act; otherwise it says when the line may change.
    if (!led_ || time_.now() < shown_) arm();
}

/// For an access that is not posted and arrives after `delay`. Without a leader SystemC's time goes to its edge: it is
/// a part of the device's step there.
/// @return its arrival
Time Nic::wait_for_edge(const sc_core::sc_time& delay)
{
    const Time arrival = time_.now() + to_time(delay);
    if (led_) return arrival;
    if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
    for (;;) {
        const Time now  = time_.now();
        const Time edge = engine_->access_edge(arrival);
        if (edge <= now) return arrival;
        sc_core::wait(to_sc_time(edge - now));
    }
}

/// When an answer leaves that the device has ready at `ready`: it passes no write that was posted before it.
Time Nic::when_sent(Time ready)
{
    if (!transports_) return ready;
    arm();
    transport_.wait_for_writes();
    return std::max({ready, transport_.last_visible(), time_.now()});
}

// Registers as a read would return them, without its effect. Nothing is written.
unsigned int Nic::debug(tlm::tlm_generic_payload& payload)
{
    if (!payload.is_read() || space_of(payload) != Space::csr || payload.get_address() % 4 != 0) return 0;
    unsigned int done = 0;
    while (payload.get_data_length() - done >= 4 && payload.get_address() + done < octets_of(Space::csr)) {
        const std::uint32_t value = engine_->peek(static_cast<std::uint32_t>(payload.get_address()) + done);
        std::memcpy(payload.get_data_ptr() + done, &value, sizeof value);
        done += 4;
    }
    return done;
}

void Nic::Edges::interrupt(const InterruptEdge& edge)
{
    if (edge.level) ++rises;
    Edge& shown  = waiting.append();
    shown.time   = edge.time;
    shown.level  = edge.level;
    shown.behind = 0;
    if (owner.transports_) {
        shown.time = std::max(edge.time, owner.transport_.last_visible());
        if (owner.transport_.writes_taken() != owner.transport_.writes_booked())
            shown.behind = owner.transport_.writes_booked();
    }
    if (owner.cpu_ != nullptr) owner.cpu_->interrupt(edge);
}

void Nic::Edges::write_taken(std::uint64_t number, Time visible)
{
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (waiting[i].behind != number) continue;
        waiting[i].behind = 0;
        waiting[i].time   = std::max(waiting[i].time, visible);
    }
}

void Nic::serve()
{
    for (;;) {
        transport_.serve();
        edges_.write_taken(transport_.writes_taken(), transport_.last_visible());
        arm();
    }
}

/// A CPU that looks into memory by pointer would see what the platform says comes later.
void Nic::refuse_pointers() const
{
    if (transports_)
        SC_REPORT_ERROR(
            name(),
            "the memory behind `dma` lends no pointers (DMI), or `pcie` is not bound: such a platform needs "
            "a CPU of its own, which reaches memory and registers by transactions");
}

void Nic::lead(InterruptSink& cpu)
{
    refuse_pointers();
    cpu_  = &cpu;
    led_  = true;
    line_ = dynamic_cast<const InterruptLine*>(irq.get_interface());
}

void Nic::tell(InterruptSink& cpu, sc_core::sc_event& news)
{
    refuse_pointers();
    cpu_  = &cpu;
    news_ = &news;
}

void Nic::show_line(Time t)
{
    shown_ = t;
    if (!edges_.waiting.empty()) arm();
}

bool Nic::pass_over(Time t)
{
    if (line_ == nullptr || line_->heard()) return false;
    // The last one stays, so that the line follows.
    while (edges_.waiting.size() > 1 && edges_.waiting[1].time <= t) edges_.waiting.pop();
    return true;
}

void Nic::wake()
{
    const Time now = time_.now();
    if (led_) {
        if (edges_.next() <= now) show();
        arm();
        return;
    }
    try {
        follow(now);
    } catch (...) {
        // The kernel would make a report of it; our CPU's user wants it as it is.
        if (news_ == nullptr) throw;
        failure_ = std::current_exception();
        sc_core::sc_stop();
    }
}

void Nic::follow(Time now)
{
    if (step_due_ > now) {
        stood_back_ = false;
    } else if (!step(now)) {
        return;
    }
    if (edges_.next() <= now) show();
    const Time next = engine_->next_internal();
    if (next == never && news_ != nullptr) news_->notify(sc_core::SC_ZERO_TIME);
    arm_for(next, now);
}

/// The engine's step of this time. Others who act at this time go first: their accesses belong to it.
/// They have had their turn when the event comes again, in the next delta cycle.
/// @return false when the step stands back
bool Nic::step(Time now)
{
    if (!stood_back_ && time_.others_act_now()) {
        stood_back_ = true;
        due_.notify(sc_core::SC_ZERO_TIME);
        return false;
    }
    stood_back_ = false;
    // Stops at an edge, so that whoever takes the interrupt comes before what else is due.
    if (engine_->advance_to_interrupt(now) != never && news_ != nullptr) news_->notify(sc_core::SC_ZERO_TIME);
    return true;
}

/// One edge in a delta cycle, so that none is hidden by another of the same time.
void Nic::show()
{
    irq.write(edges_.waiting.front().level);
    edges_.waiting.pop();
}

void Nic::arm()
{
    if (led_) {
        if (edges_.next() <= shown_) arm_for(never, time_.now());
    } else {
        arm_for(engine_->next_internal(), time_.now());
    }
}

/// @param next when the engine has something to do by itself
void Nic::arm_for(Time next, Time now)
{
    step_due_ = next;
    next      = std::min(next, edges_.next());
    if (next == never) return;
    // An earlier pending notification stays; a later one gives way (IEEE 1666, sc_event::notify).
    if (next > now) {
        due_.notify(to_sc_time(next - now));
    } else {
        due_.notify(sc_core::SC_ZERO_TIME);
    }
}

}  // namespace overrun
