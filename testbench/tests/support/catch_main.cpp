// SPDX-License-Identifier: Apache-2.0
// The tests' main function, which Catch2 provides.
// It is a file of its own, because Catch2 version 2 takes long to compile here.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>

int main(int argc, char* argv[])
{
    return Catch::Session().run(argc, argv);
}
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
