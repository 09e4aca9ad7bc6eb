// SPDX-License-Identifier: Apache-2.0
// What becomes of output files when the process is told to stop, or ends at once.
// No signal is sent: the test calls what a handler does.
#include <stdlib.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "hw/base/input_error.hpp"
#include "testbench/files/output_file.hpp"
#include "testbench/tests/support/catch.hpp"
#include "testbench/tests/support/temporary_folder.hpp"

using namespace overrun;

TEST_CASE("a process that ends at once can remove its unfinished files, and only those")
{
    const TemporaryFolder folder;
    OutputFile            done{folder.of("done")};
    done.commit();
    std::ofstream{folder.of("wave.vcd")} << "old";
    OutputFile wave{folder.of("wave.vcd")};
    OutputFile other{folder.of("other")};
    {
        OutputFile given_up{folder.of("given up")};
    }
    CHECK(folder.entries() == 4);
    OutputFile::remove_unfinished();
    CHECK(folder.entries() == 2);
    CHECK(content(folder.of("wave.vcd")) == "old");
    CHECK_THROWS_AS(other.commit(), InputError);
    CHECK(folder.entries() == 2);
}

TEST_CASE("more unfinished files than a signal handler can see are written all the same")
{
    const TemporaryFolder                    folder;
    std::vector<std::unique_ptr<OutputFile>> files;
    for (int i = 0; i < 20; ++i) {
        files.push_back(std::make_unique<OutputFile>(folder.of(std::to_string(i))));
        files.back()->write(std::to_string(i));
    }
    for (const auto& file : files) file->commit();
    for (int i = 0; i < 20; ++i) CHECK(content(folder.of(std::to_string(i))) == std::to_string(i));
    CHECK(folder.entries() == 20);
}

TEST_CASE("a stop ends the wait for a FIFO's reader")
{
    const TemporaryFolder folder;
    const std::string     path = folder.of("fifo");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::atomic<bool> stop{true};
    CHECK_THROWS_AS(OutputFile(path, &stop), Interrupted);
    CHECK(folder.entries() == 1);
}
