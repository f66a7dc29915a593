// Emulated libcuda.so.1: two devices with memory of the host, which run kernels compiled by the emulated NVRTC. Calls are
// serialized.
#include "faults.h"
#include "fibers.h"
#include <cmath>
#include <dlfcn.h>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <unistd.h>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

namespace {
typedef int Result;
typedef uint64_t Address;
enum : int {
    OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_DEVICE = 101, INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201, NO_BINARY_FOR_GPU = 209, NOT_FOUND = 500, ILLEGAL_ADDRESS = 700, PEER_ACCESS_ENABLED = 704, LAUNCH_FAILED = 719
};
constexpr int DEVICES = 2;
constexpr size_t GUARD = 256;
constexpr unsigned char GUARD_BYTE = 0xFD, FRESH_BYTE = 0xA5, FREED_BYTE = 0xDD;

struct Block { char* raw; size_t size; int device; };
struct Module { void* handle; int device; char *shared_start, *shared_end; long long ptx; };
enum : int { MAX_PARAMETERS = 64 };
struct Function { EmuKernel kernel; Module* module; long long ptx; };
struct Context { int device; };

// The engine that executes PTX; its functions return negative numbers for errors, with a text.
struct PtxEngine {
    long long (*load)(const char* text, char* error, int limit);
    long long (*function)(long long module, const char* name, unsigned* sizes, int limit);
    int (*launch)(long long function, const unsigned* grid_and_block, unsigned shared, void** parameters, int descending,
        char* error, int limit);
};
PtxEngine ptx_engine;
const char* ptx_compiler;

std::recursive_mutex mutex;
Context contexts[DEVICES] = {{0}, {1}};
thread_local Context* here;
bool initialized;
std::map<Address, Block> blocks;
std::map<Address, size_t> pinned;
size_t used[DEVICES], capacity = (size_t)2 << 30;
long long allocations, launches;
// Calls that shall fail, by name: the number of calls before, and the error.
struct Failing { long long after; int error; };
std::map<std::string, long long> calls;
std::map<std::string, Failing> failing;
// Pairs of devices of which the first may access the memory of the second.
std::set<std::pair<int, int>> peers;
int lost[DEVICES];
bool descending, both_ways, idle;
int compute_mode[DEVICES];
int missing_barrier = -1;
int driver_version = 12060, capability = 80;
std::string diagnostics;

void report(const std::string& text) {
    if (diagnostics.empty()) diagnostics = text;
    std::fprintf(stderr, "emulated CUDA: %s\n", text.c_str());
}

// Returns the error that a call shall fail with, or OK.
Result failure_of(std::string call) {
    if (call.size() > 3 && call.compare(call.size() - 3, 3, "_v2") == 0) call.resize(call.size() - 3);
    calls[call]++;
    if (failing.empty()) return OK;
    auto it = failing.find(call);
    if (it == failing.end()) return OK;
    Result error = it->second.error;
    if (it->second.after < 0) return error;
    if (it->second.after-- > 0) return OK;
    failing.erase(it);
    return error;
}

double erfinv_of(double y) {
    double a = std::fabs(y);
    if (!(a < 1)) return a == 1 ? std::copysign(INFINITY, y) : NAN;
    if (a == 0) return y;
    // Winitzki's approximation, then Newton iterations on the better conditioned of erf and erfc.
    double l = std::log1p(-a * a), c = 2 / (M_PI * 0.147) + l / 2, x = std::sqrt(std::sqrt(c * c - l / 0.147) - c);
    for (int i = 0; i < 8; i++) {
        double miss = a < 0.5 ? std::erf(x) - a : (1 - a) - std::erfc(x);
        x -= miss * std::sqrt(M_PI) / 2 * std::exp(x * x);
    }
    return std::copysign(x, y);
}

// Returns the block that contains an address or ends at it.
Block* block_of(Address address, Address* start) {
    auto it = blocks.upper_bound(address);
    if (it == blocks.begin()) return nullptr;
    --it;
    if (address > it->first + it->second.size) return nullptr;
    *start = it->first;
    return &it->second;
}
uint64_t hash(const void* p, size_t size) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < size; i++) h = (h ^ ((const unsigned char*)p)[i]) * 1099511628211u;
    return h | 1;
}
bool is_pinned(const void* p, size_t size) {
    auto it = pinned.upper_bound((Address)p);
    if (it == pinned.begin()) return false;
    --it;
    return (Address)p + size <= it->first + it->second;
}
bool guards_hold(Address start, const Block& b, const char* who) {
    const unsigned char* low = (const unsigned char*)start - GUARD;
    const unsigned char* high = (const unsigned char*)start + b.size;
    for (size_t i = 0; i < GUARD; i++) {
        if (low[i] == GUARD_BYTE && high[i] == GUARD_BYTE) continue;
        bool before = low[i] != GUARD_BYTE;
        report(std::string(who) + " wrote " + (before ? "before" : "behind") + " an allocation of "
            + std::to_string(b.size) + " bytes, " + std::to_string(before ? GUARD - i : i) + " bytes off");
        std::memset((char*)start - GUARD, GUARD_BYTE, GUARD);
        std::memset((char*)start + b.size, GUARD_BYTE, GUARD);
        return false;
    }
    return true;
}
bool inside(Address address, size_t bytes, const char* who, const Context* context = nullptr) {
    if (bytes == 0) return true;
    int device = (context ? context : here)->device;
    Address start;
    Block* b = block_of(address, &start);
    if (b && address + bytes <= start + b->size && b->device == device) return true;
    report(std::string(who) + " of " + std::to_string(bytes) + " bytes accesses "
        + (b && b->device != device ? "another device's memory" : "memory beyond an allocation"));
    return false;
}
}

