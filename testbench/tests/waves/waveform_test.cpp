// SPDX-License-Identifier: Apache-2.0
// Holds the waveform against the events that were reported: which signal, which value, when, in which order.
#include "testbench/waves/waveform.hpp"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

const std::string signal_names =
    "wire.busy wire.frame_id wire.octets rx_mac.fate rx_filter.accept rx_filter.reason rx_fifo.octets rx_fifo.frames "
    "rx_fifo.drop descriptor_cache.held descriptor_cache.in_flight rx_dma.busy rx_dma.frame_id rx_dma.address csr.CTRL "
    "csr.STATUS csr.ICR csr.IMS csr.RCTL csr.RDH csr.RDT csr.ITR csr.RDTR csr.RADV interrupts.line interrupts.causes "
    "interrupts.timers driver.state driver.ring_free";

using Lines = std::vector<std::string>;

/// What a waveform says: "name=number" at zero, then "time name=number".
struct Reading {
    std::map<std::string, std::string> at_zero;
    Lines                              changes;
    std::string                        last_stamp;
    std::string                        comment;

    bool operator==(const Reading&) const = default;

    /// The changes of one signal.
    [[nodiscard]] Lines of(const std::string& name) const
    {
        Lines lines;
        for (const std::string& line : changes)
            if (line.find(" " + name + "=") != std::string::npos) lines.push_back(line);
        return lines;
    }
};

/// Enough of a reader for our own files, line by line; vcd_writer_test.cpp holds them to the grammar.
Reading read(const std::string& path)
{
    Reading                            reading;
    std::map<std::string, std::string> names;
    std::ifstream                      file{path};
    std::string                        scope;
    std::string                        line;
    bool                               dumping = false;
    while (std::getline(file, line)) {
        std::istringstream words{line};
        const Lines        word{std::istream_iterator<std::string>{words}, {}};
        if (word[0] == "$scope") {
            scope = word[2];
        } else if (word[0] == "$var") {
            names[word[3]] = scope + "." + word[4];
        } else if (word[0] == "$comment") {
            while (std::getline(file, line) && line != "$end") reading.comment += line + "\n";
        } else if (word[0] == "$dumpvars" || word[0] == "$end") {
            dumping = word[0] == "$dumpvars";
        } else if (line[0] == '#') {
            reading.last_stamp = line.substr(1);
        } else if (line[0] != '$') {
            const std::string digits = line[0] == 'b' ? word[0].substr(1) : line.substr(0, 1);
            const std::string name   = names.at(line[0] == 'b' ? word[1] : line.substr(1));
            const std::string number = digits == "x" ? "x" : std::to_string(std::stoull(digits, nullptr, 2));
            if (dumping)
                reading.at_zero[name] = number;
            else
                reading.changes.push_back(reading.last_stamp + " " + name + "=" + number);
        }
    }
    return reading;
}

/// A directory of its own, gone with this.
struct Directory {
    Directory() { REQUIRE(::mkdtemp(name.data()) != nullptr); }
    ~Directory() { std::filesystem::remove_all(name); }
    Directory(const Directory&)            = delete;
    Directory& operator=(const Directory&) = delete;

    std::string name = (std::filesystem::temp_directory_path() / "overrun-test-XXXXXX").string();
};

/// Runs `report` on a waveform and reads the file. `report` ends with finish().
template <class Report>
Reading reading(Time origin, Report report)
{
    const Directory   directory;
    const std::string path = directory.name + "/wave.vcd";
    {
        OutputFile file{path};
        Waveform   waveform{file};
        waveform.run_begins({.origin = origin, .time_zero_ns = {}});
        report(waveform);
        file.commit();
    }
    return read(path);
}

Reading reading_of(const std::vector<ProbeEvent>& events, Time end)
{
    return reading(0, [&](Waveform& waveform) {
        for (const ProbeEvent& event : events) waveform.event(event);
        waveform.finish(end);
        CHECK(waveform.late_events() == 0);
    });
}

std::uint64_t number(Fate fate)
{
    return static_cast<std::uint64_t>(fate);
}

