// Streams, events and graphs of the emulated driver. Work on a created stream runs as late as possible, when something
// waits for it, so that an unsynchronized read misses the result. The default stream runs work immediately, after that of
// the blocking streams.
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
struct Ticket { Stream* stream; bool done; std::chrono::steady_clock::time_point time; };
struct Step { Work work; std::shared_ptr<Ticket> waits, records; };
struct Graph { Context* context; std::vector<Work> nodes; std::shared_ptr<Ticket> last; };
struct Capture {
    Stream* origin;
    int mode;
    std::thread::id thread;
    bool invalidated;
    std::vector<Work> nodes;
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
};
struct Stream {
    Context* context;
    bool blocking;
    std::deque<Step> steps;
    Result failed;
    std::shared_ptr<Capture> capture;
};
std::set<Stream*> streams;
std::set<Event*> events;
thread_local int capture_mode;

void finish(const std::shared_ptr<Ticket>& ticket);

void step(Stream* s) {
    std::shared_ptr<Ticket> waits = s->steps.front().waits;
    if (waits) finish(waits);
    Step next = std::move(s->steps.front());
    s->steps.pop_front();
    if (next.work) {
        Context* caller = here;
        here = s->context;
        Result result = next.work();
        here = caller;
        if (result != OK && s->failed == OK) s->failed = result;
    }
    if (next.records) {
        next.records->done = true;
        next.records->time = std::chrono::steady_clock::now();
    }
}
void finish(const std::shared_ptr<Ticket>& ticket) {
    while (!ticket->done) step(ticket->stream);
}
// Runs all work of a stream and returns its first error.
Result drain(Stream* s) {
    while (!s->steps.empty()) step(s);
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
        Result before = drain_device(here->device, true);
        return before != OK ? before : work();
    }
    if (!streams.count(s) || s->context != here) return INVALID_HANDLE;
    if (s->capture) {
        if (s->capture->invalidated) return CAPTURE_INVALIDATED;
        s->capture->nodes.push_back(std::move(work));
        s->capture->counts[s]++;
        s->capture->open.insert(s);
        return OK;
    }
    s->steps.push_back({std::move(work), nullptr, nullptr});
    return OK;
}
}

API Result cuStreamCreateWithPriority(Stream** stream, unsigned flags, int) {
    ENTER
    if (flags & ~NON_BLOCKING) return INVALID_VALUE;
    *stream = new Stream{here, (flags & NON_BLOCKING) == 0, {}, OK, nullptr};
    streams.insert(*stream);
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
    if (!stream) return waits_for_captured(true, CAPTURE_IMPLICIT) ? CAPTURE_IMPLICIT : drain_device(here->device, true);
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
    if (!stream) return OK;
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
    *event = new Event{(flags & WITHOUT_TIMING) == 0, nullptr, nullptr, nullptr, 0};
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
        *event = Event{event->timing, nullptr, stream->capture, stream, stream->capture->counts[stream]};
        return OK;
    }
    event->capture = nullptr;
    event->last = std::make_shared<Ticket>(Ticket{stream, false, {}});
    if (stream) {
        stream->steps.push_back({nullptr, nullptr, event->last});
        return OK;
    }
    Result captured = waits_for_captured(true, CAPTURE_IMPLICIT);
    if (captured != OK) return captured;
    event->last->done = true;
    Result before = drain_device(here->device, true);
    event->last->time = std::chrono::steady_clock::now();
    return before;
}
API Result cuEventQuery(Event* event) {
    ENTER
    if (!events.count(event)) return INVALID_HANDLE;
    if (event->capture) return CAPTURED_EVENT;
    if (!event->last || event->last->done) return OK;
    step(event->last->stream);
    return event->last->done ? (Result)OK : (Result)NOT_READY;
}
API Result cuEventSynchronize(Event* event) {
    ENTER
    if (!events.count(event)) return INVALID_HANDLE;
    if (event->capture) return CAPTURED_EVENT;
    if (!event->last) return OK;
    finish(event->last);
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
        return OK;
    }
    if (!event->last) return OK;
    if (stream && stream->capture) {
        stream->capture->invalidated = true;
        return CAPTURE_ISOLATION;
    }
    if (stream) stream->steps.push_back({nullptr, event->last, nullptr});
    else finish(event->last);
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
    stream->capture = std::make_shared<Capture>(Capture{stream, mode, std::this_thread::get_id(), false, {}, {}, {}});
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
API Result cuGraphLaunch(Graph* executable, Stream* stream) {
    ENTER
    if (!executable || (stream && !streams.count(stream))) return INVALID_VALUE;
    // Launches of the same graph never overlap.
    bool created = stream && !stream->capture;
    if (executable->last && created) stream->steps.push_back({nullptr, executable->last, nullptr});
    else if (executable->last) finish(executable->last);
    Result result = submit(stream, [executable] {
        for (const Work& node : executable->nodes) {
            Result result = node();
            if (result != OK) return result;
        }
        return (Result)OK;
    });
    executable->last = nullptr;
    if (result != OK || !created) return result;
    executable->last = std::make_shared<Ticket>(Ticket{stream, false, {}});
    stream->steps.push_back({nullptr, nullptr, executable->last});
    return OK;
}

// Submits work of the other emulated libraries.
API Result emu_submit(Stream* stream, Result (*run)(void*), void* data, void (*destroy)(void*)) {
    ENTER
    std::shared_ptr<void> kept(data, destroy);
    return submit(stream, [run, kept] { return run(kept.get()); });
}
