// SPDX-License-Identifier: Apache-2.0
// One probe for several sinks, each of which gets only the kinds it wants.
// Never reorders.
#pragma once

#include <vector>

#include "hw/engine/probe.hpp"

namespace overrun {

class ProbeFan final : public ProbeSink {
public:
    /// @param kinds nothing else is wanted from here, whatever the sink would take
    void add(ProbeSink& sink, ProbeKinds kinds = all_probe_kinds)
    {
        const ProbeKinds wanted = sink.kinds() & kinds;
        if (wanted != 0) sinks_.push_back({&sink, wanted});
    }
    void clear() { sinks_.clear(); }

    /// For a probe that reports nothing but what somebody here wants: this, the only sink itself, or null for none.
    [[nodiscard]] ProbeSink* sink()
    {
        if (sinks_.empty()) return nullptr;
        return sinks_.size() == 1 ? sinks_.front().sink : this;
    }

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
