"""Checks with TensorBoard 2.21.0 the event files that SummaryWriterTest writes: python verify_events.py FOLDER."""
import struct
import sys
import zlib
from tensorboard.backend.event_processing import event_file_loader

folder = sys.argv[1] + "/"
events = list(event_file_loader.RawEventFileLoader(folder + "events").Load())
from tensorboard.compat.proto import event_pb2

events = [event_pb2.Event.FromString(e) for e in events]
assert events[0].file_version == "brain.Event:2" and len(events) == 5
assert all(e.wall_time == 1700000000 for e in events)
first, second, histogram, text = [(e.step, e.summary.value[0]) for e in events[1:]]
assert first[0] == 1 and first[1].tag == "loss/train" and first[1].simple_value == 0.25
assert second[0] == 1 << 40 and abs(second[1].simple_value - 1e-3) < 1e-9
h = histogram[1].histo
assert (h.min, h.max, h.num, h.sum, h.sum_squares) == (-1, 2, 5, 2, 5.5) and sum(h.bucket) == 5
assert len(h.bucket) == len(h.bucket_limit) and list(h.bucket_limit) == sorted(h.bucket_limit)
t = text[1]
assert t.tag == "notes/text_summary" and t.metadata.plugin_data.plugin_name == "text"
assert t.tensor.dtype == 7 and t.tensor.string_val[0].decode() == "gr\u00fcn" and t.tensor.tensor_shape.dim[0].size == 1
image = [event_pb2.Event.FromString(e) for e in event_file_loader.RawEventFileLoader(folder + "image-events").Load()]
i = image[1].summary.value[0].image
assert (i.height, i.width, i.colorspace) == (2, 4, 3)
png = i.encoded_image_string
assert png[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", png[16:24]) == (4, 2)
at, data = 8, b""
while at < len(png):
    size, kind = struct.unpack(">I4s", png[at : at + 8])
    if kind == b"IDAT":
        data += png[at + 8 : at + 8 + size]
    at += size + 12
rows = zlib.decompress(data)
assert len(rows) == 2 * (1 + 12), len(rows)
print("all right")
