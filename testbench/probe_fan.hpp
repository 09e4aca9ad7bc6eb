// SPDX-License-Identifier: Apache-2.0
// One probe for several sinks, each of which gets only the kinds it wants.
// Never reorders.
#pragma once

#include <vector>

#include "hw/probe.hpp"

namespace overrun {

class ProbeFan final : public ProbeSink {
public:
    void add(ProbeSink& sink) { sinks_.push_back({&sink, sink.kinds()}); }

    [[nodiscard]] ProbeKinds kinds() const override
    {
        ProbeKinds all = 0;
        for (const Entry& entry : sinks_) all |= entry.kinds;
        return all;
    }
    void event(const ProbeEvent& event) override
    {
        for (const Entry& entry : sinks_)
            if ((entry.kinds & probe_bit(event.kind)) != 0) entry.sink->event(event);
    }
    void committed(Time t) override
    {
        for (const Entry& entry : sinks_) entry.sink->committed(t);
    }

private:
    struct Entry {
        ProbeSink* sink;
        ProbeKinds kinds;
    };
    std::vector<Entry> sinks_;
};

}  // namespace overrun
