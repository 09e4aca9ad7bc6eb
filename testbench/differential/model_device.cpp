// SPDX-License-Identifier: Apache-2.0
// The engine's time runs only as far as its frames need it.
#include "testbench/differential/model_device.hpp"

#include <algorithm>
#include <cstring>

#include "hw/base/input_error.hpp"

namespace overrun::differential {

ModelDevice::ModelDevice(EngineMaker make) : make_{std::move(make)} {}

void ModelDevice::reset()
{
    engine_.reset();
    level_ = false;
    frames_.clear();
    given_    = 0;
    promised_ = 1;
    wire_end_ = 0;
    link_.emplace(free_link_);
    memory_.emplace(memory_octets);
    port_.emplace(*link_, *memory_);
    wire_.emplace(static_cast<FrameSource&>(*this), WireRate{parameters_.wire_rate});
    engine_ = make_(parameters_, {*port_, *wire_, static_cast<InterruptSink&>(*this), Probe{}});
    static_cast<void>(memory_->allocate(memory_octets));
    constexpr std::uint32_t command = 4, memory_and_master = 6;
    promised_ = engine_->access_edge(0) + 1;
    static_cast<void>(engine_->config_write(command, memory_and_master, 2, 0));
}

void ModelDevice::advance(Time t)
{
    promised_ = std::max(promised_, t + 1);
    engine_->advance(t);
}

void ModelDevice::write(std::uint32_t offset, std::uint32_t value)
{
    const Time arrival = engine_->now();
    const Time edge    = engine_->access_edge(arrival);
    engine_->post_write(Space::csr, offset, value, arrival);
    advance(edge);
}

std::vector<std::uint32_t> ModelDevice::read(std::span<const std::uint32_t> offsets)
{
    std::vector<std::uint32_t> values;
    for (const std::uint32_t offset : offsets) {
        const Time arrival = engine_->now();
        promised_          = std::max(promised_, engine_->access_edge(arrival) + 1);
        values.push_back(engine_->read(Space::csr, offset, arrival).value);
    }
    return values;
}

void ModelDevice::append(std::span<const std::byte> frame)
{
    frames_.emplace_back(frame.begin(), frame.end());
}

Offer ModelDevice::next()
{
    Offer offer;
    if (given_ == frames_.size()) return Offer::none(promised_);
    const std::vector<std::byte>& octets = frames_[given_++];
    offer.kind                           = Offer::Kind::frame;
    offer.frame.octets                   = octets.data();
    offer.frame.stored                   = static_cast<std::uint32_t>(octets.size());
    offer.frame.length                   = offer.frame.stored + fcs_octets;
    offer.frame.start                    = earliest_;
    return offer;
}

bool ModelDevice::work(const std::function<bool()>& done)
{
    const WireRate rate{parameters_.wire_rate};
    earliest_ = promised_;
    wire_end_ = std::max(wire_end_, promised_);
    for (std::size_t i = given_; i < frames_.size(); ++i)
        wire_end_ += rate.slot(static_cast<std::uint32_t>(frames_[i].size()) + fcs_octets);
    // The frames, and what the device still has to do with the last ones.
    constexpr Time rest = 20 * microsecond;
    advance(wire_end_ + rest);
    wire_end_ = engine_->now();
    while (frames_.size() > 4096 && given_ > 2048) {
        // What was given long ago has been stored or dropped: the FIFO is not that large.
        frames_.pop_front();
        --given_;
    }
    return done();
}

}  // namespace overrun::differential
