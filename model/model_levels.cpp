// SPDX-License-Identifier: Apache-2.0
// What the blocks look like at a moment, for a probe that was not there before.
// Never changes anything.
#include "model/model_engine.hpp"

namespace overrun {

void ModelEngine::set_probe(Probe probe)
{
    probe_ = probe;
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

void RxMac::report_levels(ProbeSink& sink, Time t) const
{
    if (last_ended_ != 0) {
        sink.event({ProbeKind::wire, t, last_ended_, 1, last_length_});
        if (last_filtered_)
            sink.event({ProbeKind::rx_filter, t, last_ended_, last_verdict_.accepted ? 1U : 0U,
                        static_cast<std::uint64_t>(last_verdict_.reason)});
        if (last_fate_ == Fate::delivered) {
            sink.event({ProbeKind::stored, t, last_ended_});
        } else {
            sink.event({ProbeKind::ended, t, last_ended_, static_cast<std::uint64_t>(last_fate_)});
        }
        sink.event({ProbeKind::wire, t, last_ended_, 0, 0});
    }
    if (on_wire()) sink.event({ProbeKind::wire, t, offer_.frame.id, 1, offer_.frame.length});
}

void RxDma::report_levels(ProbeSink& sink, Time t) const
{
    sink.event({ProbeKind::rx_fifo, t, 0, fifo_.used(), fifo_.frames_waiting()});
    sink.event({ProbeKind::descriptor_cache, t, 0, ring_.held(), ring_.in_flight()});
    if (!commanded_) return;
    sink.event({ProbeKind::rx_dma, t, last_frame_, 1, last_address_});
    if (command_ == Command::none) sink.event({ProbeKind::rx_dma, t, 0, 0, 0});
}

}  // namespace overrun
