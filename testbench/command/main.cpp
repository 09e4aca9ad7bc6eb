#include <cstdio>
#include "testbench/builtin_scenarios.hpp"
#include "testbench/run.hpp"
#include "testbench/result_text.hpp"
#include "testbench/result_json.hpp"
int main(int argc, char** argv) { try {
 std::vector<std::string> o(argv+2, argv+argc);
 auto s = overrun::find_scenario(argv[1], o); auto r = overrun::run_scenario(s, overrun::Platform::bare);
 fputs(overrun::result_text(r).c_str(), stdout); printf("cpu %g  %.2f Mfps\n", r.cpu_s, double(r.offered)/r.cpu_s/1e6);
 } catch (std::exception& e) { fprintf(stderr, "%s\n", e.what()); return 2; } }
