// SPDX-License-Identifier: Apache-2.0
// Writes a value change dump (IEEE 1364-2005 clause 18, four-state VCD) from time stamps, without any kernel.
// Never writes a value that a signal already has, nor a time stamp under which nothing changes (but for the last).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hw/base/time.hpp"
#include "testbench/files/output_file.hpp"

namespace overrun {

/// Declarations, then begin(), then changes in time order, then finish(). The unit of time is 1 ps.
///
/// A named value is a wire with its number, and the numbers stand in a comment of the file: a string variable is an
/// extension that only some viewers read. Calls out of order and malformed names are mistakes of the program and throw
/// std::logic_error; a full disk throws InputError.
class VcdWriter {
public:
    /// A declared wire; valid for the writer that gave it.
    struct Signal {
        std::uint32_t index = 0;
    };

    /// @param file outlives the writer; commit() stays with its owner
    explicit VcdWriter(OutputFile& file);

    /// Puts words for people into the file, before begin(). Must not contain "$end".
    void comment(std::string_view text);

    /// Scopes nest; names are letters, digits and `_`, and do not begin with a digit.
    void open_scope(std::string_view name);
    void close_scope();

    /// Declares a wire of 1 to 64 bits in the open scope.
    [[nodiscard]] Signal wire(std::string_view name, unsigned bits);

    /// The value at the beginning, before begin(); without one it is unknown (`x`) until the first set().
    void initial(Signal signal, std::uint64_t value);

    /// Closes all scopes, ends the declarations and dumps every value at time `at` (>= 0), where the waveform begins.
    void begin(Time at = 0);

    /// The signal has this value from `time` (>= 0, < never, not before the last change) on. Bits above its width are
    /// dropped, as on a wire. Several values at one time are all written, in this order; the last one holds.
    void set(Signal signal, Time time, std::uint64_t value);

    /// Writes the last time stamp, not before the last change, and hands everything to the file.
    void finish(Time end);

private:
    struct Wire {
        std::uint64_t       mask;
        std::uint64_t       value = 0;
        std::array<char, 6> code{};           ///< identifier code and line end; five characters are 7e9 codes
        std::uint8_t        code_octets = 0;  ///< with the line end
        bool                known       = false;
        bool                scalar      = false;
    };

    enum class State : std::uint8_t { declaring, running, finished };

    void                demand(State state, const char* call) const;
    void                demand_not_before(Time time) const;
    void                put(std::string_view text);
    void                put_value(const Wire& wire);
    void                put_time(Time time);
    void                make_room();
    [[nodiscard]] char* end() noexcept { return text_.data() + used_; }
    void                set_end(const char* p) noexcept { used_ = static_cast<std::size_t>(p - text_.data()); }

    OutputFile&       file_;
    std::vector<Wire> wires_;
    unsigned          open_scopes_ = 0;
    State             state_       = State::declaring;
    Time              now_         = never;  ///< last time stamp; `never` unless running, so that set() needs one test
    std::vector<char> text_;
    std::size_t       used_ = 0;
};

}  // namespace overrun
