// Emulated libnvrtc.so.12: compiles a kernel's source, preceded by device.h, with the host's compiler.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <unistd.h>

#define API extern "C" __attribute__((visibility("default")))

namespace {
enum : int { OK = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, INVALID_OPTION = 5, COMPILATION = 6 };
struct Program { std::string source, log, code; bool virtual_; };

// What the emulated compiler knows: as NVRTC 12.6, unless the driver was told otherwise.
const int ARCHITECTURES[] = {50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90};

// Returns the error that a call shall fail with, or 0.
int failure_of(const char* call) {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    auto ask = driver ? (int (*)(const char*))dlsym(driver, "emu_failure") : nullptr;
    int error = ask ? ask(call) : 0;
    if (driver) dlclose(driver);
    return error;
}

// Returns the compiler that makes PTX for the engine that executes it, or an empty text.
std::string ptx_compiler() {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    auto ask = driver ? (const char* (*)())dlsym(driver, "emu_ptx_compiler") : nullptr;
    const char* compiler = ask ? ask() : nullptr;
    if (driver) dlclose(driver);
    return compiler ? compiler : "";
}

// Returns the source without one of its barriers, if the driver was told so.
std::string without_barrier(std::string source) {
    void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD);
    auto ask = driver ? (int (*)())dlsym(driver, "emu_missing_barrier") : nullptr;
    int left = ask ? ask() : -1;
    if (driver) dlclose(driver);
    const std::string barrier = "__syncthreads();";
    for (size_t at = source.find(barrier); left >= 0 && at != std::string::npos; at = source.find(barrier, at + 1)) {
        if (left-- == 0) source.replace(at, barrier.size(), ";");
    }
    return source;
}

std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream all;
    all << in.rdbuf();
    return all.str();
}
}

API const char* nvrtcGetErrorString(int error) {
    static const char* const names[] = {"NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY", "NVRTC_ERROR_PROGRAM_CREATION_FAILURE",
        "NVRTC_ERROR_INVALID_INPUT", "NVRTC_ERROR_INVALID_PROGRAM", "NVRTC_ERROR_INVALID_OPTION",
        "NVRTC_ERROR_COMPILATION", "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE"};
    return error >= 0 && error < 8 ? names[error] : error == 11 ? "NVRTC_ERROR_INTERNAL_ERROR" : "NVRTC_ERROR unknown";
}
API int nvrtcVersion(int* major, int* minor) {
    *major = 12;
    *minor = 6;
    // What is cached for one engine is of no use to the other.
    if (!ptx_compiler().empty()) *major = 13, *minor = 0;
    return OK;
}
API int nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char* const*, const char* const*) {
    if (!source) return INVALID_INPUT;
    *program = new Program{source, "", "", false};
    return OK;
}
API int nvrtcDestroyProgram(Program** program) {
    delete *program;
    *program = nullptr;
    return OK;
}
namespace {
// Compiles to real PTX, which the driver's engine executes.
int to_ptx(Program* program, const std::string& nvcc, const std::string& folder, int architecture) {
    std::string file = folder + "/kernel.cu", ptx = folder + "/kernel.ptx", log = folder + "/log";
    std::ofstream(file) << program->source;
    std::string command = "\"" + nvcc + "\" --ptx --gpu-architecture=compute_" + std::to_string(architecture)
        + " --fmad=false --std=c++17 -o " + ptx + " " + file + " > " + log + " 2>&1";
    int code = std::system(command.c_str());
    program->log = read(log);
    if (code == 0) {
        std::string text = read(ptx);
        uint64_t size = text.size();
        program->code = "PTX0" + std::string((const char*)&size, 8) + text + '\0';
    }
    for (const std::string& path : {file, ptx, log}) unlink(path.c_str());
    rmdir(folder.c_str());
    return code == 0 ? OK : COMPILATION;
}
}

