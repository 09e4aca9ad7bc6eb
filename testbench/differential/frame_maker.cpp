// SPDX-License-Identifier: Apache-2.0
// Headers layer by layer, sums last, and now and then a flaw.
// It does not use the checksum code that it tests.
#include "testbench/differential/frame_maker.hpp"

#include <algorithm>

namespace overrun::differential {

namespace {

constexpr std::uint32_t tcp = 6, udp = 17, icmp = 1, icmp6 = 58, fragment_header = 44;

class FrameMaker {
public:
    FrameMaker(Dice& dice, const FrameWishes& wishes) : dice_{dice}, wishes_{wishes} {}

    [[nodiscard]] Octets make()
    {
        put_addresses();
        if (dice_.chance(wishes_.tagged)) put_tag();
        const std::size_t header = frame_.size() + 2;
        const auto        most   = wishes_.longest - static_cast<std::uint32_t>(header);
        const auto        least  = static_cast<std::uint32_t>(60 - header);
        size_ = dice_.chance(60) ? dice_.between(least, std::min(most, 250U)) : dice_.between(least, most);
        put_content();
        if (frame_.size() < 60) fill(60 - frame_.size());
        if (dice_.chance(8)) spoil();
        return std::move(frame_);
    }

private:
    /// From the EtherType on.
    void put_content()
    {
        if (dice_.chance(2)) {
            put(0x8808'0001, 4);  // PAUSE, if the rest agrees
            return fill(size_ - 2);
        }
        const std::uint32_t kind = dice_.below(10);
        if (kind < 2) {
            const bool llc = kind == 1 && size_ < 1500;
            put(llc ? size_ : 0x88b5, 2);
            fill(size_);
        } else if (kind == 2) {
            put_arp();
        } else if (kind < 7) {
            put(0x0800, 2);
            put_ipv4();
        } else {
            put(0x86dd, 2);
            put_ipv6();
        }
    }

    void put(std::uint64_t value, unsigned octets)
    {
        while (octets-- > 0) frame_.push_back(static_cast<std::byte>(value >> (8 * octets)));
    }
    void fill(std::size_t octets)
    {
        const unsigned first = dice_.below(256), step = dice_.one_of({0, 1, 7, 31});
        for (std::size_t i = 0; i < octets; ++i) frame_.push_back(static_cast<std::byte>(first + i * step));
    }
    void set16(std::size_t at, std::uint32_t value)
    {
        frame_[at]     = static_cast<std::byte>(value >> 8U);
        frame_[at + 1] = static_cast<std::byte>(value);
    }
    [[nodiscard]] std::uint32_t sum(std::size_t from, std::size_t to) const
    {
        std::uint32_t value = 0;
        for (std::size_t i = from; i < to; ++i)
            value += std::to_integer<std::uint32_t>(frame_[i]) << ((i - from) % 2 == 0 ? 8U : 0U);
        return value;
    }
    [[nodiscard]] static std::uint32_t checksum(std::uint32_t value)
    {
        while (value > 0xffff) value = (value & 0xffff) + (value >> 16U);
        return ~value & 0xffff;
    }

    void put_addresses()
    {
        const MacAddress& to = dice_.chance(wishes_.station) ? address_pool[0] : dice_.pick(address_pool);
        for (const std::uint8_t octet : to.octets) put(octet, 1);
        put(0x0200'0000'0099, 6);
    }
    void put_tag()
    {
        const std::uint32_t type = dice_.chance(90) ? wishes_.vlan_type : dice_.one_of({0x8100, 0x88a8, 0x9100});
        put(type, 2);
        put(dice_.one_of({0, 0, 3, 7}) << 13U | (dice_.chance(15) ? 0x1000U : 0) | dice_.pick(vlan_pool), 2);
        if (dice_.chance(8)) put(std::uint64_t{0x8100} << 16U | dice_.pick(vlan_pool), 4);  // a second one
    }
    void put_arp()
    {
        put(0x0806, 2);
        put(0x0001'0800'0604'0001, 8);
        fill(20);
    }

    void put_ipv4()
    {
        const std::size_t   ip       = frame_.size();
        const std::uint32_t options  = dice_.chance(15) ? dice_.between(1, 10) : 0;
        const std::uint32_t header   = 20 + 4 * options;
        const std::uint32_t protocol = dice_.one_of({tcp, tcp, tcp, udp, udp, udp, icmp, 47, 132});
        const std::uint32_t trailer  = dice_.chance(15) ? dice_.between(1, 12) : 0;
        const std::uint32_t inside   = std::max(size_, header + trailer + 4) - header - trailer;
        const std::uint32_t fragment =
            dice_.chance(85) ? dice_.one_of({0, 0x4000}) : dice_.one_of({0x2000, 0x0010, 0x2010});
        put(0x40U | header / 4, 1);
        put(dice_.below(256), 1);
        put(header + inside, 2);
        put(dice_.word() & 0xffff, 2);
        put(fragment, 2);
        put(64, 1);
        put(protocol, 1);
        put(0, 2);
        put(0xc0a8'0102'0a00'0000U | dice_.below(0x1'0000), 8);
        for (std::uint32_t i = 0; i < options; ++i) put(0x0101'0101, 4);
        set16(ip + 10, checksum(sum(ip, frame_.size())));
        put_transport(protocol, inside, sum(ip + 12, ip + 20), fragment == 0 || fragment == 0x4000);
        fill(trailer);
        if (dice_.chance(6)) set16(ip + 10, dice_.below(0x1'0000));
        if (dice_.chance(3)) set16(ip + 2, dice_.below(static_cast<std::uint32_t>(header + inside + 40)));
    }

    void put_ipv6()
    {
        const std::size_t ip       = frame_.size();
        std::uint32_t     protocol = dice_.one_of({tcp, tcp, tcp, udp, udp, udp, icmp6, 59});
        const auto        headers  = dice_.chance(25) ? dice_.between(1, 3) : 0;
        const bool        fragment = dice_.chance(8);
        const auto        before   = 8 * headers + (fragment ? 8U : 0U);
        const auto        inside   = std::max(size_, 40 + before + 8) - 40 - before;
        put(0x6000'0000U | dice_.below(0x10'0000), 4);
        put(before + inside, 2);
        put(0, 1);
        put(64, 1);
        for (int i = 0; i < 4; ++i) put(0x2001'0db8'0000'0000U + dice_.below(0x1'0000), 8);
        std::size_t next = ip + 6;
        for (std::uint32_t i = 0; i < headers; ++i) {
            const std::uint32_t kind = i == 0 ? dice_.one_of({0, 43, 60}) : dice_.one_of({43, 60});
            frame_[next]             = static_cast<std::byte>(kind);
            next                     = frame_.size();
            put(0, 2);
            put(kind == 43 ? 0 : 1, 1);                        // routing type 0, or PadN ...
            put(kind == 43 ? dice_.one_of({0, 0, 1}) : 4, 1);  // ... of four octets
            put(0, 4);
        }
        if (fragment) {
            frame_[next] = static_cast<std::byte>(fragment_header);
            next         = frame_.size();
            put(dice_.one_of({0x0000'0001, 0x0000'0010, 0x0000'0000}), 4);
            put(dice_.word(), 4);
        }
        frame_[next] = static_cast<std::byte>(protocol);
        put_transport(protocol, inside, sum(ip + 8, ip + 40), !fragment);
        if (dice_.chance(3)) set16(ip + 4, dice_.below(before + inside + 40));
    }

    /// @param addresses their sum, for the pseudo header
    void put_transport(std::uint32_t protocol, std::uint32_t octets, std::uint32_t addresses, bool whole)
    {
        const std::size_t   begin = frame_.size();
        const std::uint32_t least = protocol == tcp ? 20 : 8;
        if ((protocol != tcp && protocol != udp) || octets < least) return fill(octets);
        put(dice_.word(), 4);
        if (protocol == tcp) {
            put(dice_.word(), 4);
            put(dice_.word(), 4);
            put(0x50, 1);
            put(dice_.one_of({0x02, 0x10, 0x10, 0x18, 0x11}), 1);
            put(0x2000, 2);
            put(0, 4);
        } else {
            put(octets, 2);
            put(0, 2);
        }
        fill(octets - least);
        const std::size_t   at    = begin + (protocol == tcp ? 16 : 6);
        const std::uint32_t right = checksum(sum(begin, frame_.size()) + addresses + protocol + octets);
        set16(at, right == 0 ? 0xffff : right);
        if (protocol == udp && dice_.chance(12)) set16(at, 0);
        if (dice_.chance(whole ? 15 : 30)) set16(at, dice_.below(0x1'0000));
        if (protocol == udp && dice_.chance(5)) set16(begin + 4, dice_.below(octets + 20));
        if (protocol == tcp && dice_.chance(3)) frame_[begin + 12] = static_cast<std::byte>(dice_.below(16) << 4U);
    }

    /// One octet somewhere in the headers.
    void spoil()
    {
        const std::size_t at =
            12 + dice_.below(static_cast<std::uint32_t>(std::min<std::size_t>(frame_.size() - 12, 50)));
        frame_[at] ^= static_cast<std::byte>(1U << dice_.below(8));
    }

    Dice&              dice_;
    const FrameWishes& wishes_;
    Octets             frame_;
    std::uint32_t      size_ = 0;  // behind the EtherType
};

}  // namespace

Octets random_frame(Dice& dice, const FrameWishes& wishes)
{
    return FrameMaker{dice, wishes}.make();
}

}  // namespace overrun::differential
