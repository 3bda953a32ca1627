"""Reads the event files that TensorBoardTests recorded with TensorBoard's own reader: `python check_events.py`.

Needs tensorboard (2.21.0), which is needed nowhere else. After a change of the bytes: run TensorBoardTests with
RECORD=1, then this.
"""

import pathlib

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

HERE = pathlib.Path(__file__).parent


def scalars(events, name):
    return [(event.step, event.value) for event in events.Scalars(name)]


def close(found, expected):
    assert [step for step, _ in found] == [step for step, _ in expected], found
    assert all(abs(a - b) < 1e-6 for (_, a), (_, b) in zip(found, expected)), found


def main():
    events = EventAccumulator(str(HERE / "events"), size_guidance={"tensors": 0, "scalars": 0})
    events.Reload()
    tags = events.Tags()
    print({kind: names for kind, names in tags.items() if names})
    assert sorted(tags["scalars"]) == ["epoch", "loss", "rewards/accuracy/mean"] and tags["tensors"] == ["samples"]
    # The run was resumed at step 4: steps 5 and 6 of the first file are void.
    close(scalars(events, "loss"), [(1, 1), (2, 1 / 2), (3, 1 / 3), (4, 1 / 4), (5, 10)])
    close(scalars(events, "epoch"), [(1, 0.25), (2, 0.5), (3, 0.75), (4, 1), (5, 1.25)])
    # A value that is no number is left out.
    close(scalars(events, "rewards/accuracy/mean"), [(1, 1), (3, 3), (4, 4)])
    assert events.Scalars("loss")[0].wall_time == 1_700_000_001.25

    first = EventAccumulator(str(sorted((HERE / "events").iterdir())[0]), size_guidance={"tensors": 0})
    first.Reload()
    (text,) = first.Tensors("samples")
    assert text.step == 6 and text.tensor_proto.tensor_shape.dim[0].size == 1
    print(text.tensor_proto.string_val[0].decode())
    assert first.SummaryMetadata("samples").plugin_data.plugin_name == "text"


if __name__ == "__main__":
    main()
