// SPDX-License-Identifier: Apache-2.0
// An engine that is looked at behaves like one that is not, and each sample shows exactly what had happened by then.
#include "hw/engine/watched_engine.hpp"

#include "testbench/tests/laws/broken_engines.hpp"
#include "testbench/tests/laws/program_run.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;
using namespace overrun::laws;

namespace {

struct Sample {
    Time          due;
    Time          now;
    std::uint32_t stored;  // GPRC
    Time          next;    // next_internal(), which may be early, but not before the sample

    bool operator==(const Sample& other) const
    {
        return due == other.due && now == other.now && stored == other.stored;
    }
};

/// Samples at irregular times, between edges and on them.
class Notes final : public EngineWatch {
public:
    [[nodiscard]] Time next_sample() const override { return next_; }
    void               sample(NicEngine& engine, Time t) override
    {
        samples.push_back({t, engine.now(), engine.peek(reg::GPRC::offset), engine.next_internal()});
        next_ += samples.size() % 3 == 0 ? 6'400 : 777'777;
    }

    std::vector<Sample> samples;

private:
    Time next_ = 1'000;
};

[[nodiscard]] EngineMaker watched(Notes& notes)
{
    return [&notes](const NicParameters& parameters, const EngineSeams& seams) {
        return std::make_unique<WatchedEngine>(std::make_unique<ModelEngine>(parameters, seams), notes);
    };
}

/// A sample is taken when a call has gone past it.
class SamplesLate final : public ForwardingEngine {
public:
    SamplesLate(std::unique_ptr<NicEngine> engine, EngineWatch& watch) : engine_{std::move(engine)}, watch_{watch} {}
    void advance(Time t) override
    {
        engine_->advance(t);
        while (watch_.next_sample() <= t) watch_.sample(*engine_, watch_.next_sample());
    }

private:
    [[nodiscard]] NicEngine& inner() const noexcept override { return *engine_; }

    std::unique_ptr<NicEngine> engine_;
    EngineWatch&               watch_;
};

[[nodiscard]] Way way(Way::Between between, std::uint64_t seed)
{
    return {.between = between, .seed = seed};
}

[[nodiscard]] bool punctual(const std::vector<Sample>& samples)
{
    return std::all_of(samples.begin(), samples.end(),
                       [](const Sample& s) { return s.now == s.due && s.next > s.due; });
}

}  // namespace

TEST_CASE("samples change nothing of what an engine does", "[laws]")
{
    for (const std::uint64_t seed : seeds(60)) {
        const Program program = ProgramMaker{seed}.make();
        for (const Way::Between between : {Way::Between::nothing, Way::Between::advance, Way::Between::to_interrupt}) {
            Notes       notes;
            const Trace plain = run(program, maker<ModelEngine>(), way(between, seed));
            const Trace seen  = run(program, watched(notes), way(between, seed));
            INFO(replay(seed));
            CHECK(seen.breach.empty());
            CHECK(seen.answers == plain.answers);
            CHECK(seen.issued == plain.issued);
            CHECK(seen.events.size() == plain.events.size());
            CHECK(seen.edges.size() == plain.edges.size());
            CHECK(seen.views.back().memory == plain.views.back().memory);
            CHECK(seen.views.back().registers == plain.views.back().registers);
        }
    }
}

TEST_CASE("a sample shows the device at its time, however the engine is called", "[laws]")
{
    std::size_t taken = 0;
    for (const std::uint64_t seed : seeds(60)) {
        const Program program = ProgramMaker{seed}.make();
        Notes         whole, split;
        static_cast<void>(run(program, watched(whole), way(Way::Between::nothing, seed)));
        static_cast<void>(run(program, watched(split), way(Way::Between::to_interrupt, seed)));
        INFO(replay(seed));
        CHECK(punctual(whole.samples));
        CHECK((whole.samples == split.samples));
        CHECK(whole.samples.back().due + 777'777 >= program.end - 6'400);
        taken += whole.samples.size();
    }
    CHECK(taken > 1'000);
}

TEST_CASE("samples that are taken late are noticed", "[laws]")
{
    const Program program = ProgramMaker{1}.make();
    Notes         notes;
    static_cast<void>(run(program, [&notes](const NicParameters& parameters, const EngineSeams& seams) {
        return std::make_unique<SamplesLate>(std::make_unique<ModelEngine>(parameters, seams), notes);
    }));
    CHECK_FALSE(punctual(notes.samples));
}

TEST_CASE("without a limit no sample is taken after the last thing that happens", "[laws]")
{
    struct Silent final : FrameSource, InterruptSink {
        [[nodiscard]] Offer next() override { return Offer::none(); }
        void                release(FrameId) noexcept override {}
        void                interrupt(const InterruptEdge&) override {}
    };
    HostMemory  memory{1U << 20U};
    PcieLink    link{PcieProfile{}};
    LinkDmaPort port{link, memory};
    Silent      silent;
    Notes       notes;
    const auto  engine = watched(notes)(NicParameters{}, {port, silent, silent});
    CHECK(engine->advance_to_interrupt(never) == never);
    // The link has come up, and nothing follows.
    CHECK(engine->next_internal() == never);
    CHECK((notes.samples.empty() || notes.samples.back().due <= engine->now()));
}
