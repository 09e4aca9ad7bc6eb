// SPDX-License-Identifier: Apache-2.0
// Every breach of the books that an engine or a driver can commit is found, and books in order are left alone.
// Each event is written here; there is no engine.
#include "testbench/ledger/ledger.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

class Books {
public:
    Books& offered(FrameId id, Time t = 0) { return event(ProbeKind::offered, t, id, 64); }
    Books& ended(FrameId id, Fate fate, Time t = 1)
    {
        return event(ProbeKind::ended, t, id, static_cast<std::uint64_t>(fate));
    }
    Books& written_back(FrameId id, Time t = 1, std::uint64_t refused = 0)
    {
        return event(ProbeKind::written_back, t, id, refused);
    }
    Books& taken(Fate fate = Fate::delivered, Time t = 2)
    {
        return event(ProbeKind::taken, t, 0, static_cast<std::uint64_t>(fate));
    }

    [[nodiscard]] std::string   breach() const { return ledger.breach(); }
    [[nodiscard]] std::uint64_t count(Fate fate) const { return ledger.fate(fate).count; }

    Ledger ledger;

private:
    Books& event(ProbeKind kind, Time t, FrameId id, std::uint64_t value)
    {
        ledger.event({kind, t, id, value, 0});
        return *this;
    }
};

}  // namespace

TEST_CASE("books in order are no breach, at any prefix", "[ledger]")
{
    Books books;
    books.offered(1, 0).offered(2, 10).offered(3, 20);
    CHECK(books.breach().empty());
    CHECK(books.ledger.in_nic() == 3);
    books.ended(2, Fate::crc_error, 30);
    books.written_back(1, 40);
    CHECK(books.ledger.in_nic() == 1);
    CHECK(books.ledger.in_ring() == 1);
    CHECK(books.ledger.in_flight() == 2);
    CHECK(books.breach().empty());
    books.taken(Fate::delivered, 50);
    books.written_back(3, 60).taken(Fate::driver_error_frame, 70);
    CHECK(books.breach().empty());
    CHECK(books.ledger.in_flight() == 0);
    CHECK(books.ledger.offered() == 3);
    CHECK(books.ledger.offered_octets() == 192);
    CHECK(books.ledger.ended() == 3);
    CHECK((books.count(Fate::delivered) == 1 && books.count(Fate::driver_error_frame) == 1 &&
           books.count(Fate::crc_error) == 1));
    CHECK(books.ledger.wire_to_host().count() == 2);
    CHECK(books.ledger.wire_to_driver().percentile(100) == 50);
}

TEST_CASE("a frame that begins or ends twice, or ends without having begun, is a breach", "[ledger]")
{
    CHECK(Books{}.offered(7).offered(7).breach() == "frame 7 was offered twice");
    CHECK(Books{}.offered(7).ended(7, Fate::runt).ended(7, Fate::runt).breach() ==
          "frame 7 ended without being in the NIC");
    CHECK(Books{}.ended(7, Fate::runt).breach() == "frame 7 ended without being in the NIC");
    CHECK(Books{}.written_back(7).breach() == "frame 7 was written back without being in the NIC");
    CHECK(Books{}.offered(7).written_back(7).written_back(7).breach() ==
          "frame 7 was written back without being in the NIC");
    CHECK(Books{}.offered(7).ended(7, Fate::runt).written_back(7).breach() ==
          "frame 7 was written back without being in the NIC");
    CHECK(Books{}.offered(7).written_back(7).ended(7, Fate::reset_discard).breach() ==
          "frame 7 ended without being in the NIC");
}

TEST_CASE("a frame without an id is a breach", "[ledger]")
{
    CHECK_FALSE(Books{}.offered(0).breach().empty());
    CHECK_FALSE(Books{}.ended(0, Fate::runt).breach().empty());
    CHECK_FALSE(Books{}.written_back(0).breach().empty());
}

TEST_CASE("a driver that takes more than it was given is a breach", "[ledger]")
{
    CHECK(Books{}.taken().breach() == "the driver took a frame that no write-back had given it");
    CHECK_FALSE(Books{}.offered(1).taken().breach().empty());
    CHECK_FALSE(Books{}.offered(1).written_back(1).taken().taken().breach().empty());
}

TEST_CASE("a breach stays the first one", "[ledger]")
{
    Books books;
    books.offered(1).offered(1).ended(9, Fate::runt).taken();
    CHECK(books.breach() == "frame 1 was offered twice");
}

