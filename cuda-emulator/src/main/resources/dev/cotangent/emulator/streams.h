// Streams, events and graphs of the emulated driver. Work on a created stream runs as late as possible, when something
// waits for it, so that an unsynchronized read misses the result. The default stream runs work immediately, after that of
// the blocking streams, or with a seed as late as the others; then streams are interleaved at random, and the nodes of
// graphs run in a random order that their dependencies allow.
#pragma once
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <thread>

namespace {
enum : int {
    INVALID_HANDLE = 400, NOT_READY = 600, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901, CAPTURE_MERGE = 902,
    CAPTURE_UNMATCHED = 903, CAPTURE_UNJOINED = 904, CAPTURE_ISOLATION = 905, CAPTURE_IMPLICIT = 906,
    CAPTURED_EVENT = 907, WRONG_THREAD = 908
};
enum : int { CAPTURE_GLOBAL = 0, CAPTURE_OF_THREAD = 1, CAPTURE_RELAXED = 2 };
constexpr unsigned NON_BLOCKING = 1, WITHOUT_TIMING = 2;

typedef std::function<Result()> Work;
struct Stream;
// One recording of an event: done when the stream has reached it.
struct Ticket { Stream* stream; bool done; std::chrono::steady_clock::time_point time; Clock clock; };
// `host` is what the host knew to be done when it submitted the step.
struct Step { Work work; std::shared_ptr<Ticket> waits, records; Clock host; };
// Work of a graph, and the nodes that it comes after.
struct Node { Work work; std::vector<size_t> after; };
struct Graph { Context* context; std::vector<Node> nodes; std::shared_ptr<Ticket> last; };
struct Capture {
    Stream* origin;
    int mode;
    std::thread::id thread;
    bool invalidated;
    std::vector<Node> nodes;
    // The nodes that the next of a stream comes after.
    std::map<Stream*, std::vector<size_t>> frontier;
    // Number of operations of each captured stream, and the streams that are not joined yet.
    std::map<Stream*, size_t> counts;
    std::set<Stream*> open;
};
struct Event {
    bool timing;
    std::shared_ptr<Ticket> last;
    std::shared_ptr<Capture> capture;
    Stream* stream;
    size_t at;
    std::vector<size_t> frontier;
};
struct Stream {
    Context* context;
    bool blocking;
    std::deque<Step> steps;
    Result failed;
    std::shared_ptr<Capture> capture;
    int id;
    Clock clock;
};
std::set<Stream*> streams;
int stream_count;
Stream* create(Context* context, bool blocking) {
    Stream* s = new Stream{context, blocking, {}, OK, nullptr, stream_count++, {}};
    streams.insert(s);
    return s;
}
Stream* default_stream(Context* context) {
    static Stream* all[DEVICES];
    Stream*& s = all[context->device];
    if (!s) s = create(context, false);
    return s;
}
// Whether the default stream is late and streams are interleaved; how eagerly, in quarters; and the random state.
bool asynchronous;
unsigned eagerness;
uint64_t chance = 1;
unsigned draw(unsigned below) {
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (unsigned)((chance >> 11) % below);
}
// What the host knows to be done.
Clock host_clock;
std::set<Event*> events;
thread_local int capture_mode;

void finish(const std::shared_ptr<Ticket>& ticket);

void step(Stream* s);
// Lets other streams run some of their work.
void interleave(const Stream* except) {
    static bool inside;
    if (inside || !asynchronous) return;
    inside = true;
    while (draw(4) < eagerness) {
        std::vector<Stream*> ready;
        for (Stream* s : streams) {
            if (s == except || s->steps.empty()) continue;
            const Step& next = s->steps.front();
            if (!next.waits || next.waits->done) ready.push_back(s);
        }
        if (ready.empty()) break;
        step(ready[draw((unsigned)ready.size())]);
    }
    inside = false;
}

void step(Stream* s) {
    while (!s->steps.empty() && s->steps.front().waits && !s->steps.front().waits->done) finish(s->steps.front().waits);
    interleave(s);
    if (s->steps.empty()) return;
    Step next = std::move(s->steps.front());
    s->steps.pop_front();
    join(s->clock, next.host);
    if (next.waits) join(s->clock, next.waits->clock);
    if (next.work) {
        Context* caller = here;
        here = s->context;
        if (s->clock.size() <= (size_t)s->id) s->clock.resize((size_t)s->id + 1);
        s->clock[(size_t)s->id]++;
        running_stream = s->id;
        running_clock = s->clock;
        running_kernel = "a copy or a fill";
        operation++;
        Result result = next.work();
        if (result == OK) result = verdict();
        join(s->clock, running_clock);
        running_stream = -1;
        here = caller;
        if (result != OK && s->failed == OK) s->failed = result;
    }
    if (next.records) {
        next.records->done = true;
        next.records->time = std::chrono::steady_clock::now();
        next.records->clock = s->clock;
    }
}
void finish(const std::shared_ptr<Ticket>& ticket) {
    while (!ticket->done) step(ticket->stream);
}
void push(Stream* s, Work work, std::shared_ptr<Ticket> waits, std::shared_ptr<Ticket> records) {
    s->steps.push_back({std::move(work), std::move(waits), std::move(records), host_clock});
}
// Makes one stream wait for what was submitted to another.
void wait_for(Stream* s, Stream* other) {
    if (other->steps.empty()) return;
    auto ticket = std::make_shared<Ticket>(Ticket{other, false, {}, {}});
    push(other, nullptr, nullptr, ticket);
    push(s, nullptr, ticket, nullptr);
}
// Returns the stream that work goes to. The default stream waits for the blocking ones, and they for it.
Stream* target(Stream* s) {
    Stream* d = default_stream(here);
    if (s && !s->blocking) return s;
    if (s) {
        wait_for(s, d);
        return s;
    }
    for (Stream* other : streams) if (other->context == here && other->blocking) wait_for(d, other);
    return d;
}
// Runs all work of a stream, which the host waits for, and returns its first error.
Result drain(Stream* s) {
    while (!s->steps.empty()) step(s);
    join(host_clock, s->clock);
    Result result = s->failed;
    s->failed = OK;
    return result;
}
Result drain_device(int device, bool blocking_alone) {
    Result result = OK;
    for (Stream* s : streams) {
        if (s->context->device != device || (blocking_alone && !s->blocking)) continue;
        Result r = drain(s);
        if (result == OK) result = r;
    }
    return result;
}

// Returns an error if a capture forbids calls that may wait for the device, and invalidates that capture.
Result unsafe() {
    if (capture_mode == CAPTURE_RELAXED) return OK;
    Result result = OK;
    for (Stream* s : streams) {
        if (!s->capture || s->capture->mode == CAPTURE_RELAXED) continue;
        bool own = s->capture->thread == std::this_thread::get_id();
        if (!own && (s->capture->mode != CAPTURE_GLOBAL || capture_mode != CAPTURE_GLOBAL)) continue;
        s->capture->invalidated = true;
        result = CAPTURE_UNSUPPORTED;
    }
    return result;
}
// Like unsafe, for calls that wait for all streams of the context, which every capture forbids.
Result waits_for_captured(bool blocking_alone, Result error) {
    Result result = OK;
    for (Stream* s : streams) {
        if (!s->capture || s->context != here || (blocking_alone && !s->blocking)) continue;
        s->capture->invalidated = true;
        result = error;
    }
    return result;
}

Result submit(Stream* s, Work work) {
    if (!s) {
        Result captured = waits_for_captured(true, CAPTURE_IMPLICIT);
        if (captured != OK) return captured;
        Stream* d = target(nullptr);
        push(d, std::move(work), nullptr, nullptr);
        interleave(nullptr);
        return asynchronous ? (Result)OK : drain(d);
    }
    if (!streams.count(s) || s->context != here) return INVALID_HANDLE;
    if (s->capture) {
        if (s->capture->invalidated) return CAPTURE_INVALIDATED;
        std::vector<size_t>& frontier = s->capture->frontier[s];
        s->capture->nodes.push_back({std::move(work), frontier});
        frontier = {s->capture->nodes.size() - 1};
        s->capture->counts[s]++;
        s->capture->open.insert(s);
        return OK;
    }
    push(target(s), std::move(work), nullptr, nullptr);
    interleave(nullptr);
    return OK;
}
}

