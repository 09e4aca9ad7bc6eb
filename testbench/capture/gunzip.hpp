// SPDX-License-Identifier: Apache-2.0
// Undoes gzip (RFC 1952) piece by piece: one member or several in a row, zero padding after the last one allowed.
// A member that breaks is followed by an error. It holds no more than its input piece.
#pragma once

#include <zlib.h>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace overrun {

class Gunzip {
public:
    /// Fills the span as far as it can and says how many octets it gave; 0 at the end.
    using Source = std::function<std::size_t(std::span<std::byte>)>;

    /// @param name of the file, for errors
    Gunzip(Source source, std::string name);
    ~Gunzip();
    Gunzip(const Gunzip&)            = delete;
    Gunzip& operator=(const Gunzip&) = delete;

    /// As many plain octets as fit; fewer only at the end, 0 after it. Throws InputError on corrupt or truncated gzip.
    [[nodiscard]] std::size_t read(std::span<std::byte> into);

    /// Whether these first octets of a file say gzip.
    [[nodiscard]] static bool is_gzip(std::span<const std::byte> first) noexcept
    {
        return first.size() >= 2 && first[0] == std::byte{0x1f} && first[1] == std::byte{0x8b};
    }

private:
    bool              refill();
    [[noreturn]] void fail(const std::string& why) const;

    Source                 source_;
    std::string            name_;
    std::vector<std::byte> input_;
    z_stream               stream_{};
    bool                   in_member_ = true;
};

}  // namespace overrun