#define MAY_FAIL \
    std::lock_guard<std::recursive_mutex> lock(mutex); \
    if (Result error = failure_of(__func__)) return error;
#define ENTER \
    MAY_FAIL \
    if (!initialized) return NOT_INITIALIZED; \
    if (!here) return INVALID_CONTEXT; \
    if (lost[here->device]) return lost[here->device];

#include "checks.h"
#include "streams.h"

API Result cuInit(unsigned) { MAY_FAIL initialized = true; return OK; }
API Result cuDriverGetVersion(int* version) { *version = driver_version; return OK; }
API Result cuDeviceGetCount(int* count) { MAY_FAIL *count = DEVICES; return initialized ? OK : NOT_INITIALIZED; }
API Result cuDeviceGet(int* device, int index) {
    MAY_FAIL
    if (index < 0 || index >= DEVICES) return INVALID_DEVICE;
    *device = index;
    return OK;
}
API Result cuDeviceGetName(char* name, int size, int device) {
    std::snprintf(name, (size_t)size, "Emulated CUDA device %d", device);
    return OK;
}
API Result cuDeviceGetAttribute(int* value, int attribute, int device) {
    switch (attribute) {
        case 1: case 2: *value = 1024; break;   // threads of a block, and in x
        case 5: *value = 2147483647; break;     // blocks in x
        case 6: case 7: *value = 65535; break;  // in y and z
        case 8: *value = 49152; break;          // shared memory of a block
        case 10: *value = 32; break;            // threads of a warp
        case 16: *value = 2; break;             // multiprocessors
        case 20: *value = compute_mode[device]; break;
        case 75: *value = capability / 10; break;  // compute capability
        case 76: *value = capability % 10; break;
        default: *value = 0;
    }
    return OK;
}
API Result cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = capacity; return OK; }
API Result cuDevicePrimaryCtxRetain(Context** context, int device) {
    MAY_FAIL
    if (device < 0 || device >= DEVICES) return INVALID_DEVICE;
    *context = &contexts[device];
    return OK;
}
API Result cuDevicePrimaryCtxRelease_v2(int) { return OK; }
API Result cuCtxSetCurrent(Context* context) { MAY_FAIL here = context; return OK; }
API Result cuCtxGetCurrent(Context** context) { *context = here; return OK; }
API Result cuDeviceCanAccessPeer(int* can, int device, int peer) {
    MAY_FAIL
    *can = device != peer;
    return OK;
}
API Result cuCtxEnablePeerAccess(Context* peer, unsigned flags) {
    ENTER
    if (!peer || peer == here || flags) return INVALID_VALUE;
    return peers.insert({here->device, peer->device}).second ? (Result)OK : (Result)PEER_ACCESS_ENABLED;
}
API Result cuCtxGetDevice(int* device) { ENTER *device = here->device; return OK; }

