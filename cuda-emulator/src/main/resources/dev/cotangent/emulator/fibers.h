// Threads of a block as fibers of one host thread: each runs until it waits at a barrier or ends.
#pragma once
#include "emulated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace emu {
constexpr unsigned MAX_THREADS = 1024;
constexpr size_t STACK = 64 << 10;

// State of a thread: running, waiting for the block's barrier or its warp's shuffle, or done.
enum class Wait { RUN, BLOCK, WARP, DONE };

struct Fiber {
    Wait wait;
    unsigned value;
    uint64_t bits;
    int from;
#if defined(__x86_64__)
    void* stack_pointer;
#else
    ucontext_t context;
#endif
};

inline Fiber fibers[MAX_THREADS];
inline EmuThread thread;
inline unsigned current, votes, epoch;
inline uint64_t exchanged[MAX_THREADS];
inline void (*kernel_run)(void**);
inline void** kernel_arguments;
inline char* stacks;

#if defined(__x86_64__)
inline void* scheduler;
extern "C" void emu_switch(void** save, void* to);
asm(R"(.text
.weak emu_switch
emu_switch:
 pushq %rbp
 pushq %rbx
 pushq %r12
 pushq %r13
 pushq %r14
 pushq %r15
 movq %rsp,(%rdi)
 movq %rsi,%rsp
 popq %r15
 popq %r14
 popq %r13
 popq %r12
 popq %rbx
 popq %rbp
 ret)");
inline void leave() { emu_switch(&fibers[current].stack_pointer, scheduler); }
inline void resume() { emu_switch(&scheduler, fibers[current].stack_pointer); }
#else
inline ucontext_t scheduler;
inline void leave() { swapcontext(&fibers[current].context, &scheduler); }
inline void resume() { swapcontext(&scheduler, &fibers[current].context); }
#endif

inline void body() {
    kernel_run(kernel_arguments);
    fibers[current].wait = Wait::DONE;
    leave();
    std::abort();
}
inline void prepare(unsigned i) {
    Fiber& f = fibers[i];
    f.wait = Wait::RUN;
#if defined(__x86_64__)
    // On entry of a function the stack pointer is 8 bytes off a multiple of 16, below the return address.
    void** top = (void**)(stacks + STACK * (i + 1)) - 1;
    *--top = (void*)body;
    for (int k = 0; k < 6; k++) *--top = nullptr;
    f.stack_pointer = top;
#else
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = stacks + STACK * i;
    f.context.uc_stack.ss_size = STACK;
    f.context.uc_link = nullptr;
    makecontext(&f.context, body, 0);
#endif
}

inline void barrier() {
    fibers[current].value = 0;
    fibers[current].wait = Wait::BLOCK;
    leave();
}
inline unsigned vote(unsigned value) {
    fibers[current].value = value;
    fibers[current].wait = Wait::BLOCK;
    leave();
    return votes;
}
inline unsigned long long shuffle(unsigned long long bits, int from) {
    unsigned me = current;
    fibers[me].bits = bits;
    fibers[me].wait = Wait::WARP;
    leave();
    return exchanged[(me & ~31u) + (unsigned)from];
}

inline bool is_stack(void* address) {
    return stacks && (char*)address >= stacks && (char*)address < stacks + STACK * MAX_THREADS;
}
inline void set_current(unsigned i) {
    unsigned x = thread.block_size.x, y = thread.block_size.y;
    thread.thread = {i % x, i / x % y, i / (x * y)};
    thread.lane = i & 31;
    current = i;
}

// Runs a block and returns whether all its threads ended; reports a deadlock at a divergent barrier.
inline bool run_block(const EmuKernel& kernel, void** arguments, bool descending) {
    unsigned count = thread.block_size.x * thread.block_size.y * thread.block_size.z;
    epoch = 0;
    if (!kernel.barriers) {
        for (unsigned k = 0; k < count; k++) {
            set_current(descending ? count - 1 - k : k);
            kernel.run(arguments);
        }
        return true;
    }
    kernel_run = kernel.run;
    kernel_arguments = arguments;
    if (!stacks) {
        void* all = mmap(nullptr, STACK * MAX_THREADS, PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (all == MAP_FAILED) return false;
        stacks = (char*)all;
        // The lowest page of each stack is a guard page.
        for (unsigned i = 0; i < MAX_THREADS; i++) mprotect(stacks + STACK * i, (size_t)sysconf(_SC_PAGESIZE), PROT_NONE);
    }
    for (unsigned i = 0; i < count; i++) prepare(i);
    while (true) {
        for (unsigned k = 0; k < count; k++) {
            unsigned i = descending ? count - 1 - k : k;
            if (fibers[i].wait != Wait::RUN) continue;
            set_current(i);
            resume();
        }
        unsigned at_barrier = 0, done = 0, sum = 0;
        bool exchange = false;
        for (unsigned i = 0; i < count; i++) {
            at_barrier += fibers[i].wait == Wait::BLOCK;
            done += fibers[i].wait == Wait::DONE;
            sum += fibers[i].wait == Wait::BLOCK ? fibers[i].value : 0;
        }
        if (done == count) return true;
        // A warp continues when all of its live threads have arrived.
        for (unsigned w = 0; w < count; w += 32) {
            unsigned end = w + 32 < count ? w + 32 : count, waiting = 0, alive = 0;
            for (unsigned i = w; i < end; i++) {
                waiting += fibers[i].wait == Wait::WARP;
                alive += fibers[i].wait != Wait::DONE;
            }
            if (waiting == 0 || waiting != alive) continue;
            for (unsigned i = w; i < end; i++) exchanged[i] = fibers[i].bits;
            for (unsigned i = w; i < end; i++) if (fibers[i].wait == Wait::WARP) fibers[i].wait = Wait::RUN;
            exchange = true;
        }
        if (exchange) continue;
        if (at_barrier + done == count) {
            votes = sum;
            epoch++;
            for (unsigned i = 0; i < count; i++) if (fibers[i].wait == Wait::BLOCK) fibers[i].wait = Wait::RUN;
            continue;
        }
        std::fprintf(stderr, "emulated CUDA: in %s, block (%u, %u, %u), %u of %u threads wait at a barrier that others never reach\n",
            kernel.name, thread.block.x, thread.block.y, thread.block.z, at_barrier, count);
        return false;
    }
}
}
