// SPDX-License-Identifier: Apache-2.0
// Wrong scenarios: the file, line and key that an error names, and what it says is allowed.
// scenario_keys_test.cpp loops over the key table.
#include <string>
#include <string_view>

#include "hw/base/input_error.hpp"
#include "testbench/scenario/reader.hpp"
#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

[[nodiscard]] std::string error_of(const std::string& text)
{
    try {
        static_cast<void>(load_scenario_text(text, "slow.toml"));
        return "no error";
    } catch (const InputError& error) {
        return error.what();
    }
}

}  // namespace

TEST_CASE("an unknown key is named with the nearest right one")
{
    CHECK(error_of("[[traffic]]\n[driver]\nrnig = 64\n") ==
          "slow.toml:3: driver.rnig: no such key; did you mean driver.ring?");
    CHECK(error_of("[[traffic]]\n[[traffic]]\nlenght = 64\n") ==
          "slow.toml:3: traffic[1].lenght: no such key; did you mean traffic[1].length?");
    CHECK(error_of("[[trafic]]\n") == "slow.toml:1: trafic: no such key; did you mean traffic?");
    CHECK(error_of("[[traffic]]\n[drivr]\nring = 64\n") == "slow.toml:2: drivr: no such key; did you mean driver?");
    CHECK(error_of("ring = 64\n[[traffic]]\n") == "slow.toml:1: ring: no such key; did you mean driver.ring?");
    CHECK(error_of("[[traffic]]\n[host]\nstal = []\n") ==
          "slow.toml:3: host.stal: no such key; did you mean host.stall?");
    CHECK(error_of("[[traffic]]\n[run]\nxyzzyplugh = 1\n") ==
          "slow.toml:3: run.xyzzyplugh: no such key; allowed: seed, duration");
    CHECK(error_of("\"driver.ring\" = 64\n[[traffic]]\n").starts_with("slow.toml:1: driver.ring: no such key"));
    CHECK(error_of("\"traffic[]\" = { count = 5 }\n").starts_with("slow.toml:1: traffic[]: no such key"));
    CHECK(error_of("\"a\\nb\" = 1\n[[traffic]]\n").starts_with("slow.toml:1: a\\x0ab: no such key"));
    CHECK(error_of("\"\" = 1\n[[traffic]]\n").starts_with("slow.toml:1: : no such key"));
}

TEST_CASE("errors come in the order in which the file is written")
{
    CHECK(error_of("[[traffic]]\nlength = 1\n[driver]\nring = 1\n").starts_with("slow.toml:2: "));
    CHECK(error_of("[driver]\nring = 1\n[[traffic]]\nlength = 1\n").starts_with("slow.toml:2: driver.ring"));
    CHECK(error_of("[driver]\nzzz = 1\naaa = 1\n").starts_with("slow.toml:2: driver.zzz"));
}

TEST_CASE("what is not TOML is refused with its line")
{
    CHECK(error_of("[[traffic]]\nlength = \n").starts_with("slow.toml:2: not TOML: "));
    CHECK(error_of("[[traffic]]\n[[traffic]\n").starts_with("slow.toml:2: not TOML: "));
    CHECK(error_of("a = 1\na = 2\n").starts_with("slow.toml:2: not TOML: "));
    CHECK(error_of("text = \"\xff\xfe\"\n").starts_with("slow.toml:1: not TOML: "));
    CHECK(error_of("text = \"abc\n").find('\n') == std::string::npos);
    CHECK(error_of(std::string(2'000'000, '#')) == "slow.toml: longer than 1048576 octets");
}