API Result cuMemAlloc_v2(Address* address, size_t size) {
    ENTER
    if (size == 0) return INVALID_VALUE;
    if (Result forbidden = unsafe()) return forbidden;
    if (used[here->device] + size > capacity) return OUT_OF_MEMORY;
    char* raw = (char*)aligned_alloc(256, (size + 2 * GUARD + 255) / 256 * 256);
    if (!raw) return OUT_OF_MEMORY;
    std::memset(raw, GUARD_BYTE, GUARD);
    std::memset(raw + GUARD, FRESH_BYTE, size);
    std::memset(raw + GUARD + size, GUARD_BYTE, GUARD);
    *address = (Address)(raw + GUARD);
    blocks[*address] = {raw, size, here->device};
    used[here->device] += size;
    allocations++;
    return OK;
}
API Result cuMemFree_v2(Address address) {
    ENTER
    if (address == 0) return OK;
    if (Result forbidden = unsafe()) return forbidden;
    drain_device(here->device, false);
    auto it = blocks.find(address);
    if (it == blocks.end()) {
        report("memory is freed that is not allocated");
        return INVALID_VALUE;
    }
    guards_hold(address, it->second, "a kernel");
    shadows.erase(address);
    std::memset((char*)address, FREED_BYTE, it->second.size);
    used[it->second.device] -= it->second.size;
    std::free(it->second.raw);
    blocks.erase(it);
    return OK;
}
API Result cuMemGetInfo_v2(size_t* free, size_t* total) {
    ENTER
    *free = capacity - used[here->device];
    *total = capacity;
    return OK;
}
// Asynchronous copies of pinned memory read it when they run.
API Result cuMemHostAlloc(void** p, size_t size, unsigned) {
    ENTER
    if (Result forbidden = unsafe()) return forbidden;
    *p = std::malloc(size);
    if (!*p) return OUT_OF_MEMORY;
    pinned[(Address)*p] = size;
    return OK;
}
API Result cuMemFreeHost(void* p) {
    ENTER
    if (!pinned.erase((Address)p)) return INVALID_VALUE;
    for (int d = 0; d < DEVICES; d++) drain_device(d, false);
    std::free(p);
    return OK;
}

API Result cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t size, Stream* stream) {
    ENTER
    if (is_pinned(from, size)) {
        uint64_t before = asynchronous ? hash(from, size) : 0;
        return submit(stream, [=] {
            if (!inside(to, size, "a copy")) return (Result)INVALID_VALUE;
            if (before && before != hash(from, size)) {
                report("the pinned memory that a copy reads was changed before the copy ran");
                return (Result)LAUNCH_FAILED;
            }
            touch(to, size, true);
            std::memcpy((void*)to, from, size);
            return (Result)OK;
        });
    }
    auto copy = std::make_shared<std::vector<char>>((const char*)from, (const char*)from + size);
    return submit(stream, [=] {
        if (!inside(to, size, "a copy")) return (Result)INVALID_VALUE;
        touch(to, size, true);
        std::memcpy((void*)to, copy->data(), size);
        return (Result)OK;
    });
}
API Result cuMemcpyDtoHAsync_v2(void* to, Address from, size_t size, Stream* stream) {
    ENTER
    Result result = submit(stream, [=] {
        if (!inside(from, size, "a copy")) return (Result)INVALID_VALUE;
        touch(from, size, false);
        std::memcpy(to, (void*)from, size);
        return (Result)OK;
    });
    bool waits = !(stream && stream->capture) && !is_pinned(to, size);
    return result == OK && waits ? drain(stream ? stream : default_stream(here)) : result;
}
API Result cuMemcpyDtoDAsync_v2(Address to, Address from, size_t size, Stream* stream) {
    ENTER
    return submit(stream, [=] {
        if (!inside(to, size, "a copy") || !inside(from, size, "a copy")) return (Result)INVALID_VALUE;
        touch(from, size, false);
        touch(to, size, true);
        std::memmove((void*)to, (void*)from, size);
        return (Result)OK;
    });
}
API Result cuMemcpyPeerAsync(Address to, Context* to_context, Address from, Context* from_context, size_t size, Stream* stream) {
    ENTER
    if (!to_context || !from_context) return INVALID_CONTEXT;
    return submit(stream, [=] {
        bool both = inside(to, size, "a copy", to_context) && inside(from, size, "a copy", from_context);
        if (!both) return (Result)INVALID_VALUE;
        touch(from, size, false);
        touch(to, size, true);
        std::memcpy((void*)to, (void*)from, size);
        return (Result)OK;
    });
}
API Result cuMemsetD8Async(Address to, unsigned char value, size_t size, Stream* stream) {
    ENTER
    return submit(stream, [=] {
        if (!inside(to, size, "a fill")) return (Result)INVALID_VALUE;
        touch(to, size, true);
        std::memset((void*)to, value, size);
        return (Result)OK;
    });
}
API Result cuMemsetD32Async(Address to, unsigned value, size_t count, Stream* stream) {
    ENTER
    if (to % 4 != 0) return INVALID_VALUE;
    return submit(stream, [=] {
        if (!inside(to, 4 * count, "a fill")) return (Result)INVALID_VALUE;
        touch(to, 4 * count, true);
        for (size_t i = 0; i < count; i++) ((unsigned*)to)[i] = value;
        return (Result)OK;
    });
}
// Synchronous calls use the default stream.
#define AND_WAIT(call) \
    { \
        ENTER \
        if (Result forbidden = unsafe()) return forbidden; \
    } \
    Result submitted = call; \
    return submitted != OK ? submitted : drain(default_stream(here));