/// Events of all levels with times from a few values, so that many are equal.
std::vector<ProbeEvent> random_events(std::uint64_t seed, Time span)
{
    std::mt19937_64      random{seed};
    constexpr std::array kinds{ProbeKind::wire,   ProbeKind::rx_filter, ProbeKind::rx_fifo, ProbeKind::descriptor_cache,
                               ProbeKind::rx_dma, ProbeKind::interrupt, ProbeKind::driver,  ProbeKind::interrupt_timers,
                               ProbeKind::ended,  ProbeKind::stored};
    std::vector<ProbeEvent> events;
    for (int i = 0; i < 400; ++i) {
        const ProbeKind kind  = kinds[random() % kinds.size()];
        const bool      level = kind == ProbeKind::wire || kind == ProbeKind::rx_dma || kind == ProbeKind::interrupt;
        const auto      time  = random() % static_cast<std::uint64_t>(span);
        events.push_back({kind, static_cast<Time>(time), random() % 9, random() % (level ? 2 : 5),
                          kind == ProbeKind::interrupt_timers ? time + 1 + random() % 40 : random() % 8});
    }
    return events;
}

}  // namespace

TEST_CASE("each event sets the signals of its block")
{
    const Reading got = reading_of(
        {
            {ProbeKind::wire, 100, 1, 1, 64},
            {ProbeKind::rx_filter, 110, 1, 1, 2},
            {ProbeKind::wire, 200, 1, 0, 0},
            {ProbeKind::rx_fifo, 210, 1, 80, 1},
            {ProbeKind::stored, 210, 1},
            {ProbeKind::descriptor_cache, 220, 0, 64, 8},
            {ProbeKind::rx_dma, 230, 1, 1, 0x1234'5678'9abc'def0},
            {ProbeKind::rx_dma, 240, 1, 0, 0},
            {ProbeKind::csr, 250, 0, 5, 0x2810},
            {ProbeKind::csr, 250, 0, 6, 0x2814},
            {ProbeKind::csr, 250, 0, 8 * 16, 0x2808},
            {ProbeKind::interrupt_timers, 260, 0, 5, 400},
            {ProbeKind::interrupt, 270, 0, 1, 0x80000080},
            {ProbeKind::driver, 280, 0, 2, 63},
        },
        300);
    CHECK(got.changes == Lines{"100 wire.busy=1",
                               "100 wire.frame_id=1",
                               "100 wire.octets=64",
                               "110 rx_filter.accept=1",
                               "110 rx_filter.reason=2",
                               "200 wire.busy=0",
                               "210 rx_fifo.octets=80",
                               "210 rx_fifo.frames=1",
                               "210 rx_mac.fate=255",
                               "220 descriptor_cache.held=64",
                               "220 descriptor_cache.in_flight=8",
                               "230 rx_dma.busy=1",
                               "230 rx_dma.frame_id=1",
                               "230 rx_dma.address=1311768467463790320",
                               "240 rx_dma.busy=0",
                               "250 csr.RDH=5",
                               "250 driver.ring_free=3",
                               "260 interrupts.timers=5",
                               "270 interrupts.line=1",
                               "270 interrupts.causes=2147483776",
                               "270 csr.ICR=2147483776",
                               "280 driver.state=2"});
    CHECK(got.last_stamp == "300");
}

TEST_CASE("ITR's interval is over at its end although nothing happens then, unless something ended it before")
{
    constexpr auto kind   = ProbeKind::interrupt_timers;
    const auto     timers = [](std::vector<ProbeEvent> more, Time end) {
        more.insert(more.begin(), {kind, 100, 0, 4, 300});
        std::string text;
        for (const std::string& change : reading_of(more, end).of("interrupts.timers"))
            text += change.substr(0, 3) + change.substr(change.find('=')) + " ";
        return text;
    };
    CHECK(timers({}, 299) == "100=4 ");
    CHECK(timers({{kind, 200, 0, 7, 300}}, 300) == "100=4 200=7 300=3 ");
    CHECK(timers({{kind, 300, 0, 4, 500}}, 500) == "100=4 300=0 300=4 500=0 ");
    CHECK(timers({{kind, 200, 0, 0}}, 500) == "100=4 200=0 ");  // a reset
}

TEST_CASE("a waveform has the same signals whatever happens, unknown until they are reported")
{
    const Reading                      got = reading_of({}, 10);
    std::map<std::string, std::string> expected;
    std::istringstream                 names{signal_names};
    for (std::string name; names >> name;) expected[name] = "x";
    expected["rx_mac.fate"]  = "0";
    expected["rx_fifo.drop"] = "0";
    CHECK(got.at_zero == expected);
    CHECK(got.changes.empty());
    CHECK(got.last_stamp == "10");
}

TEST_CASE("equal fates in a row are visible one by one, and overruns are counted")
{
    std::vector<ProbeEvent> events;
    for (FrameId id = 1; id <= 3; ++id) {
        const Time start = static_cast<Time>(id) * 100;
        events.push_back({ProbeKind::wire, start, id, 1, 64});
        events.push_back({ProbeKind::wire, start + 50, id, 0, 64});
        events.push_back({ProbeKind::ended, start + 60, id, number(id == 2 ? Fate::crc_error : Fate::fifo_overrun)});
    }
    events.push_back({ProbeKind::wire, 400, 4, 1, 64});
    events.push_back({ProbeKind::ended, 460, 4, number(Fate::fifo_overrun)});
    const Reading got = reading_of(events, 500);
    CHECK(got.of("rx_mac.fate") == Lines{"160 rx_mac.fate=15", "200 rx_mac.fate=0", "260 rx_mac.fate=5",
                                         "300 rx_mac.fate=0", "360 rx_mac.fate=15", "400 rx_mac.fate=0",
                                         "460 rx_mac.fate=15"});
    CHECK(got.of("rx_fifo.drop") == Lines{"160 rx_fifo.drop=1", "360 rx_fifo.drop=2", "460 rx_fifo.drop=3"});
}

TEST_CASE("the waveform explains its numbers")
{
    const std::string comment = reading_of({}, 0).comment;
    for (const FateInfo& info : fate_table) {
        const std::string text = std::to_string(number(info.fate) + 1) + " " + std::string(info.name);
        INFO(text);
        CHECK(comment.find(", " + text + ",") != std::string::npos);
    }
    CHECK(comment.find("255 stored") != std::string::npos);
    CHECK(comment.find("driver.state: 0 idle, 1 interrupt, 2 poll, 3 stalled, 4 down") != std::string::npos);
}

TEST_CASE("events before time zero make the values at zero, whatever their order")
{
    const Reading got = reading(1000, [](Waveform& waveform) {
        waveform.event({ProbeKind::csr, 900, 0, 7, 0x2818});
        waveform.event({ProbeKind::csr, 300, 0, 3, 0x2818});
        waveform.committed(950);
        waveform.event({ProbeKind::csr, 999, 0, 8, 0x2818});
        waveform.event({ProbeKind::driver, 1000, 0, 0, 63});
        waveform.event({ProbeKind::csr, 999, 0, 9, 0x2818});
        waveform.event({ProbeKind::csr, 1500, 0, 10, 0x2818});
        waveform.finish(1000);
        CHECK(waveform.late_events() == 0);
    });
    CHECK(got.at_zero.at("csr.RDT") == "9");
    CHECK(got.at_zero.at("driver.state") == "x");
    CHECK(got.changes == Lines{"0 driver.state=0", "500 csr.RDT=10"});
    CHECK(got.last_stamp == "1000");
}

TEST_CASE("a waveform that ends before time zero has its values at zero")
{
    const Reading got = reading(1000, [](Waveform& waveform) {
        waveform.event({ProbeKind::csr, 900, 0, 7, 0x2818});
        waveform.finish(-50);
    });
    CHECK(got.at_zero.at("csr.RDT") == "7");
    CHECK(got.changes.empty());
    CHECK(got.last_stamp == "0");
}

TEST_CASE("events out of order are written by time, and those of one time as they came")
{
    const Reading got = reading(0, [](Waveform& waveform) {
        waveform.event({ProbeKind::rx_fifo, 30, 0, 3, 0});
        waveform.event({ProbeKind::rx_fifo, 10, 0, 1, 0});
        waveform.event({ProbeKind::rx_fifo, 50, 0, 6, 0});
        waveform.event({ProbeKind::rx_fifo, 20, 0, 2, 0});
        waveform.event({ProbeKind::rx_fifo, 30, 0, 4, 0});
        waveform.committed(30);
        waveform.event({ProbeKind::rx_fifo, 50, 0, 7, 0});
        waveform.event({ProbeKind::rx_fifo, 30, 0, 5, 0});
        waveform.event({ProbeKind::rx_fifo, 50, 0, 6, 0});
        waveform.committed(49);
        waveform.event({ProbeKind::rx_fifo, 50, 0, 8, 0});
        waveform.finish(60);
        CHECK(waveform.late_events() == 0);
    });
    CHECK(got.of("rx_fifo.octets") == Lines{"10 rx_fifo.octets=1", "20 rx_fifo.octets=2", "30 rx_fifo.octets=3",
                                            "30 rx_fifo.octets=4", "30 rx_fifo.octets=5", "50 rx_fifo.octets=6",
                                            "50 rx_fifo.octets=7", "50 rx_fifo.octets=6", "50 rx_fifo.octets=8"});
}

TEST_CASE("a waveform does not depend on where the engine's advances end")
{
    const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{11}));
    INFO("seed " << seed);
    const Time span   = 200;
    auto       events = random_events(seed, span);
    // Sorted by an independent hand and reported in order: nothing is left to the waveform's own sorting.
    std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
    const Reading expected = reading_of(events, span);
    CHECK_FALSE(expected.changes.empty());

    std::mt19937_64 random{seed};
    const Time      step     = static_cast<Time>(1 + random() % 60);
    const Time      ahead    = static_cast<Time>(random() % 60);
    const auto      shuffled = [&](bool stable) {
        return reading(0, [&](Waveform& waveform) {
            std::size_t done = 0;
            for (Time from = 0; from < span; from += step) {
                // An advance reports block by block; some of it lies beyond what it then commits.
                std::size_t last = done;
                while (last < events.size() && events[last].time < from + step + ahead) ++last;
                std::vector<ProbeEvent> part{events.begin() + static_cast<std::ptrdiff_t>(done),
                                             events.begin() + static_cast<std::ptrdiff_t>(last)};
                if (stable) {
                    const Time block = static_cast<Time>(1 + random() % 7);
                    std::stable_sort(part.begin(), part.end(), [block](const ProbeEvent& a, const ProbeEvent& b) {
                        return a.time % block < b.time % block;
                    });
                } else {
                    std::reverse(part.begin(), part.end());
                }
                for (const ProbeEvent& event : part) waveform.event(event);
                done = last;
                waveform.committed(std::min(from + step - 1, span));
            }
            waveform.finish(span);
            CHECK(waveform.late_events() == 0);
        });
    };
    CHECK((shuffled(true) == expected));
    // The twin breaks the order of events of one time, and the comparison must see it.
    CHECK_FALSE((shuffled(false) == expected));
}

