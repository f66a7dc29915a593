// Turns processor faults of a kernel, such as invalid addresses, into errors of the launch. Other faults are passed to
// the previous handler, such as the JVM's.
#pragma once
#include <csetjmp>
#include <csignal>
#include <pthread.h>

namespace emu {
constexpr int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE};

inline struct sigaction handlers_before[NSIG];
inline sigjmp_buf escape;
inline pthread_t runner;
inline volatile bool running;
inline void* volatile fault_address;
// A separate stack for the handler, since the fault may be a stack overflow.
inline char handler_stack[64 << 10];

inline void on_fault(int signal, siginfo_t* info, void* context) {
    if (running && pthread_equal(pthread_self(), runner)) {
        fault_address = info->si_addr;
        siglongjmp(escape, signal);
    }
    const struct sigaction& before = handlers_before[signal];
    if (before.sa_flags & SA_SIGINFO) before.sa_sigaction(signal, info, context);
    else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) before.sa_handler(signal);
    // The fault is raised again, unhandled.
    else sigaction(signal, &before, nullptr);
}
inline bool handle_faults() {
    for (int signal : SIGNALS) {
        struct sigaction own;
        sigaction(signal, nullptr, &handlers_before[signal]);
        own = handlers_before[signal];
        own.sa_flags |= SA_SIGINFO | SA_ONSTACK;
        own.sa_sigaction = on_fault;
        sigaction(signal, &own, nullptr);
    }
    return true;
}

// Runs a kernel and returns the signal that ended it, or 0. Not reentrant.
template <class F> int run_guarded(F kernel) {
    static bool handled = handle_faults();
    (void)handled;
    stack_t own = {}, before;
    own.ss_sp = handler_stack;
    own.ss_size = sizeof handler_stack;
    sigaltstack(&own, &before);
    runner = pthread_self();
    int signal = sigsetjmp(escape, 1);
    if (signal == 0) {
        running = true;
        kernel();
    }
    running = false;
    sigaltstack(&before, nullptr);
    return signal;
}
}
