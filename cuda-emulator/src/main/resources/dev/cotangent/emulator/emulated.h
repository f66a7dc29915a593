// What the emulated driver and the kernels that the emulated NVRTC compiles have in common.
#pragma once

struct EmuDim { unsigned x, y, z; };

// Where the running thread is, and what it can ask of the device; one for the process, as blocks run one by one.
struct EmuThread {
    EmuDim thread, block, block_size, grid_size;
    void (*barrier)();
    unsigned (*vote)(unsigned value);
    unsigned long long (*shuffle)(unsigned long long value, int from);
    double (*erfinv)(double);
    unsigned lane;
};

// A kernel as the driver sees it.
struct EmuKernel {
    const char* name;
    void (*run)(void** arguments);
    // The bytes of each argument, 0 after the last.
    const unsigned* sizes;
    int barriers;
};
