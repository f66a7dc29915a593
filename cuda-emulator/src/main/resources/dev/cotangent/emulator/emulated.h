// Interface between the emulated driver and the kernels compiled by the emulated NVRTC.
#pragma once

struct EmuDim { unsigned x, y, z; };

// State and device functions of the running thread; one per process, as blocks run sequentially.
struct EmuThread {
    EmuDim thread, block, block_size, grid_size;
    void (*barrier)();
    unsigned (*vote)(unsigned value);
    unsigned long long (*shuffle)(unsigned long long value, int from);
    double (*erfinv)(double);
    // Called by instrumented kernels for every access.
    void (*access)(const void* address, unsigned size, unsigned kind);
    // Moves the result of a function by up to so many units in the last place, or not at all.
    double (*perturb)(double value, unsigned ulps, int is_float);
    unsigned lane;
};

// Kinds of access; those of single instructions are aligned to their size.
enum EmuAccess : unsigned { EMU_READ, EMU_WRITE, EMU_ATOMIC, EMU_RANGE = 4 };

// A kernel, for the driver.
struct EmuKernel {
    const char* name;
    void (*run)(void** arguments);
    // Size of each argument in bytes, terminated by 0.
    const unsigned* sizes;
    int barriers;
};
