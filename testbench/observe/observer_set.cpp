// SPDX-License-Identifier: Apache-2.0
// Who gets what, and when.
// Never puts anybody between an event and the only one who wants it.
#include "testbench/observe/observer_set.hpp"

#include <algorithm>
#include <utility>

namespace overrun {

namespace {

constexpr ProbeKinds host_lives  = probe_bit(ProbeKind::taken);
constexpr ProbeKinds host_levels = probe_bit(ProbeKind::driver);
constexpr ProbeKinds nic_lives   = ~(level_kinds | host_lives);
constexpr ProbeKinds nic_levels  = level_kinds & ~host_levels;

}  // namespace

ObserverSet::ObserverSet(Ledger& ledger, ProbeSink* sink, std::vector<Observer*> observers)
    : ledger_{ledger}, sink_{sink}, observers_{std::move(observers)}
{
    std::vector<ProbeSink*> all{&ledger_};
    if (sink_ != nullptr) all.push_back(sink_);
    all.insert(all.end(), observers_.begin(), observers_.end());
    for (ProbeSink* one : all) {
        host_lives_.add(*one, host_lives);
        host_levels_.add(*one, host_levels);
    }
    for (Observer* observer : observers_)
        if (FateSink* fates = observer->fates()) ledger_.tell(*fates);
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
    for (Observer* observer : observers_)
        if (observer->attached()) add(*observer);
}

Time ObserverSet::next_look() const
{
    Time next = never;
    for (const Observer* observer : observers_) next = std::min(next, observer->next_look());
    return next;
}

void ObserverSet::look(NicEngine& engine, Time t)
{
    for (Observer* observer : observers_)
        if (observer->next_look() <= t) observer->look({engine, ledger_, t});
    attach();
    engine.set_probe(nic_probe());
}

void ObserverSet::run_ended(NicEngine& engine, Time t)
{
    if (observers_.empty()) return;
    for (Observer* observer : observers_) observer->run_ended({engine, ledger_, t});
    attach();
    engine.set_probe(nic_probe());
}

}  // namespace overrun
