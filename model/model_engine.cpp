// SPDX-License-Identifier: Apache-2.0
#include "model/model_engine.hpp"

#include <algorithm>

namespace overrun {

namespace {
constexpr unsigned frames_ahead  = 16;
constexpr FrameId  release_group = 32;  // the wire is told in groups, so that the call costs nothing per frame
}  // namespace

ModelEngine::ModelEngine(const NicParameters& parameters, const EngineSeams& seams)
    : parameters_{parameters},
      dma_port_{seams.dma},
      wire_{seams.wire},
      probe_{seams.probe},
      clock_{parameters.clock()},
      csr_read_{clock_.cycles(parameters.csr_read_cycles)},
      link_{clock_, parameters.link_up_time},
      fifo_{{parameters.fifo_overhead, parameters.fifo_line},
            WireRate{parameters.wire_rate},
            clock_,
            clock_.cycles(parameters.rx_mac_cycles)},
      interrupts_{seams.interrupts, statistics_, seams.probe, clock_},
      dma_{now_, parameters_, probe_, {dma_port_, control_, fifo_, statistics_, interrupts_, misuse_}},
      mac_{parameters_, wire_, probe_, control_, link_, filter_, fifo_, dma_, statistics_, interrupts_},
      registers_{parameters_,
                 probe_,
                 {accesses_, misuse_, statistics_, control_, link_, filter_, fifo_, interrupts_, dma_, mac_}},
      accesses_{clock_}
{
    registers_.reset(0);
    look_again();
    dma_port_.bind(*this);
}

// Law 2, one order at equal times: wire beat; DMA completion; timer; interrupt evaluation; host access in program
// order; new DMA issue. The FIFO releases before it charges (design of the receive path), hence the first line.
template <Levels levels>
void ModelEngine::step(Time t)
{
    now_ = t;
    dma_.release<levels>(t);
    if (mac_.next() <= t) mac_.beat<levels>(t);
    dma_.complete<levels>(t);
    if (next_of_rest() <= t) step_rest(t);
    dma_.react(t);
    dma_.issue<levels>(t);
}

/// A step in which nothing but the wire is due.
template <Levels levels>
void ModelEngine::receive(Time t)
{
    now_ = t;
    mac_.beat<levels>(t);
    dma_.react(t);
}

/// All that is due up to `limit`, or up to the first rise of the interrupt line: steps of all blocks,
/// and between them what concerns the DMA alone or the wire alone.
/// @return whether it stopped at a rise
bool ModelEngine::run(Time limit, bool to_interrupt)
{
    return probe_.only_lives() ? run<Levels::silent>(limit, to_interrupt) : run<Levels::reported>(limit, to_interrupt);
}

/// When each source of change acts next.
NextEvents ModelEngine::next_events() const noexcept
{
    NextEvents next;
    next[Source::wire]    = mac_.next();
    next[Source::dma]     = dma_.next();
    next[Source::timers]  = interrupts_.next();
    next[Source::link]    = link_.next();
    next[Source::access]  = accesses_.next();
    next[Source::control] = accesses_.next_but_tails();
    next[Source::rise]    = never;
    return next;
}

/// How far the wire may run ahead of the DMA, if at all (docs/horizons.md). Only here does the interrupt line count: in
/// strict order no block is ahead of it.
template <Levels levels>
Time ModelEngine::wire_ahead(NextEvents next, bool to_interrupt) const noexcept
{
    if (levels != Levels::silent || parameters_.rnbc_rule != RnbcRule::at_head || !mac_.fits()) return 0;
    if (to_interrupt) {
        if (!dma_.no_early_cause_within(frames_ahead)) return 0;
        next[Source::rise] = interrupts_.frames_are_quiet_until(now_);
    }
    return horizon<Runner::wire, Order::independent>(next);
}

template <Levels levels>
bool ModelEngine::run(Time limit, bool to_interrupt)
{
    static_cast<void>(interrupts_.take_rise());
    const Time end   = limit == never ? never : limit + 1;
    bool       risen = false;
    Time       last  = 0;
    while (!risen) {
        NextEvents next  = next_events();
        const Time until = std::min(end, horizon<Runner::dma, Order::strict>(next));
        if (next[Source::dma] < until) {
            dma_.run<levels>(until);
        } else if (until == end) {
            break;  // no source acts before `end`
        } else {
            // `until` is the first event of all but the DMA, and the DMA is not before it.
            const Time wire  = next[Source::wire];
            const Time ahead = wire == until ? std::min(end, wire_ahead<levels>(next, to_interrupt)) : 0;
            if (wire < ahead) {
                last = std::max(last, mac_.run_ahead(ahead, frames_ahead));
            } else if (wire < horizon<Runner::wire, Order::strict>(next)) {
                receive<levels>(wire);
            } else {
                step<Levels::reported>(until);
            }
        }
        if (mac_.last_ended() >= released_ + release_group) release_octets();
        // Clear the flag even if the caller ignores edges; otherwise RxDma::run() stops at it.
        risen = interrupts_.take_rise() && to_interrupt;
    }
    // Without a limit engine time ends at the last thing that happened.
    if (!risen) now_ = std::max(now_, last);
    look_again();
    return risen;
}

/// What most steps do not have: a timer, the link, host accesses.
void ModelEngine::step_rest(Time t)
{
    if (interrupts_.next() <= t) interrupts_.expire(t);
    if (link_.next() <= t) registers_.change_link(true, t);
    dma_.react(t);
    while (accesses_.next() <= t) {
        registers_.write(accesses_.take(), t);
        dma_.react(t);
    }
}

/// What is due at `t` without being a step: posted writes become visible, a frame has begun.
void ModelEngine::settle(Time t)
{
    now_ = std::max(now_, t);
    dma_.commit(now_);
    mac_.observe(now_);
    probe_.committed(now_);
}

/// However long an advance is, what is over by now takes no room.
void ModelEngine::release_octets()
{
    settle(now_);
    fifo_.released_before(now_);
    const FrameId done = fifo_.frames().size() == 0 ? mac_.last_ended() : fifo_.frames()[0].frame.id - 1;
    if (done < released_ + release_group) return;
    released_ = done;
    wire_.release(done);
}

void ModelEngine::advance(Time t)
{
    if (next_ <= t) static_cast<void>(run(t, false));
    settle(t);
}

Time ModelEngine::advance_to_interrupt(Time limit)
{
    const bool risen = next_ <= limit && run(limit, true);
    settle(now_);
    if (risen) return now_;
    while (dma_.next_visible() <= limit && dma_.next_visible() != never) settle(dma_.next_visible());
    return never;
}

Time ModelEngine::interrupt_not_before(Time limit) const
{
    Time bound = accesses_.next_but_tails();
    if (interrupts_.can_rise()) {
        const Time cause = interrupts_.pending() ? now_ : next_;
        bound            = std::min(bound, std::max(cause, interrupts_.earliest_rise()));
    }
    bound = std::max(bound, now_);
    return bound <= limit ? bound : never;
}

Time ModelEngine::next_internal() const
{
    const Time next = std::min(next_, dma_.next_visible());
    return next < time_unknown ? next : never;
}

void ModelEngine::dma_completed(const DmaCompletion& completion)
{
    dma_.completed(completion);
    look_again();
}

bool ModelEngine::idle() const
{
    return accesses_.empty() && dma_.quiet(now_) && !mac_.on_wire() && fifo_.frames().size() == 0 &&
           interrupts_.next() == never && link_.next() == never;
}

// Accesses.

Time ModelEngine::access_edge(Time arrival) const
{
    const Time edge = accesses_.edge_of(arrival);
    return edge > now_ ? edge : clock_.after(now_);
}

/// As access_edge(), for an access that is made now.
Time ModelEngine::edge_for(Time arrival) noexcept
{
    if (const Time edge = accesses_.edge_of(arrival); edge > now_) return edge;
    ++misuse_[static_cast<std::size_t>(Misuse::late_access)];
    return clock_.after(now_);
}

/// To the edge of an access that is not queued. @return the edge
Time ModelEngine::advance_to_access(Time arrival)
{
    const Time edge = edge_for(arrival);
    accesses_.take_edge(edge);
    advance(edge);
    return edge;
}

void ModelEngine::post_write(Space space, std::uint32_t offset, std::uint32_t value, Time arrival)
{
    accesses_.push({edge_for(arrival), space, offset, value});
    next_ = std::min(next_, accesses_.next());
}

Answer ModelEngine::read(Space space, std::uint32_t offset, Time arrival)
{
    const Time          edge  = advance_to_access(arrival);
    const std::uint32_t value = registers_.read(space, offset, edge);
    dma_.react(edge);
    look_again();
    return {value, edge + csr_read_};
}

Answer ModelEngine::config_read(std::uint32_t offset, unsigned octets, Time arrival)
{
    const Time edge = advance_to_access(arrival);
    return {registers_.read_config(offset, octets), edge + csr_read_};
}

Time ModelEngine::config_write(std::uint32_t offset, std::uint32_t value, unsigned octets, Time arrival)
{
    const Time edge = advance_to_access(arrival);
    registers_.write_config(offset, value, octets, edge);
    look_again();
    return edge + csr_read_;
}

void ModelEngine::reset(Time arrival)
{
    registers_.reset(advance_to_access(arrival));
    look_again();
}

void ModelEngine::set_probe(Probe probe)
{
    probe_ = probe;
    registers_.set_probe(probe);
    interrupts_.set_probe(probe);
    dma_.set_probe(probe);
    mac_.set_probe(probe);
}

void ModelEngine::report_levels(ProbeSink& sink) const
{
    mac_.report_levels(sink, now_);
    dma_.report_levels(sink, now_);
    interrupts_.report_levels(sink, now_);
}

FramesHeld ModelEngine::frames_held() const
{
    return {mac_.on_wire() ? 1U : 0U, fifo_.frames_waiting(), dma_.frames_on_their_way()};
}

}  // namespace overrun
