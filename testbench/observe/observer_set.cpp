// SPDX-License-Identifier: Apache-2.0
#include "testbench/observe/observer_set.hpp"

#include <algorithm>

namespace overrun {

namespace {

constexpr ProbeKinds host_lives  = probe_bit(ProbeKind::taken);
constexpr ProbeKinds host_levels = probe_bit(ProbeKind::driver);
constexpr ProbeKinds nic_lives   = ~(level_kinds | host_lives);
constexpr ProbeKinds nic_levels  = level_kinds & ~host_levels;

}  // namespace

ObserverSet::ObserverSet(Ledger& ledger, ProbeSink* sink, const std::vector<Observer*>& observers)
    : ledger_{ledger}, sink_{sink}
{
    std::vector<ProbeSink*> all{&ledger_};
    if (sink_ != nullptr) all.push_back(sink_);
    all.insert(all.end(), observers.begin(), observers.end());
    for (ProbeSink* one : all) {
        host_lives_.add(*one, host_lives);
        host_levels_.add(*one, host_levels);
    }
    for (Observer* observer : observers) {
        observers_.push_back({observer});
        if (FateSink* fates = observer->fates()) ledger_.tell(*fates);
    }
    attach();
}

void ObserverSet::attach()
{
    nic_lives_.clear();
    nic_levels_.clear();
    const auto add = [this](ProbeSink& sink) {
        nic_lives_.add(sink, nic_lives);
        nic_levels_.add(sink, nic_levels);
    };
    add(ledger_);
    if (sink_ != nullptr) add(*sink_);
    for (Entry& entry : observers_) {
        entry.attached = entry.observer->attached();
        if (entry.attached) add(*entry.observer);
    }
}

void ObserverSet::attach_again(NicEngine& engine)
{
    const auto changed = [](const Entry& entry) { return entry.attached != entry.observer->attached(); };
    if (std::none_of(observers_.begin(), observers_.end(), changed)) return;
    attach();
    engine.set_probe(nic_probe());
}

Time ObserverSet::next_sample() const
{
    Time next = never;
    for (const Entry& entry : observers_) next = std::min(next, entry.observer->next_look());
    return next;
}

void ObserverSet::sample(NicEngine& engine, Time t)
{
    for (const Entry& entry : observers_)
        if (entry.observer->next_look() <= t) entry.observer->look({engine, ledger_, t});
    attach_again(engine);
}

void ObserverSet::run_ended(NicEngine& engine, Time t)
{
    for (const Entry& entry : observers_) entry.observer->run_ended({engine, ledger_, t});
    attach_again(engine);
}

}  // namespace overrun
