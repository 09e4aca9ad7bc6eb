// SPDX-License-Identifier: Apache-2.0
// A DMA port that keeps every call of an engine and passes it on.
#pragma once

#include <vector>

#include "hw/engine/nic_engine.hpp"
#include "testbench/tests/support/capture_maker.hpp"

namespace overrun::test {

/// One call of the engine's DMA port.
struct DmaRecord {
    enum class What { read, write, commit_read, commit_write };

    What          what;
    Time          at;  ///< read and write: issue; commits: engine time
    std::uint64_t address;
    std::uint32_t length;
    DmaTimes      times{};         ///< read and write
    bool          granted = true;  ///< commits
    Octets        octets{};        ///< commit_write
};

class RecordingPort final : public DmaPort {
public:
    explicit RecordingPort(DmaPort& port) : port_{port} {}

    void watch(const NicEngine& engine) { engine_ = &engine; }

    [[nodiscard]] DmaTimes schedule(DmaOperation operation, std::uint64_t address, std::uint32_t length,
                                    Time t) override
    {
        const DmaTimes times = port_.schedule(operation, address, length, t);
        const bool     read  = operation == DmaOperation::read;
        records.push_back({read ? DmaRecord::What::read : DmaRecord::What::write, t, address, length, times});
        return times;
    }
    [[nodiscard]] bool commit_write(std::uint64_t address, std::span<const std::byte> octets) override
    {
        const bool granted = port_.commit_write(address, octets);
        note(DmaRecord::What::commit_write, address, octets.size(), granted);
        records.back().octets.assign(octets.begin(), octets.end());
        return granted;
    }
    [[nodiscard]] bool commit_read(std::uint64_t address, std::span<std::byte> octets) override
    {
        const bool granted = port_.commit_read(address, octets);
        note(DmaRecord::What::commit_read, address, octets.size(), granted);
        return granted;
    }

    [[nodiscard]] std::vector<DmaRecord> all(DmaRecord::What what) const
    {
        std::vector<DmaRecord> found;
        for (const DmaRecord& record : records)
            if (record.what == what) found.push_back(record);
        return found;
    }

    std::vector<DmaRecord> records;

private:
    void note(DmaRecord::What what, std::uint64_t address, std::size_t length, bool granted)
    {
        records.push_back({what, engine_->now(), address, static_cast<std::uint32_t>(length), {}, granted});
    }

    DmaPort&         port_;
    const NicEngine* engine_ = nullptr;
};

}  // namespace overrun::test