TEST_CASE("an event before a committed time is counted and does not turn time back")
{
    const Reading got = reading(0, [](Waveform& waveform) {
        waveform.event({ProbeKind::rx_fifo, 100, 0, 1, 0});
        waveform.committed(150);
        waveform.committed(110);
        CHECK(waveform.late_events() == 0);
        waveform.event({ProbeKind::rx_fifo, 90, 0, 2, 0});
        waveform.event({ProbeKind::rx_fifo, 120, 0, 3, 0});
        waveform.event({ProbeKind::rx_fifo, 150, 0, 4, 0});
        waveform.finish(200);
        CHECK(waveform.late_events() == 2);
    });
    CHECK(got.of("rx_fifo.octets") ==
          Lines{"100 rx_fifo.octets=1", "100 rx_fifo.octets=2", "120 rx_fifo.octets=3", "150 rx_fifo.octets=4"});
}

TEST_CASE("the last time stamp is the end, or the last event beyond it")
{
    CHECK(reading_of({{ProbeKind::rx_fifo, 100, 0, 1, 0}}, 250).last_stamp == "250");
    CHECK(reading_of({{ProbeKind::rx_fifo, 100, 0, 1, 0}}, 50).last_stamp == "100");
}

TEST_CASE("a probe sends the waveform what it wants and nothing else")
{
    const Reading got = reading(0, [](Waveform& waveform) {
        const Probe probe{&waveform};
        CHECK(probe.wants_levels());
        for (const ProbeKind kind : {ProbeKind::offered, ProbeKind::written_back, ProbeKind::taken})
            CHECK_FALSE(probe.wants(kind));
        probe(ProbeKind::wire, 10, 1, 1, 1518);
        probe.committed(10);
        waveform.finish(20);
    });
    CHECK(got.of("wire.octets") == Lines{"10 wire.octets=1518"});
}