API Result cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) {
    ENTER
    if (flags & ~NON_BLOCKING) return INVALID_VALUE;
    *stream = create(here, (flags & NON_BLOCKING) == 0);
    return OK;
}
API Result cuStreamCreate(Stream** stream, unsigned flags) { return cuStreamCreateWithPriority(stream, flags, 0); }
API Result cuStreamDestroy_v2(Stream* stream) {
    ENTER
    if (!streams.count(stream)) return INVALID_HANDLE;
    drain(stream);
    streams.erase(stream);
    return OK;
}
API Result cuCtxGetStreamPriorityRange(int* least, int* greatest) {
    *least = 0;
    *greatest = -5;
    return OK;
}
API Result cuStreamSynchronize(Stream* stream) {
    ENTER
    if (!stream) {
        if (waits_for_captured(true, CAPTURE_IMPLICIT)) return CAPTURE_IMPLICIT;
        Result result = drain(target(nullptr));
        Result blocking = drain_device(here->device, true);
        return result != OK ? result : blocking;
    }
    if (!streams.count(stream)) return INVALID_HANDLE;
    if (stream->capture) {
        stream->capture->invalidated = true;
        return CAPTURE_UNSUPPORTED;
    }
    return drain(stream);
}
// Every query makes the stream run one item of work.
API Result cuStreamQuery(Stream* stream) {
    ENTER
    if (!stream) stream = default_stream(here);
    if (!streams.count(stream)) return INVALID_HANDLE;
    if (stream->capture) {
        stream->capture->invalidated = true;
        return CAPTURE_UNSUPPORTED;
    }
    if (!stream->steps.empty()) step(stream);
    return stream->steps.empty() ? drain(stream) : NOT_READY;
}
API Result cuCtxSynchronize() {
    ENTER
    Result captured = waits_for_captured(false, CAPTURE_UNSUPPORTED);
    return captured != OK ? captured : drain_device(here->device, false);
}

