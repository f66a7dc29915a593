// What instrumented kernels and copies access: races within a launch, uninitialised memory, misaligned accesses, accesses
// next to an allocation, and accesses of two streams that nothing orders.
#pragma once
#include <algorithm>
#include <memory>

namespace {
bool instrumented = EMULATED_INSTRUMENTED, perturbed;

// Accesses of one byte in the launch `launch`: the last write and the last read, each by a thread of a block at a number
// of barriers passed.
struct Byte {
    uint32_t launch;
    uint32_t write_block, read_block;
    uint16_t write_thread, read_thread, write_epoch, read_epoch;
    uint8_t flags;
};
enum : uint8_t { WRITTEN = 1, READ = 2, SEVERAL_THREADS = 4, SEVERAL_BLOCKS = 8, WRITTEN_ATOMIC = 16, READ_ATOMIC = 32 };

// Number of operations of each stream that surely happened before.
typedef std::vector<uint64_t> Clock;
void join(Clock& to, const Clock& from) {
    if (to.size() < from.size()) to.resize(from.size());
    for (size_t i = 0; i < from.size(); i++) to[i] = std::max(to[i], from[i]);
}
uint64_t at(const Clock& clock, int stream) { return (size_t)stream < clock.size() ? clock[(size_t)stream] : 0; }

// Streams that accessed 32 bytes last.
constexpr size_t GRANULE = 32;
struct Granule {
    uint32_t read_launch, write_launch;
    int writer;
    uint64_t written;
    std::vector<std::pair<int, uint64_t>> readers;
};
struct Shadow {
    std::vector<Byte> bytes;
    std::vector<bool> set;
    std::vector<Granule> granules;
};
std::map<Address, Shadow> shadows;
std::vector<Byte> shared_bytes;

// The operation that runs: its number, stream and clock; and what it did wrong.
uint32_t operation;
int running_stream = -1;
Clock running_clock;
const char* running_kernel = "";
char *running_shared_start, *running_shared_end;
std::string wrong;

Shadow& shadow_of(Address start, const Block& b) {
    Shadow& s = shadows[start];
    if (s.set.empty()) {
        s.set.resize(b.size);
        s.granules.resize((b.size + GRANULE - 1) / GRANULE, Granule{0, 0, -1, 0, {}});
    }
    return s;
}
std::string who(uint32_t block, uint32_t thread) {
    return "thread " + std::to_string(thread) + " of block " + std::to_string(block);
}
void blame(const std::string& text) {
    if (wrong.empty()) wrong = std::string(running_kernel) + text;
}

// Checks an access against those of other streams.
void order(Shadow& s, size_t from, size_t size, bool write) {
    if (running_stream < 0) return;
    for (size_t g = from / GRANULE; g <= (from + size - 1) / GRANULE; g++) {
        Granule& granule = s.granules[g];
        uint32_t& done = write ? granule.write_launch : granule.read_launch;
        if (done == operation) continue;
        done = operation;
        auto unordered = [](int stream, uint64_t when) {
            return stream >= 0 && stream != running_stream && at(running_clock, stream) < when;
        };
        if (unordered(granule.writer, granule.written)) {
            blame(std::string(write ? " writes" : " reads") + " what another stream or branch of a graph writes, and neither waits for the other");
        }
        if (write) {
            for (auto& r : granule.readers) {
                if (unordered(r.first, r.second)) blame(" writes what another stream or branch of a graph reads, and neither waits for the other");
            }
            granule.readers.clear();
            granule.writer = running_stream;
            granule.written = at(running_clock, running_stream);
        } else {
            auto mine = std::find_if(granule.readers.begin(), granule.readers.end(), [](auto& r) { return r.first == running_stream; });
            if (mine == granule.readers.end()) granule.readers.push_back({running_stream, at(running_clock, running_stream)});
            else mine->second = at(running_clock, running_stream);
        }
    }
}

// Notes an access by a copy, a fill, or a library.
void touch(Address address, size_t size, bool write) {
    if (!instrumented || size == 0) return;
    Address start;
    Block* b = block_of(address, &start);
    if (!b || address + size > start + b->size) return;
    Shadow& s = shadow_of(start, *b);
    order(s, address - start, size, write);
    if (write) std::fill(s.set.begin() + (long)(address - start), s.set.begin() + (long)(address - start + size), true);
}

void access_byte(Byte& byte, bool write, bool atomic, const std::string& (*place)()) {
    uint32_t block = emu::thread.block.x + emu::thread.grid_size.x * (emu::thread.block.y + emu::thread.grid_size.y * emu::thread.block.z);
    uint16_t thread = (uint16_t)emu::current, epoch = (uint16_t)emu::epoch;
    if (byte.launch != operation) byte = Byte{operation, 0, 0, 0, 0, 0, 0, 0};
    bool both_atomic = atomic && (byte.flags & WRITTEN_ATOMIC);
    if ((byte.flags & WRITTEN) && !both_atomic && (byte.write_block != block || byte.write_thread != thread)
            && (byte.write_block != block || byte.write_epoch == epoch)) {
        blame(": " + who(block, thread) + (write ? " writes" : " reads") + " what " + who(byte.write_block, byte.write_thread)
            + " writes" + (byte.write_block == block ? " without a barrier between them, in " : ", in ") + place());
    }
    if (write && (byte.flags & READ) && !(atomic && (byte.flags & READ_ATOMIC))) {
        bool other_block = (byte.flags & SEVERAL_BLOCKS) || byte.read_block != block;
        bool other_thread = byte.read_epoch == epoch && ((byte.flags & SEVERAL_THREADS) || byte.read_thread != thread);
        if (other_block || other_thread) {
            blame(": " + who(block, thread) + " writes what " + (other_block ? "another block" : "another thread of its block")
                + " reads" + (other_block ? ", in " : " without a barrier between them, in ") + place());
        }
    }
    if (write) {
        byte.flags = (uint8_t)((byte.flags & ~WRITTEN_ATOMIC) | WRITTEN | (atomic ? WRITTEN_ATOMIC : 0));
        byte.write_block = block;
        byte.write_thread = thread;
        byte.write_epoch = epoch;
    }
    if (!write || atomic) {
        if (byte.flags & READ) {
            if (byte.read_block != block) byte.flags |= SEVERAL_BLOCKS;
            else if (byte.read_epoch != epoch) byte.flags &= (uint8_t)~SEVERAL_THREADS;
            else if (byte.read_thread != thread) byte.flags |= SEVERAL_THREADS;
        }
        byte.flags = (uint8_t)((byte.flags & ~READ_ATOMIC) | READ | (atomic ? READ_ATOMIC : 0));
        byte.read_block = block;
        byte.read_thread = thread;
        byte.read_epoch = epoch;
    }
}

const std::string& shared_memory() { static const std::string name = "shared memory"; return name; }
const std::string& global_memory() { static const std::string name = "global memory"; return name; }

// An access of an instrumented kernel. Stacks and constants are no memory of a device and of no interest.
void access(const void* p, unsigned size, unsigned kind) {
    bool atomic = (kind & 3) == EMU_ATOMIC, write = (kind & 3) == EMU_WRITE || atomic, read = !write || atomic;
    char* address = (char*)p;
    if (address >= running_shared_start && address < running_shared_end) {
        size_t from = (size_t)(address - running_shared_start);
        if (!(kind & EMU_RANGE) && from % size) blame(" accesses shared memory that is not aligned to " + std::to_string(size) + " bytes");
        for (size_t i = from; i < from + size && i < shared_bytes.size(); i++) {
            Byte& byte = shared_bytes[i];
            if (read && (byte.launch != operation || !(byte.flags & WRITTEN))) blame(" reads shared memory that no thread of the block has written");
            access_byte(byte, write, atomic, shared_memory);
        }
        return;
    }
    Address start = 0, at = (Address)p;
    auto it = blocks.upper_bound(at + GUARD);
    if (it == blocks.begin()) return;
    --it;
    Block* b = &it->second;
    start = it->first;
    if (at + GUARD < start || at >= start + b->size + GUARD) return;
    if (at < start || at + size > start + b->size) {
        long off = at < start ? (long)(start - at) : (long)(at + size - start - b->size);
        blame(": " + who(emu::thread.block.x, emu::current) + (write ? " writes " : " reads ") + std::to_string(off) + " bytes "
            + (at < start ? "before" : "behind") + " an allocation of " + std::to_string(b->size) + " bytes");
        return;
    }
    if (!(kind & EMU_RANGE) && at % size) blame(" accesses " + std::to_string(size) + " bytes at an address that is not a multiple of that");
    Shadow& s = shadow_of(start, *b);
    if (s.bytes.empty()) s.bytes.resize(b->size);
    size_t from = at - start;
    order(s, from, size, write);
    for (size_t i = from; i < from + size; i++) {
        if (read && !s.set[i]) {
            blame(": " + who(emu::thread.block.x, emu::current) + " reads byte " + std::to_string(i) + " of an allocation of "
                + std::to_string(b->size) + " bytes, which nothing has written");
            s.set[i] = true;
        }
        if (write) s.set[i] = true;
        access_byte(s.bytes[i], write, atomic, global_memory);
    }
}

// Reports what the operation did wrong.
Result verdict() {
    if (wrong.empty()) return OK;
    report(wrong);
    wrong.clear();
    return LAUNCH_FAILED;
}

// Moves a result by up to `ulps` units in the last place, always the same way for the same value. Exact results stay.
double perturb(double value, unsigned ulps, int is_float) {
    if (!perturbed || !(std::fabs(value) <= 1.7976931348623157e308) || value == 0 || std::fabs(value) == 1) return value;
    uint64_t bits;
    std::memcpy(&bits, &value, 8);
    bits ^= bits >> 31;
    bits *= 0x9E3779B97F4A7C15u;
    bits ^= bits >> 29;
    bits *= 0xBF58476D1CE4E5B9u;
    int steps = (int)(bits >> 33) % (int)(2 * ulps + 1) - (int)ulps;
    double moved = value, towards = steps < 0 ? 0.0 : std::copysign(INFINITY, value);
    for (int i = std::abs(steps); i > 0; i--) {
        moved = is_float ? (double)std::nextafterf((float)moved, (float)towards) : std::nextafter(moved, towards);
    }
    bool crosses = (std::fabs(value) < 1) != (std::fabs(moved) < 1) || moved == 0 || !(std::fabs(moved) <= 1.7976931348623157e308);
    return crosses ? value : moved;
}
}
