// SPDX-License-Identifier: Apache-2.0
// Picks Catch2's header: version 3 where it is installed (Debian 13), version 2 elsewhere (Debian 12).
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