API Result cuMemcpyHtoD_v2(Address to, const void* from, size_t size) { AND_WAIT(cuMemcpyHtoDAsync_v2(to, from, size, nullptr)) }
API Result cuMemcpyDtoH_v2(void* to, Address from, size_t size) { AND_WAIT(cuMemcpyDtoHAsync_v2(to, from, size, nullptr)) }
API Result cuMemcpyDtoD_v2(Address to, Address from, size_t size) { AND_WAIT(cuMemcpyDtoDAsync_v2(to, from, size, nullptr)) }
API Result cuMemsetD8_v2(Address to, unsigned char value, size_t size) { AND_WAIT(cuMemsetD8Async(to, value, size, nullptr)) }

namespace {
// Loaded code by size and hash, shared by all its modules, since launches are serialized.
std::map<std::pair<uint64_t, size_t>, void*> loaded;

void* load(const char* object, uint64_t size) {
    void*& handle = loaded[{size, std::hash<std::string>()(std::string(object, size))}];
    if (handle) return handle;
    char path[] = "/tmp/emulated-cuda-XXXXXX";
    int file = mkstemp(path);
    if (file < 0) return nullptr;
    bool written = write(file, object, size) == (ssize_t)size;
    close(file);
    handle = written ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
    if (!handle) report(std::string("a module cannot be loaded: ") + (written ? dlerror() : "no space in /tmp"));
    unlink(path);
    return handle;
}
}

// An image is "EMU0" or "EMU1" (machine code or what stands for PTX), the size of the object in 8 bytes, the architecture in
// 4, and a shared object for this host. Machine code runs on devices of its major version that are no older, PTX on all
// that are no older.
API Result cuModuleLoadData(Module** module, const void* image) {
    ENTER
    if (std::memcmp(image, "PTX0", 4) == 0 && ptx_engine.load) {
        char error[1000] = "";
        long long loaded = ptx_engine.load((const char*)image + 12, error, sizeof error);
        if (loaded < 0) report(error);
        *module = new Module{nullptr, here->device, nullptr, nullptr, loaded};
        return loaded < 0 ? INVALID_IMAGE : OK;
    }
    bool ptx = std::memcmp(image, "EMU1", 4) == 0;
    if (!ptx && std::memcmp(image, "EMU0", 4) != 0) return INVALID_IMAGE;
    int architecture;
    std::memcpy(&architecture, (const char*)image + 12, 4);
    if (architecture > capability || (!ptx && architecture / 10 != capability / 10)) return NO_BINARY_FOR_GPU;
    uint64_t size;
    std::memcpy(&size, (const char*)image + 4, 8);
    void* handle = load((const char*)image + 16, size);
    if (!handle) return INVALID_IMAGE;
    // Instrumented code calls it from the start.
    emu::thread.access = access;
    Module* m = new Module{handle, here->device, nullptr, nullptr, -1};
    ((void (*)(EmuThread*, char**, char**))dlsym(handle, "emu_attach"))(&emu::thread, &m->shared_start, &m->shared_end);
    *module = m;
    return OK;
}
API Result cuModuleUnload(Module*) { ENTER return OK; }
API Result cuModuleGetFunction(Function** function, Module* module, const char* name) {
    ENTER
    if (!module->handle) {
        unsigned* sizes = new unsigned[MAX_PARAMETERS + 1]();
        long long ptx = ptx_engine.function(module->ptx, name, sizes, MAX_PARAMETERS);
        if (ptx < 0) return NOT_FOUND;
        *function = new Function{{strdup(name), nullptr, sizes, 0}, module, ptx};
        return OK;
    }
    void* kernel = dlsym(module->handle, (std::string("emu_kernel_") + name).c_str());
    if (!kernel) return NOT_FOUND;
    *function = new Function{((EmuKernel (*)())kernel)(), module, -1};
    return OK;
}