API int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    if (int error = failure_of("nvrtcCompileProgram")) return error;
    int architecture = 52;
    for (int i = 0; i < count; i++) {
        std::string option = options[i], target = option.substr(option.find('=') + 1);
        if (option.rfind("--gpu-architecture=", 0) == 0) {
            program->virtual_ = target.rfind("compute_", 0) == 0;
            architecture = std::atoi(target.substr(target.find('_') + 1).c_str());
            bool compiles = false;
            for (int a : ARCHITECTURES) compiles |= a == architecture;
            if (!compiles) return INVALID_OPTION;
        }
        bool known = option.rfind("--gpu-architecture=", 0) == 0 || option == "--fmad=false" || option == "--std=c++17";
        if (!known) return INVALID_OPTION;
    }
    char folder[] = "/tmp/emulated-nvrtc-XXXXXX";
    if (!mkdtemp(folder)) return INVALID_PROGRAM;
    std::string nvcc = ptx_compiler();
    if (!nvcc.empty()) return to_ptx(program, nvcc, folder, architecture);
    std::string base = folder, file = base + "/kernel.cpp", library = base + "/kernel.so", log = base + "/log";
    {
        std::ofstream out(file);
        out << "#include \"device.h\"\n#line 1 \"kernel.cu\"\n" << without_barrier(program->source) << "\nEMU_MODULE\n";
        std::regex kernel("__global__\\s+void\\s+(\\w+)\\s*\\(");
        std::set<std::string> names;
        for (std::sregex_iterator it(program->source.begin(), program->source.end(), kernel), end; it != end; ++it) {
            names.insert((*it)[1]);
        }
        bool barriers = program->source.find("__sync") != std::string::npos || program->source.find("__shfl") != std::string::npos;
        for (const std::string& name : names) out << "EMU_KERNEL(" << name << ", " << barriers << ")\n";
    }
    bool instrumented = false;
    if (void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_NOLOAD)) {
        if (auto ask = (int (*)())dlsym(driver, "emu_instrumented")) instrumented = ask() != 0;
        dlclose(driver);
    }
    // Without optimisation, since most kernels compile longer than they run. No builtins: constant folding may differ from
    // the result at run time. Few segments, since the number of mappings of a process is limited.
    std::string command = std::string(EMULATED_COMPILER)
        + (instrumented ? " -fsanitize=thread -DEMU_INSTRUMENTED" : "") + " -std=c++17 -O0 -pipe -w -fPIC -shared -nostdlib -nostartfiles -fno-exceptions -fno-rtti -fno-strict-aliasing -fwrapv"
          " -fno-builtin -fno-threadsafe-statics -ffp-contract=off -fvisibility=hidden -Wl,-z,noseparate-code -Wl,-z,norelro -I" EMULATED_HEADERS " -o "
        + library + " " + file + " -lm > " + log + " 2>&1";
    int code = std::system(command.c_str());
    program->log = read(log);
    if (code == 0) {
        std::string object = read(library);
        uint64_t size = object.size();
        // "EMU0" marks machine code, "EMU1" what stands for PTX.
        program->code = (program->virtual_ ? "EMU1" : "EMU0") + std::string((const char*)&size, 8)
            + std::string((const char*)&architecture, 4) + object;
    }
    for (const std::string& path : {file, library, log}) unlink(path.c_str());
    rmdir(folder);
    return code == 0 ? OK : COMPILATION;
}
API int nvrtcGetProgramLogSize(Program* program, size_t* size) {
    *size = program->log.size() + 1;
    return OK;
}
API int nvrtcGetProgramLog(Program* program, char* log) {
    std::memcpy(log, program->log.c_str(), program->log.size() + 1);
    return OK;
}
API int nvrtcGetNumSupportedArchs(int* count) {
    *count = (int)(sizeof ARCHITECTURES / sizeof *ARCHITECTURES);
    return OK;
}
API int nvrtcGetSupportedArchs(int* all) {
    std::memcpy(all, ARCHITECTURES, sizeof ARCHITECTURES);
    return OK;
}
// Machine code exists only for a real architecture, and is empty for a virtual one, as with NVRTC.
API int nvrtcGetCUBINSize(Program* program, size_t* size) {
    *size = program->virtual_ ? 0 : program->code.size();
    return OK;
}
API int nvrtcGetCUBIN(Program* program, char* code) {
    if (!program->virtual_) std::memcpy(code, program->code.data(), program->code.size());
    return OK;
}
API int nvrtcGetPTXSize(Program* program, size_t* size) {
    *size = program->virtual_ ? program->code.size() : 0;
    return OK;
}
API int nvrtcGetPTX(Program* program, char* code) {
    if (program->virtual_) std::memcpy(code, program->code.data(), program->code.size());
    return OK;
}
