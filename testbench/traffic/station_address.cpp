// SPDX-License-Identifier: Apache-2.0
#include "testbench/traffic/station_address.hpp"

#include "testbench/traffic/destination_count.hpp"

namespace overrun {

CaptureSummary scan_captures(std::span<const TrafficSpec> traffic, StopFlag stop)
{
    CaptureSummary   summary;
    DestinationCount destinations;
    for (const TrafficSpec& spec : traffic) {
        if (spec.kind != TrafficKind::pcap) continue;
        ReplaySource source{spec, 0, stop};
        FrameId      played = 0;
        for (Offer offer = source.next(); offer.kind == Offer::Kind::frame; offer = source.next()) {
            destinations.count(offer.frame);
            summary.octets += offer.frame.length;
            source.release(++played);
        }
        summary.counts += source.counts();
    }
    const DestinationCount::Entry station = destinations.most_frequent();
    if (station.frames > 0) {
        summary.station        = station.address;
        summary.station_frames = station.frames;
    }
    summary.exact = destinations.missing() == 0;
    return summary;
}

}  // namespace overrun