namespace {
// A launch with copies of its arguments; arguments that point into device memory are operands.
struct Launch {
    EmuKernel kernel;
    Module* module;
    long long ptx;
    unsigned shared;
    EmuDim grid, block;
    std::vector<std::vector<uint64_t>> values;
    std::vector<Address> operands;
};

Result run(Launch& l, bool from_last) {
    std::vector<void*> arguments;
    for (auto& value : l.values) arguments.push_back(value.data());
    if (l.ptx >= 0) {
        char error[1000] = "";
        unsigned sizes[] = {l.grid.x, l.grid.y, l.grid.z, l.block.x, l.block.y, l.block.z};
        int failed = ptx_engine.launch(l.ptx, sizes, l.shared, arguments.data(), from_last, error, sizeof error);
        if (failed) report(error);
        return failed ? LAUNCH_FAILED : OK;
    }
    emu::thread.barrier = emu::barrier;
    emu::thread.vote = emu::vote;
    emu::thread.shuffle = emu::shuffle;
    emu::thread.erfinv = erfinv_of;
    emu::thread.perturb = perturb;
    operation++;
    running_kernel = l.kernel.name;
    running_shared_start = l.module->shared_start;
    running_shared_end = l.module->shared_end;
    if (instrumented) shared_bytes.resize((size_t)(running_shared_end - running_shared_start));
    emu::thread.block_size = l.block;
    emu::thread.grid_size = l.grid;
    unsigned gx = l.grid.x, gy = l.grid.y;
    uint64_t count = (uint64_t)gx * gy * l.grid.z;
    bool finished = true;
    int fault = emu::run_guarded([&] {
        for (uint64_t k = 0; k < count && finished; k++) {
            uint64_t i = from_last ? count - 1 - k : k;
            emu::thread.block = {(unsigned)(i % gx), (unsigned)(i / gx % gy), (unsigned)(i / gx / gy)};
            if (l.module->shared_start) {
                std::memset(l.module->shared_start, FRESH_BYTE, (size_t)(l.module->shared_end - l.module->shared_start));
            }
            std::fill(shared_bytes.begin(), shared_bytes.end(), Byte());
            finished = emu::run_block(l.kernel, arguments.data(), from_last);
        }
    });
    if (fault) {
        const EmuDim &b = emu::thread.block, &t = emu::thread.thread;
        char where[160];
        std::snprintf(where, sizeof where, " (address %p) in thread (%u, %u, %u) of block (%u, %u, %u)",
            emu::fault_address, t.x, t.y, t.z, b.x, b.y, b.z);
        const char* what = emu::is_stack(emu::fault_address) ? " overflows its stack"
            : fault == SIGFPE ? " divides by zero" : " accesses an invalid address";
        report(l.kernel.name + std::string(what) + where);
        return fault == SIGFPE ? LAUNCH_FAILED : ILLEGAL_ADDRESS;
    }
    if (Result found = verdict()) return found;
    bool guarded = true;
    for (Address start : l.operands) guarded &= guards_hold(start, blocks[start], l.kernel.name);
    if (!finished) report(std::string(l.kernel.name) + ": a barrier is not reached by all threads");
    return finished ? guarded ? OK : ILLEGAL_ADDRESS : LAUNCH_FAILED;
}

typedef std::map<Address, std::string> Contents;
Contents contents(const Launch& l) {
    Contents all;
    for (Address start : l.operands) all[start] = std::string((const char*)start, blocks[start].size);
    return all;
}

Result run(Launch& l) {
    for (Address start : l.operands) {
        if (blocks.count(start)) continue;
        report(std::string(l.kernel.name) + " works on memory that was freed");
        return ILLEGAL_ADDRESS;
    }
    if (!both_ways) return run(l, descending);
    Contents before = contents(l);
    Result result = run(l, false);
    if (result != OK) return result;
    Contents after = contents(l);
    for (auto& b : before) std::memcpy((void*)b.first, b.second.data(), b.second.size());
    result = run(l, true);
    if (result != OK) return result;
    for (auto& b : after) {
        size_t i = 0, size = b.second.size();
        while (i < size && b.second[i] == ((const char*)b.first)[i]) i++;
        if (i == size) continue;
        report(std::string(l.kernel.name) + " computes other results when its threads run in descending order: byte "
            + std::to_string(i) + " of an allocation of " + std::to_string(size) + " bytes");
        return LAUNCH_FAILED;
    }
    return OK;
}
}

