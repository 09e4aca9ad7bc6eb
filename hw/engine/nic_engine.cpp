// SPDX-License-Identifier: Apache-2.0
// What an engine says that works only on DMA ports that tell times.
// Never anything that an engine does.
#include "hw/engine/nic_engine.hpp"

#include <stdexcept>

namespace overrun {

void NicEngine::untold_octets(std::span<std::byte>)
{
    throw std::logic_error("this engine works only on a DMA port that tells times");
}

void NicEngine::dma_done(const DmaDone&)
{
    throw std::logic_error("this engine works only on a DMA port that tells times");
}

}  // namespace overrun