API Result cuEventCreate(Event** event, unsigned flags) {
    ENTER
    *event = new Event{(flags & WITHOUT_TIMING) == 0, nullptr, nullptr, nullptr, 0, {}};
    events.insert(*event);
    return OK;
}
API Result cuEventDestroy_v2(Event* event) {
    ENTER
    if (!events.erase(event)) return INVALID_HANDLE;
    delete event;
    return OK;
}
API Result cuEventRecord(Event* event, Stream* stream) {
    ENTER
    if (!events.count(event) || (stream && !streams.count(stream))) return INVALID_HANDLE;
    if (stream && stream->capture) {
        if (stream->capture->invalidated) return CAPTURE_INVALIDATED;
        *event = Event{event->timing, nullptr, stream->capture, stream, stream->capture->counts[stream], stream->capture->frontier[stream]};
        return OK;
    }
    event->capture = nullptr;
    if (!stream) {
        Result captured = waits_for_captured(true, CAPTURE_IMPLICIT);
        if (captured != OK) return captured;
    }
    Stream* s = target(stream);
    event->last = std::make_shared<Ticket>(Ticket{s, false, {}, {}});
    push(s, nullptr, nullptr, event->last);
    return stream || asynchronous ? (Result)OK : drain(s);
}
API Result cuEventQuery(Event* event) {
    ENTER
    if (!events.count(event)) return INVALID_HANDLE;
    if (event->capture) return CAPTURED_EVENT;
    if (!event->last) return OK;
    if (!event->last->done) step(event->last->stream);
    if (event->last->done) join(host_clock, event->last->clock);
    return event->last->done ? (Result)OK : (Result)NOT_READY;
}
API Result cuEventSynchronize(Event* event) {
    ENTER
    if (!events.count(event)) return INVALID_HANDLE;
    if (event->capture) return CAPTURED_EVENT;
    if (!event->last) return OK;
    finish(event->last);
    join(host_clock, event->last->clock);
    Stream* s = event->last->stream;
    Result result = s && streams.count(s) ? s->failed : OK;
    if (result != OK) s->failed = OK;
    return result;
}
API Result cuEventElapsedTime(float* milliseconds, Event* start, Event* end) {
    ENTER
    if (!events.count(start) || !events.count(end) || !start->timing || !end->timing || !start->last || !end->last) {
        return INVALID_HANDLE;
    }
    if (!start->last->done || !end->last->done) return NOT_READY;
    *milliseconds = std::chrono::duration<float, std::milli>(end->last->time - start->last->time).count();
    return OK;
}
API Result cuStreamWaitEvent(Stream* stream, Event* event, unsigned) {
    ENTER
    if (!events.count(event) || (stream && !streams.count(stream))) return INVALID_HANDLE;
    if (event->capture) {
        std::shared_ptr<Capture> capture = event->capture;
        if (!stream) {
            capture->invalidated = true;
            return CAPTURE_IMPLICIT;
        }
        if (stream->capture && stream->capture != capture) return CAPTURE_MERGE;
        if (!stream->capture) {
            if (!capture->counts.count(event->stream) || !event->stream->capture) return INVALID_HANDLE;
            stream->capture = capture;
        }
        if (event->stream != stream && capture->counts[event->stream] == event->at) capture->open.erase(event->stream);
        capture->open.insert(stream);
        std::vector<size_t>& frontier = capture->frontier[stream];
        frontier.insert(frontier.end(), event->frontier.begin(), event->frontier.end());
        return OK;
    }
    if (!event->last) return OK;
    if (stream && stream->capture) {
        stream->capture->invalidated = true;
        return CAPTURE_ISOLATION;
    }
    push(target(stream), nullptr, event->last, nullptr);
    if (!stream && !asynchronous) drain(default_stream(here));
    return OK;
}

