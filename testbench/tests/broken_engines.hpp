// SPDX-License-Identifier: Apache-2.0
// Engines that break one law each, built around the model: the laws' tests must notice them.
// Never of any other use.
#pragma once

#include "model/model_engine.hpp"
#include "testbench/tests/program_run.hpp"

namespace overrun::laws {

template <class Engine>
[[nodiscard]] EngineMaker maker()
{
    return [](const NicParameters& parameters, const EngineSeams& seams) -> std::unique_ptr<NicEngine> {
        return std::make_unique<Engine>(parameters, seams);
    };
}

}  // namespace overrun::laws
