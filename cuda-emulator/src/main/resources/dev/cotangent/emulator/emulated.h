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
    unsigned lane;
};

// A kernel, for the driver.
struct EmuKernel {
    const char* name;
    void (*run)(void** arguments);
    // Size of each argument in bytes, terminated by 0.
    const unsigned* sizes;
    int barriers;
};