API Result cuLaunchKernel(Function* f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
        unsigned shared, Stream* stream, void** parameters, void**) {
    if (idle) return OK;
    ENTER
    size_t threads = (size_t)bx * by * bz;
    if (threads == 0 || threads > 1024 || gx == 0 || gy == 0 || gz == 0 || gx > 2147483647u || gy > 65535 || gz > 65535
            || shared > 49152 || f->module->device != here->device) {
        return INVALID_VALUE;
    }
    launches++;
    auto launch = std::make_shared<Launch>(Launch{f->kernel, f->module, f->ptx, shared, {gx, gy, gz}, {bx, by, bz}, {}, {}});
    size_t total = 0;
    for (const unsigned* size = f->kernel.sizes; *size; size++) {
        std::vector<uint64_t> value((*size + 7) / 8);
        std::memcpy(value.data(), parameters[launch->values.size()], *size);
        total += *size;
        for (uint64_t word : value) {
            Address start;
            Block* b = block_of(word, &start);
            if (!b) continue;
            if (b->device != here->device) {
                report(std::string(f->kernel.name) + " was given another device's memory");
                return ILLEGAL_ADDRESS;
            }
            launch->operands.push_back(start);
        }
        launch->values.push_back(std::move(value));
    }
    if (total > 4096) return INVALID_VALUE;
    return submit(stream, [launch] { return run(*launch); });
}

// Interface for tests.
API void emu_set_ptx(const PtxEngine* engine, const char* compiler) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    ptx_engine = engine ? *engine : PtxEngine{};
    ptx_compiler = compiler ? strdup(compiler) : nullptr;
}
API const char* emu_ptx_compiler() { return ptx_compiler; }
// Returns the size of the allocation that has an address, or -1.
API long long emu_find(Address address, Address* start) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    Block* block = block_of(address, start);
    return block ? (long long)block->size : -1;
}
API long long emu_live(int device) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    long long count = 0;
    for (auto& b : blocks) count += b.second.device == device;
    return count;
}
API long long emu_live_bytes(int device) { return (long long)used[device]; }
API long long emu_allocations() { return allocations; }
API long long emu_launches() { return launches; }
API void emu_set_capacity(long long bytes) { capacity = (size_t)bytes; }
// Returns how often a function was called.
API long long emu_calls(const char* call) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    return calls[call];
}
// Makes a call fail, every call if `after` is negative; returns whether an earlier request for it was pending.
API int emu_fail(const char* call, long long after, int error) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    int waiting = (int)failing.erase(call);
    if (error) failing[call] = {after, error};
    return waiting;
}
// Used by the other emulated libraries.
API int emu_failure(const char* call) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    return failure_of(call);
}
API void emu_lose_device(int device, int error) { lost[device] = error; }
API int emu_peer(int device, int other) { return (int)peers.count({device, other}); }
API void emu_set_mode(int device, int mode) { compute_mode[device] = mode; }
API void emu_set_capability(int of) { capability = of; }
API void emu_set_driver_version(int version) { driver_version = version; }
// Makes the default stream late, interleaves streams and shuffles graphs by a seed; 0 turns that off.
API void emu_set_asynchronous(long long seed) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    asynchronous = seed != 0;
    chance = (uint64_t)seed * 0x9E3779B97F4A7C15u | 1;
    eagerness = (unsigned)((uint64_t)seed % 3);
}
API void emu_set_instrumented(int on) { instrumented = on != 0; }
API int emu_instrumented() { return instrumented; }
// Compiles kernels without the barrier of this number.
API void emu_set_missing_barrier(int number) { missing_barrier = number; }
API int emu_missing_barrier() { return missing_barrier; }
API void emu_set_perturbed(int on) { perturbed = on != 0; }
// Notes an access by another emulated library.
API void emu_touch(Address address, size_t size, int write) { touch(address, size, write != 0); }
// Ignores launches, to measure their cost for the caller.
API void emu_set_idle(int on) { idle = on != 0; }
API void emu_set_descending(int on) { descending = on != 0; }
API void emu_set_both_ways(int on) { both_ways = on != 0; }
// Copies the first error since the last call and returns its length, or 0.
API int emu_diagnostics(char* to, int size) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    int length = std::snprintf(to, (size_t)size, "%s", diagnostics.c_str());
    diagnostics.clear();
    return length;
}
// Returns whether memory belongs to the current device; used by the other emulated libraries.
API int emu_inside(Address address, size_t bytes) {
    std::lock_guard<std::recursive_mutex> lock(mutex);
    return here && inside(address, bytes, "an operand");
}
