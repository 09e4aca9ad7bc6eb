// SPDX-License-Identifier: Apache-2.0
#include "testbench/capture/gunzip.hpp"

#include <fmt/format.h>

#include <utility>

#include "hw/base/input_error.hpp"

namespace overrun {

namespace {

constexpr std::size_t input_octets = 64 * 1024;
constexpr int         gzip_only    = 16 + MAX_WBITS;  // zlib.h, inflateInit2: 16 asks for a gzip header

}  // namespace

Gunzip::Gunzip(Source source, std::string name)
    : source_{std::move(source)}, name_{std::move(name)}, input_(input_octets)
{
    if (inflateInit2(&stream_, gzip_only) != Z_OK) fail("zlib has no memory");
}

Gunzip::~Gunzip()
{
    inflateEnd(&stream_);
}

std::size_t Gunzip::read(std::span<std::byte> into)
{
    stream_.next_out  = reinterpret_cast<Bytef*>(into.data());
    stream_.avail_out = static_cast<uInt>(into.size());
    while (stream_.avail_out > 0) {
        const bool ended = stream_.avail_in == 0 && !refill();
        if (!in_member_) {
            if (ended) break;
            if (*stream_.next_in == 0) {
                ++stream_.next_in;
                --stream_.avail_in;
                continue;
            }
            inflateReset(&stream_);
            in_member_ = true;
        }
        const int result = inflate(&stream_, Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            in_member_ = false;
        else if (result == Z_BUF_ERROR && ended)
            fail("truncated gzip: the file ends inside it");
        else if (result != Z_OK && result != Z_BUF_ERROR)
            fail(fmt::format("corrupt gzip: {}", stream_.msg != nullptr ? stream_.msg : zError(result)));
    }
    return into.size() - stream_.avail_out;
}

bool Gunzip::refill()
{
    stream_.next_in  = reinterpret_cast<Bytef*>(input_.data());
    stream_.avail_in = static_cast<uInt>(source_(input_));
    return stream_.avail_in > 0;
}

void Gunzip::fail(const std::string& why) const
{
    throw InputError(fmt::format("{}: {}", name_, why));
}

}  // namespace overrun