TEST_CASE("keys nested without end are refused before they exhaust the stack")
{
    const auto chain = [](std::string_view part, std::size_t count) {
        std::string out{part};
        for (std::size_t i = 1; i < count; ++i) out += "." + std::string{part};
        return out;
    };
    for (const char* part : {"a", "\"a b\"", "'x'", " a "}) {
        INFO(part);
        CHECK(error_of("[" + chain(part, 100'000) + "]\n") == "slow.toml:1: not TOML: a key has more than 64 parts");
        CHECK(error_of("[[traffic]]\n" + chain(part, 100'000) + " = 1\n") ==
              "slow.toml:2: not TOML: a key has more than 64 parts");
        CHECK(error_of("x = [{" + chain(part, 100'000) + " = 1}]\n") ==
              "slow.toml:1: not TOML: a key has more than 64 parts");
    }
    CHECK(error_of("text = \"\"\"\n\"\"\"\n[" + chain("a", 100) + "]") ==
          "slow.toml:3: not TOML: a key has more than 64 parts");
    CHECK(error_of("[" + chain("a", 60) + "]\n" + chain("a", 60) + ".b = {" + chain("a", 60) + " = 1}\n") ==
          "slow.toml:2: not TOML: more than 128 levels");
    CHECK(error_of("x = " + std::string(100'000, '[')).starts_with("slow.toml:1: not TOML: "));
    // Points in a text are not keys.
    CHECK(error_of("text = '" + chain("a", 1'000) + "' # " + chain("a", 1'000) + "\n[[traffic]]\n") == "no error");
    CHECK(error_of("text = \"\"\"\n\\\"\"\"" + chain("a", 1'000) + "\"\"\"\n[[traffic]]\n") == "no error");
}

TEST_CASE("a table where a list belongs is refused, and the other way round")
{
    CHECK(error_of("[traffic]\n") == "slow.toml:1: traffic: is a table; a list of tables is wanted: [[traffic]]");
    CHECK(error_of("traffic = 5\n") ==
          "slow.toml:1: traffic: 5 is an integer; a list of tables is wanted: [[traffic]]");
    CHECK(error_of("[[traffic]]\n[[driver]]\n") == "slow.toml:2: driver: is a list; a table is wanted: [driver]");
    CHECK(error_of("[[traffic]]\n[host]\nstall = [5]\n")
              .starts_with("slow.toml:3: host.stall[0]: 5 is an integer; a table"));
    CHECK(error_of("driver = \"fast\"\n[[traffic]]\n") ==
          "slow.toml:1: driver: \"fast\" is a text; a table is wanted: [driver]");
}

TEST_CASE("a scenario without traffic is refused")
{
    const std::string expected = "slow.toml: no traffic; at least one [[traffic]] is wanted";
    CHECK(error_of("") == expected);
    CHECK(error_of("[driver]\nring = 64\n") == expected);
    CHECK(error_of("traffic = []\n") == expected);
}

TEST_CASE("keys of another kind of traffic are refused")
{
    CHECK(error_of("[[traffic]]\nspeed = 2\n") ==
          "slow.toml:2: traffic[0].speed: 2 belongs to kind = \"pcap\"; this source's kind is \"fixed\"");
    CHECK(error_of("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nlength = 64\n") ==
          "slow.toml:4: traffic[0].length: 64 belongs to kind = \"fixed\", \"poisson\" or \"burst\"; this source's "
          "kind is \"pcap\"");
    CHECK(error_of("[[traffic]]\nkind = \"burst\"\nburst = 2\ngap = \"1us\"\nload = 0.5\n") ==
          "slow.toml:5: traffic[0].load: 0.5 belongs to kind = \"fixed\" or \"poisson\"; this source's kind is "
          "\"burst\"");
    CHECK(error_of("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\nerrors = { crc = 0.5 }\n") ==
          "slow.toml:4: traffic[0].errors.crc: 0.5 belongs to kind = \"fixed\", \"poisson\" or \"burst\"; this "
          "source's kind is \"pcap\"");
    CHECK(error_of("[[traffic]]\nkind = \"poisson\"\nloop = 2\nrate = \"1kpps\"\n") ==
          "slow.toml:3: traffic[0].loop: 2 belongs to kind = \"pcap\"; this source's kind is \"poisson\"");
    CHECK(error_of("[[traffic]]\nkind = \"poisson\"\n") ==
          "slow.toml:1: traffic[0]: kind = \"poisson\" without a mean rate; wanted is one of rate, load");
    CHECK(error_of("[[traffic]]\nkind = \"burst\"\ngap = \"1us\"\n") ==
          "slow.toml:1: traffic[0]: kind = \"burst\" without a burst; wanted is burst");
    CHECK(error_of("[[traffic]]\nkind = \"burst\"\nburst = 5\n") ==
          "slow.toml:1: traffic[0]: kind = \"burst\" without a gap; wanted is gap");
    CHECK(error_of("[[traffic]]\nkind = \"poison\"\n") ==
          "slow.toml:2: traffic[0].kind: \"poison\" is not allowed; allowed: fixed, poisson, burst, pcap; did you mean "
          "poisson?");
    CHECK(error_of("[[traffic]]\nkind = \"pcap\"\n") ==
          "slow.toml:1: traffic[0]: kind = \"pcap\" without a file; wanted is file");
}

TEST_CASE("keys that contradict each other are refused")
{
    CHECK(error_of("[[traffic]]\nrate = \"1kpps\"\nload = 0.5\n") ==
          "slow.toml:3: traffic[0].load: 0.5 stands beside rate; allowed: one of the two");
    CHECK(error_of("[[traffic]]\nrate = \"1.488096Mpps\"\n") ==
          "slow.toml:2: traffic[0].rate: \"1.488096Mpps\" is more than the wire carries; allowed: at most 1488095pps "
          "with frames of 64 octets at 1Gbps");
    CHECK(error_of("[[traffic]]\nrate = \"1.488095Mpps\"\n") == "no error");
    CHECK(
        error_of("[[traffic]]\nlength = 1518\ncount = 1000000000000\n")
            .starts_with("slow.toml:3: traffic[0].count: 1000000000000 frames end 142 days after time zero; allowed"));
    CHECK(error_of("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\npacing = \"topspeed\"\nspeed = 2\n")
              .starts_with("slow.toml:5: traffic[0].speed: 2 stands beside pacing = \"topspeed\""));
    CHECK(error_of("[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\npacing = \"topspeed\"\nmax_gap = \"1s\"\n")
              .starts_with("slow.toml:5: traffic[0].max_gap: \"1s\" stands beside pacing = \"topspeed\""));
    const std::string pcap = "[[traffic]]\nkind = \"pcap\"\nfile = \"a\"\n";
    CHECK(error_of(pcap + "rate = \"1kpps\"\nbit_rate = \"1Mbps\"\n") ==
          "slow.toml:5: traffic[0].bit_rate: \"1Mbps\" stands beside rate; allowed: one of the two");
    CHECK(error_of(pcap + "rate = \"1kpps\"\nspeed = 2\n") ==
          "slow.toml:5: traffic[0].speed: 2 stands beside rate; allowed: one of the two");
    CHECK(error_of(pcap + "bit_rate = \"1Mbps\"\nmax_gap = \"1s\"\n") ==
          "slow.toml:5: traffic[0].max_gap: \"1s\" stands beside bit_rate; allowed: one of the two");
    CHECK(error_of(pcap + "bit_rate = \"1Mbps\"\npacing = \"topspeed\"\n") ==
          "slow.toml:4: traffic[0].bit_rate: \"1Mbps\" stands beside pacing = \"topspeed\"; allowed: one of the two");
    CHECK(error_of(pcap + "rate = \"1Mpps\"\nloop = 3\nlimit = 5\n") == "no error");
    CHECK(error_of("[[traffic]]\nkind = \"poisson\"\nrate = \"1.488096Mpps\"\n")
              .starts_with("slow.toml:3: traffic[0].rate: \"1.488096Mpps\" is more than the wire carries"));
    CHECK(error_of("[[traffic]]\nkind = \"burst\"\nburst = 1\ngap = \"86400s\"\ncount = 32\n")
              .starts_with("slow.toml:5: traffic[0].count: 32 frames end 31 days after time zero; allowed"));
    CHECK(error_of("[[traffic]]\nkind = \"burst\"\nburst = 2\ngap = \"86400s\"\ncount = 32\n") == "no error");
    CHECK(error_of("[[traffic]]\n[driver]\nring = 64\ntail_step = 63\n") ==
          "slow.toml:4: driver.tail_step: a tail step of 63 in a ring of 64; allowed: less than the 63 usable "
          "descriptors");
    CHECK(error_of("[[traffic]]\n[driver]\nring = 64\ntail_step = 62\n") == "no error");
    CHECK(error_of("[[traffic]]\n[driver]\nitr = 0\nrx_usecs = 125\n") ==
          "slow.toml:3: driver.itr: itr and rx_usecs both space interrupts; allowed: one of the two");
    CHECK(error_of("[[traffic]]\n[driver]\nrx_usecs = 5\n") ==
          "slow.toml:3: driver.rx_usecs: 5 is not allowed; allowed: 0 to 10000 without 2, 5, 6, 7, 8, 9");
    CHECK(error_of("[[traffic]]\n[driver]\npreset = \"linux\"\nitr = 5\n") == "no error");
    CHECK(error_of("[[traffic]]\n[[driver.resize]]\nat = \"1ms\"\n") ==
          "slow.toml:2: driver.resize[0]: no new length; wanted is ring");
    CHECK(error_of("[[traffic]]\n[driver]\nring = 4096\ntail_step = 63\nresize = [{ ring = 64 }]\n") ==
          "slow.toml:5: driver.resize[0].ring: a tail step of 63 in a ring of 64; allowed: less than the 63 usable "
          "descriptors");
    CHECK(error_of("[[traffic]]\n[driver]\npreset = \"linux\"\n[nic]\nfifo_build = \"31KiB\"\n")
              .starts_with("slow.toml:5: nic.fifo_build: a receive FIFO of 32KiB in a NIC built with 31KiB"));
    CHECK(error_of("[[traffic]]\n[driver]\nwthresh = 17\n[nic]\ndescriptor_cache = 16\n")
              .starts_with("slow.toml:3: driver.wthresh: "));
    CHECK(
        error_of("[[traffic]]\n[nic]\nrx_fifo = \"65KiB\"\n") ==
        "slow.toml:3: nic.rx_fifo: a receive FIFO of 65KiB in a NIC built with 64KiB; allowed: at most nic.fifo_build");
    CHECK(error_of("[[traffic]]\n[nic]\nrx_fifo = \"65KiB\"\nfifo_build = \"65KiB\"\n") == "no error");
    CHECK(error_of("[[traffic]]\n[host]\nstall = [{ at = \"1ms\" }]\n") ==
          "slow.toml:3: host.stall[0]: a stall without an end; wanted is for");
    CHECK(error_of("[[traffic]]\n[host]\nstall = [{ for = \"1ms\", every = \"1ms\" }]\n") ==
          "slow.toml:3: host.stall[0].every: \"1ms\" is not longer than for, 1ms: the driver would never run");
}

TEST_CASE("errors of frames that contradict each other are refused")
{
    const auto errors = [](const std::string& keys, const std::string& source = "count = 10\n") {
        return error_of("[[traffic]]\n" + source + "errors = { " + keys + " }\n");
    };
    CHECK(errors("crc = [1, 10], runt = 0.25, oversize = 0.75, rx_er = 1") == "no error");
    CHECK(errors("crc = [1, 11]") ==
          "slow.toml:3: traffic[0].errors.crc: frame 11 of a source of 10; allowed: 1 to 10");
    CHECK(errors("crc = [2, 1, 2]") ==
          "slow.toml:3: traffic[0].errors.crc: frame 2 stands in the list twice; allowed: once");
    CHECK(errors("rx_er = 1.5") ==
          "slow.toml:3: traffic[0].errors.rx_er: 1.5 is not allowed; allowed: a probability from 0 to 1, or a list of "
          "frame numbers from 1");
    CHECK(errors("rx_er = [0]") ==
          "slow.toml:3: traffic[0].errors.rx_er: 0 is no frame number; allowed: 1 to 1000000000000");
    CHECK(errors("crcs = 1") ==
          "slow.toml:3: traffic[0].errors.crcs: no such key; did you mean traffic[0].errors.crc?");
    CHECK(errors("runt = [1, 2], oversize = [2]") ==
          "slow.toml:3: traffic[0].errors.oversize: frame 2 is in the lists of runt and oversize; allowed: one of the "
          "two");
    CHECK(errors("runt = 0.5, oversize = 0.6")
              .starts_with("slow.toml:3: traffic[0].errors.oversize: runt and oversize are together more likely"));
    CHECK(errors("runt = 1", "length = 63\n")
              .starts_with("slow.toml:3: traffic[0].errors.runt: runts among frames of 63 octets"));
    CHECK(errors("oversize = 1", "length = 1523\n")
              .starts_with("slow.toml:3: traffic[0].errors.oversize: oversize among frames of 1523 octets"));
    CHECK(errors("oversize = 1", "length = 1522\n") == "no error");
    const std::string long_frames = "count = 10\n[driver]\nlong_frames = true\n";
    CHECK(error_of("[[traffic]]\nerrors = { oversize = [3] }\n" + long_frames) ==
          "slow.toml:2: traffic[0].errors.oversize: oversize frames of 1523 octets with driver.long_frames, which "
          "accepts them; allowed: one of the two");
    CHECK(error_of("[[traffic]]\nerrors = { oversize = [3] }\n" + long_frames + "[nic]\nmax_long_frame = 1522\n") ==
          "no error");
    CHECK(errors("dribble = [1]") ==
          "slow.toml:3: traffic[0].errors.dribble: an odd nibble at 1Gbps; allowed: a wire.rate of at most 100Mbps");
    CHECK(error_of("wire.rate = \"100Mbps\"\n[[traffic]]\nerrors = { dribble = [1] }\n") == "no error");
    CHECK(error_of("[[traffic]]\nerrors = 5\n")
              .starts_with("slow.toml:2: traffic[0].errors: 5 is an integer; a table is wanted"));
}

TEST_CASE("an expectation names one thing and compares it")
{
    const auto expect = [](const std::string& lines) { return error_of("[[traffic]]\n[[expect]]\n" + lines); };
    CHECK(expect("equals = 1\n") ==
          "slow.toml:2: expect[0]: nothing to expect; wanted is one of fate, register, ethtool, netdev, latency");
    CHECK(expect("fate = \"delivered\"\nregister = \"MPC\"\nequals = 1\n")
              .starts_with("slow.toml:4: expect[0].register: a second thing to expect"));
    CHECK(expect("fate = \"delivered\"\n") ==
          "slow.toml:2: expect[0]: no comparison; wanted is one of equals, at_least, at_most");
    CHECK(expect("fate = \"delivered\"\nwithin = 1\n") ==
          "slow.toml:4: expect[0].within: within without equals; wanted is equals");
    CHECK(expect("fate = \"delivered\"\nat_least = 1\nwithin = 1\n") ==
          "slow.toml:5: expect[0].within: within without equals; wanted is equals");
    CHECK(expect("fate = \"fifo_overun\"\nequals = 1\n").ends_with("; did you mean fifo_overrun?"));
    CHECK(expect("register = \"MCP\"\nequals = 1\n").ends_with("; did you mean MPC?"));
    CHECK(expect("ethtool = \"rx_missd_errors\"\nequals = 1\n").ends_with("; did you mean rx_missed_errors?"));
    CHECK(expect("netdev = \"rx.mised_errors\"\nequals = 1\n").ends_with("; did you mean rx.missed_errors?"));
    CHECK(expect("latency = \"wire_to_driver.p98\"\nequals = \"1us\"\n").find("did you mean wire_to_driver.p9") !=
          std::string::npos);
    CHECK(expect("cause = \"no_descriptor\"\nequals = 1\n") == "slow.toml:3: expect[0].cause: not built in yet");
    CHECK(expect("latency = \"wire_to_driver.max\"\nat_most = 11\n") ==
          "slow.toml:4: expect[0].at_most: 11 has no unit; a time is wanted: ps, ns, us, ms, s");
    CHECK(expect("fate = \"delivered\"\nat_most = \"11us\"\n") ==
          "slow.toml:4: expect[0].at_most: \"11us\" is a time; delivered is a count: a whole number is wanted");
    CHECK(expect("fate = \"delivered\"\nat_least = 3\nat_most = 2\n") ==
          "slow.toml:4: expect[0].at_least: at_least is above at_most: it can never hold");
    CHECK(expect("fate = \"delivered\"\nequals = 3\nat_least = 4\n")
              .ends_with("equals is below at_least: it can never hold"));
    CHECK(expect("fate = \"delivered\"\nequals = 3\nat_most = 2\n")
              .ends_with("equals is above at_most: it can never hold"));
    CHECK(expect("fate = \"delivered\"\nequals = 3\nwithin = 1\nat_most = 2\n") == "no error");
}
