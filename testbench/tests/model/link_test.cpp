// SPDX-License-Identifier: Apache-2.0
// The link by itself: when it comes up after a request, and what takes the request back.
#include "model/link.hpp"

#include "testbench/tests/support/catch.hpp"

using namespace overrun;

namespace {

constexpr CoreClock clock_7{7};  // edges at the multiples of 7

}  // namespace

TEST_CASE("a link is down until its time after the request has passed, on an edge", "[link]")
{
    Link link{clock_7, 100};
    CHECK(!link.up());
    CHECK(link.next() == never);
    CHECK(!link.request(true, 14));
    CHECK(link.next() == 119);  // the first multiple of 7 from 114 on
    CHECK(!link.up());
    link.set(true);
    CHECK(link.up());
    CHECK(link.next() == never);
}

TEST_CASE("a second request does not put the link off", "[link]")
{
    Link link{clock_7, 100};
    CHECK(!link.request(true, 14));
    CHECK(!link.request(true, 70));
    CHECK(link.next() == 119);
    link.set(true);
    CHECK(!link.request(true, 200));
    CHECK(link.next() == never);
}

TEST_CASE("without SLU the link goes down at once, or does not come up", "[link]")
{
    Link link{clock_7, 100};
    CHECK(!link.request(true, 14));
    CHECK(!link.request(false, 21));  // it was down: nothing changes
    CHECK(link.next() == never);
    CHECK(!link.request(true, 28));
    CHECK(link.next() == 133);
    link.set(true);
    CHECK(link.request(false, 140));
    link.set(false);
    CHECK(!link.up());
}

TEST_CASE("a link that needs no time changes with the request", "[link]")
{
    Link link{clock_7, 0};
    CHECK(link.request(true, 15));
    CHECK(link.next() == never);
}

TEST_CASE("a reset takes the link down and forgets the request", "[link]")
{
    Link link{clock_7, 100};
    CHECK(!link.request(true, 14));
    link.reset();
    CHECK(link.next() == never);
    link.set(true);
    link.reset();
    CHECK(!link.up());
}