TEST_CASE("sums that do not balance are a breach of their own", "[ledger]")
{
    // A frame that ends unknown is struck out nowhere: ended rises alone.
    Books books;
    books.offered(1).ended(1, Fate::runt).ended(2, Fate::runt);
    CHECK(books.ledger.offered() == 1);
    CHECK(books.ledger.ended() == 2);
    CHECK_FALSE(books.breach().empty());
}

TEST_CASE("a frame that host memory refused has its fate at once, and its descriptor is passed over", "[ledger]")
{
    Books books;
    books.offered(1).offered(2).offered(3).written_back(1, 5, 1).written_back(2, 6);
    CHECK(books.count(Fate::dma_fault) == 1);
    CHECK(books.ledger.in_ring() == 1);
    // The ring shows a descriptor for both; the first says done for a frame that was not stored.
    books.taken(Fate::delivered, 7);
    CHECK(books.count(Fate::delivered) == 0);
    books.taken(Fate::delivered, 8);
    CHECK(books.count(Fate::delivered) == 1);
    // The descriptor itself was refused: the driver will never see one.
    books.written_back(3, 9, 2);
    CHECK(books.count(Fate::dma_fault) == 2);
    CHECK(books.ledger.in_flight() == 0);
    CHECK(books.breach().empty());
    CHECK_FALSE(books.taken().breach().empty());
}

TEST_CASE("a fate knows its first and last frame and its longest run", "[ledger]")
{
    Books books;
    for (FrameId id = 1; id <= 10; ++id) books.offered(id, static_cast<Time>(id));
    for (const FrameId id : {2U, 3U, 5U, 6U, 7U, 10U}) books.ended(id, Fate::fifo_overrun, static_cast<Time>(100 + id));
    const FateRecord& lost = books.ledger.fate(Fate::fifo_overrun);
    CHECK(lost.count == 6);
    CHECK((lost.first == 2 && lost.first_at == 102));
    CHECK((lost.last == 10 && lost.last_at == 110));
    CHECK(lost.longest_run == 3);
    CHECK(books.breach().empty());
}

namespace {

/// Writes down what a ledger tells.
struct Told final : FateSink {
    void over(FrameId id, Fate fate, Time start, Time time) override
    {
        rows.push_back({id, static_cast<std::uint64_t>(fate), static_cast<std::uint64_t>(start),
                        static_cast<std::uint64_t>(time)});
    }

    std::vector<std::array<std::uint64_t, 4>> rows;
};

std::array<std::uint64_t, 4> row(FrameId id, Fate fate, Time start, Time time)
{
    return {id, static_cast<std::uint64_t>(fate), static_cast<std::uint64_t>(start), static_cast<std::uint64_t>(time)};
}

}  // namespace

TEST_CASE("a ledger tells each fate once, with the frame's start and the time of the fate", "[ledger]")
{
    Told  told;
    Told  second;
    Books books;
    books.ledger.tell(told);
    books.ledger.tell(second);
    books.offered(1, 10).offered(2, 20).offered(3, 30).offered(4, 40);
    CHECK(told.rows.empty());
    books.ended(2, Fate::crc_error, 50);
    books.written_back(1, 60, 1);  // the payload was refused: the fate is certain, the descriptor says done
    books.written_back(3, 70).written_back(4, 75, 2);
    books.taken(Fate::delivered, 80).taken(Fate::driver_error_frame, 90);
    CHECK(told.rows == std::vector{row(2, Fate::crc_error, 20, 50), row(1, Fate::dma_fault, 10, 60),
                                   row(4, Fate::dma_fault, 40, 75), row(3, Fate::driver_error_frame, 30, 90)});
    CHECK(second.rows == told.rows);
    CHECK(books.breach().empty());
}

TEST_CASE("a ledger tells nothing of a frame that it does not know", "[ledger]")
{
    Told  told;
    Books books;
    books.ledger.tell(told);
    books.offered(1).ended(1, Fate::runt).ended(1, Fate::runt).ended(7, Fate::runt).written_back(8).taken();
    CHECK(told.rows.size() == 1);
    CHECK_FALSE(books.breach().empty());
}

TEST_CASE("the ledger names the frame that the driver takes next", "[ledger]")
{
    Books books;
    CHECK_FALSE(books.ledger.next_in_ring().has_value());
    books.offered(1, 10).offered(2, 20).written_back(1, 30, 1).written_back(2, 40);
    REQUIRE(books.ledger.next_in_ring().has_value());
    CHECK(books.ledger.next_in_ring()->id == Ledger::InRing::ended);
    books.taken();
    REQUIRE(books.ledger.next_in_ring().has_value());
    CHECK((books.ledger.next_in_ring()->id == 2 && books.ledger.next_in_ring()->start == 20));
}