API Result cuThreadExchangeStreamCaptureMode(int* mode) {
    std::swap(*mode, capture_mode);
    return OK;
}
API Result cuStreamIsCapturing(Stream* stream, int* status) {
    ENTER
    if (stream && !streams.count(stream)) return INVALID_HANDLE;
    *status = !stream || !stream->capture ? 0 : stream->capture->invalidated ? 2 : 1;
    return OK;
}
API Result cuStreamBeginCapture_v2(Stream* stream, int mode) {
    ENTER
    if (!stream) return CAPTURE_UNSUPPORTED;
    if (!streams.count(stream)) return INVALID_HANDLE;
    if (stream->capture) return INVALID_VALUE;
    stream->capture = std::make_shared<Capture>(Capture{stream, mode, std::this_thread::get_id(), false, {}, {}, {}, {}});
    return OK;
}
API Result cuStreamEndCapture(Stream* stream, Graph** graph) {
    ENTER
    *graph = nullptr;
    if (!stream || !streams.count(stream) || !stream->capture) return INVALID_VALUE;
    std::shared_ptr<Capture> capture = stream->capture;
    if (capture->origin != stream) return CAPTURE_UNMATCHED;
    if (capture->mode != CAPTURE_RELAXED && capture->thread != std::this_thread::get_id()) return WRONG_THREAD;
    for (Stream* s : streams) if (s->capture == capture) s->capture = nullptr;
    if (capture->invalidated) return CAPTURE_INVALIDATED;
    capture->open.erase(stream);
    if (!capture->open.empty()) return CAPTURE_UNJOINED;
    *graph = new Graph{stream->context, std::move(capture->nodes), nullptr};
    return OK;
}
API Result cuGraphDestroy(Graph* graph) { delete graph; return OK; }
API Result cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long) {
    ENTER
    *executable = new Graph(*graph);
    return OK;
}
API Result cuGraphExecDestroy(Graph* executable) {
    ENTER
    if (!executable) return INVALID_VALUE;
    drain_device(executable->context->device, false);
    delete executable;
    return OK;
}
namespace {
// Clocks count nodes of a graph like streams, behind all of those.
constexpr int FIRST_NODE = 1024;

// Runs the nodes in the order of the capture, or in a random one that their dependencies allow.
Result run(const Graph& graph) {
    const Clock before_all = running_clock;
    Clock after_all = before_all;
    std::vector<Clock> clocks(graph.nodes.size());
    std::vector<size_t> left(graph.nodes.size());
    for (size_t i = 0; i < left.size(); i++) left[i] = i;
    std::vector<bool> done(left.size());
    while (!left.empty()) {
        std::vector<size_t> ready;
        for (size_t i = 0; i < left.size() && (asynchronous || ready.empty()); i++) {
            bool free = true;
            for (size_t before : graph.nodes[left[i]].after) free &= done[before];
            if (free) ready.push_back(i);
        }
        size_t chosen = ready[draw((unsigned)ready.size())], node = left[chosen];
        left.erase(left.begin() + (long)chosen);
        operation++;
        running_stream = FIRST_NODE + (int)node;
        running_clock = before_all;
        for (size_t before : graph.nodes[node].after) join(running_clock, clocks[before]);
        if (running_clock.size() <= (size_t)running_stream) running_clock.resize((size_t)running_stream + 1);
        running_clock[(size_t)running_stream] = operation;
        clocks[node] = running_clock;
        join(after_all, running_clock);
        Result result = graph.nodes[node].work();
        if (result == OK) result = verdict();
        if (result != OK) return result;
        done[node] = true;
    }
    running_clock = after_all;
    return OK;
}
}
API Result cuGraphLaunch(Graph* executable, Stream* stream) {
    ENTER
    if (!executable || (stream && !streams.count(stream))) return INVALID_VALUE;
    bool captured = stream && stream->capture;
    // Launches of the same graph never overlap.
    Stream* s = target(stream);
    if (executable->last && !captured) push(s, nullptr, executable->last, nullptr);
    executable->last = nullptr;
    Result result = submit(stream, [executable] { return run(*executable); });
    if (result != OK || captured) return result;
    executable->last = std::make_shared<Ticket>(Ticket{s, false, {}, {}});
    push(s, nullptr, nullptr, executable->last);
    return stream || asynchronous ? (Result)OK : drain(s);
}

// Submits work of the other emulated libraries.
API Result emu_submit(Stream* stream, Result (*run)(void*), void* data, void (*destroy)(void*)) {
    ENTER
    std::shared_ptr<void> kept(data, destroy);
    return submit(stream, [run, kept] { return run(kept.get()); });
}
