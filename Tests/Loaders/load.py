"""Loads an export with the library that it is for, and compares it row by row with the same set's `jsonl` export.

    python load.py FORMAT EXPORT JSONL_EXPORT

Prints a line for each split; ends with an AssertionError at the first row that is not the run's.
"""

import glob
import importlib.metadata
import io
import json
import os
import sys

SPLITS = ["train", "dev", "test"]


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Truth:
    """The set as the run has it: rows by split in their order, and each row's sound."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = {split: read_lines(f"{folder}/{split}.jsonl") for split in SPLITS}
        self.rows = {split: rows for split, rows in self.rows.items() if rows}

    def sound(self, row):
        with open(os.path.join(self.folder, row["audio_path"]), "rb") as file:
            return file.read()


def same(found, wanted, what):
    assert found == wanted, f"{what}: {found!r} is not {wanted!r}"


def same_sound(found, truth, wanted, what):
    """`found` are the bytes of a file: those of the run's own WAV file, or FLAC that decodes to the same samples."""
    sound = truth.sound(wanted)
    if found.startswith(b"fLaC"):
        import soundfile

        (samples, rate), (own, own_rate) = [soundfile.read(io.BytesIO(file), dtype="int16") for file in (found, sound)]
        same((rate, len(samples)), (own_rate, len(own)), f"{what}: length of the sound of {wanted['id']}")
        same((samples == own).all(), True, f"{what}: samples of {wanted['id']}")
    else:
        same(found == sound, True, f"{what}: sound of {wanted['id']}")


def compare_questions(found, wanted, where):
    same(len(found), len(wanted), f"{where}: number of rows")
    for number, (row, truth) in enumerate(zip(found, wanted)):
        for name in ["id", "question", "choices", "answer", "answer_index", "skill", "difficulty", "labels", "evidence"]:
            same(row[name], truth[name], f"{where}, row {number}, {name}")


def load_dataset(*arguments, **options):
    import datasets

    cache = os.environ["LOADERS_CACHE"] + "/" + datasets.__version__
    return datasets.load_dataset(*arguments, cache_dir=cache, **options)


def splits_of(loaded, truth):
    """Newer versions call `dev` by another name where they find splits by folder."""
    names = {"validation": "dev"}
    found = {names.get(name, name): rows for name, rows in loaded.items()}
    same(sorted(found), sorted(truth.rows), "splits")
    return found


def jsonl(folder, truth):
    for split, rows in splits_of(load_dataset(folder), truth).items():
        compare_questions(rows, truth.rows[split], split)
        for row, wanted in zip(rows, truth.rows[split]):
            same(row["captions"], wanted["captions"], f"{split}: captions of {wanted['id']}")
            same(row["provenance"], wanted["provenance"], f"{split}: provenance of {wanted['id']}")
        yield split, len(rows)


def compare_hub_columns(row, wanted, where):
    same(row["captions"], [caption["text"] for caption in wanted["captions"]], f"{where}: captions")
    same(json.loads(row["caption_sources"]), wanted["captions"], f"{where}: caption sources")
    made = wanted["provenance"]
    found = {"model": row["writer"], **{name: row[name] for name in made if name != "model"}}
    same(found, made, f"{where}: provenance")


def hf(folder, truth):
    for split, rows in splits_of(load_dataset(folder), truth).items():
        compare_questions(rows, truth.rows[split], split)
        for row, wanted in zip(rows, truth.rows[split]):
            compare_hub_columns(row, wanted, f"{split} {wanted['id']}")
            with open(os.path.join(folder, row["audio_path"]), "rb") as file:
                same_sound(file.read(), truth, wanted, split)
        yield split, len(rows)


def with_sounds(loaded, truth):
    """What has an `audio` column that the library takes for sounds."""
    import datasets

    for split, rows in splits_of(loaded, truth).items():
        assert isinstance(rows.features["audio"], datasets.Audio), rows.features["audio"]
        rows = rows.cast_column("audio", datasets.Audio(decode=False))
        # Rows of a folder come in the order of their files.
        by_id = {row["id"]: row for row in rows}
        same(len(by_id), len(rows), f"{split}: ids")
        ordered = [by_id[wanted["id"]] for wanted in truth.rows[split]]
        compare_questions(ordered, truth.rows[split], split)
        for row, wanted in zip(ordered, truth.rows[split]):
            compare_hub_columns(row, wanted, f"{split} {wanted['id']}")
            audio = row["audio"]["bytes"]
            if audio is None:
                with open(row["audio"]["path"], "rb") as file:
                    audio = file.read()
            same_sound(audio, truth, wanted, split)
        yield split, len(rows)


def hf_audiofolder(folder, truth):
    yield from with_sounds(load_dataset("audiofolder", data_dir=folder), truth)


def parquet(folder, truth):
    yield from with_sounds(load_dataset(folder), truth)


def parquet_pyarrow(folder, truth):
    import pyarrow.parquet

    for split, rows in truth.rows.items():
        table = pyarrow.parquet.read_table(sorted(glob.glob(f"{folder}/data/{split}-*.parquet")))
        found = table.to_pylist()
        compare_questions(found, rows, split)
        for row, wanted in zip(found, rows):
            same_sound(row["audio"]["bytes"], truth, wanted, split)
        yield split, len(found)


def card_rows(folder, truth, configuration=None):
    """Lines that the card names, loaded through it."""
    loaded = load_dataset(folder, configuration) if configuration else load_dataset(folder)
    return splits_of(loaded, truth)


def r1_aqa(folder, truth):
    """The loader needs `dataset_name` to be AVQA, and takes the answer by its place."""
    for split, rows in card_rows(folder, truth).items():
        same(len(rows), len(truth.rows[split]), f"{split}: number of rows")
        for row, wanted in zip(rows, truth.rows[split]):
            same(row["dataset_name"], "AVQA", "dataset_name")
            same(row["multi_choice"][row["answer"]], wanted["answer"], "answer")
            same((row["question_text"], row["multi_choice"]), (wanted["question"], wanted["choices"]), "question")
            assert os.path.exists(os.path.join(folder, row["audio_path"]))
        yield split, len(rows)


def audiomcq(folder, truth):
    for split, wanted_rows in truth.rows.items():
        rows = list(load_dataset("json", data_files=f"{folder}/{split}/data.jsonl")["train"])
        same(len(rows), len(wanted_rows), f"{split}: number of rows")
        for row, wanted in zip(rows, wanted_rows):
            for name in ["id", "question", "choices", "answer"]:
                same(row[name], wanted[name], name)
            assert os.path.exists(f"{folder}/{split}/{row['audio_path']}")
        yield split, len(rows)


def mmau_is_right(answer, prediction, choices):
    """MMAU's published rule: all words of the answer, and none that only wrong choices have."""
    import re

    words = lambda text: set(re.findall(r"\b\w+\b", text.lower()))
    if not words(prediction):
        return False
    others = set().union(*(words(choice) - words(answer) for choice in choices if words(choice) != words(answer)))
    return words(answer) <= words(prediction) and not words(prediction) & others


def mmau(folder, truth):
    for split, wanted_rows in truth.rows.items():
        with open(f"{folder}/{split}.json", encoding="utf-8") as file:
            rows = json.load(file)
        same(len(rows), len(wanted_rows), f"{split}: number of rows")
        for row, wanted in zip(rows, wanted_rows):
            for name in ["id", "question", "choices", "answer"]:
                same(row[name], wanted[name], name)
            assert row["task"] in {"sound", "music", "speech"} and row["difficulty"] in {"easy", "medium", "hard"}
            assert mmau_is_right(row["answer"], wanted["answer"], row["choices"])
            wrong = [choice for choice in row["choices"] if choice != row["answer"]]
            assert not any(mmau_is_right(row["answer"], choice, row["choices"]) for choice in wrong)
            assert os.path.exists(os.path.join(folder, row["audio_id"]))
        yield split, len(rows)


def webdataset(folder, truth):
    import webdataset as wds

    for split, wanted_rows in truth.rows.items():
        shards = sorted(glob.glob(f"{folder}/{split}-*.tar"))
        samples = list(wds.WebDataset(shards, shardshuffle=False))
        rows = [json.loads(sample["json"]) for sample in samples]
        compare_questions(rows, wanted_rows, split)
        for sample, wanted in zip(samples, wanted_rows):
            same(sample["__key__"], wanted["id"], "key")
            same_sound(sample.get("wav") or sample["flac"], truth, wanted, split)
        yield split, len(rows)


def webdataset_hub(folder, truth):
    import datasets

    files = {split: sorted(glob.glob(f"{folder}/{split}-*.tar")) for split in truth.rows}
    loaded = load_dataset("webdataset", data_files=files)
    for split, wanted_rows in truth.rows.items():
        (name,) = {"wav", "flac"} & set(loaded[split].column_names)
        rows = loaded[split].cast_column(name, datasets.Audio(decode=False))
        compare_questions([row["json"] for row in rows], wanted_rows, split)
        for row, wanted in zip(rows, wanted_rows):
            same_sound(row[name]["bytes"], truth, wanted, split)
        yield split, len(rows)


def lhotse(folder, truth):
    import soundfile
    from lhotse import CutSet

    for split, wanted_rows in truth.rows.items():
        cuts = list(CutSet.from_file(f"{folder}/cuts-{split}.jsonl").with_recording_path_prefix(folder))
        same([cut.id for cut in cuts], [wanted["id"] for wanted in wanted_rows], "ids")
        for cut, wanted in zip(cuts, wanted_rows):
            (said,) = cut.supervisions
            same(said.text, wanted["answer"], "answer")
            same(said.custom["question"], wanted["question"], "question")
            same(said.custom["choices"][said.custom["answer_index"]], wanted["answer"], "choice")
            samples, rate = soundfile.read(io.BytesIO(truth.sound(wanted)), dtype="float32")
            same((cut.sampling_rate, cut.num_samples), (rate, len(samples)), "length")
            assert (cut.load_audio()[0] == samples).all()
        yield split, len(cuts)


def label_studio(folder, truth):
    """Tasks as Label Studio's import takes them: a list of objects with `data`, and predictions that fit the page."""
    import xml.etree.ElementTree as xml

    page = {element.get("name"): element for element in xml.parse(f"{folder}/label-studio.xml").getroot()}
    for split, wanted_rows in truth.rows.items():
        with open(f"{folder}/{split}.json", encoding="utf-8") as file:
            tasks = json.load(file)
        same(len(tasks), len(wanted_rows), f"{split}: number of tasks")
        for task, wanted in zip(tasks, wanted_rows):
            data = task["data"]
            same(data["question"], wanted["question"], "question")
            same([choice["value"] for choice in data["choices"]], wanted["choices"], "choices")
            (result,) = task["predictions"][0]["result"]
            same(result["value"]["choices"], [wanted["answer"]], "prediction")
            same(page[result["from_name"]].get("toName"), result["to_name"], "the page's names")
            assert os.path.exists(os.path.join(folder, data["audio"].split("?d=")[1]))
        yield split, len(tasks)


def asked(wanted):
    """R1-AQA's prompt, with the choices as Python prints them."""
    return (
        f"{wanted['question']} Please choose the answer from the following options: {wanted['choices']}. "
        "Output the final answer in <answer> </answer>."
    )


def tagged(wanted):
    return f"<answer>{wanted['answer']}</answer>"


def trl(folder, truth):
    for split, rows in card_rows(folder, truth).items():
        same(len(rows), len(truth.rows[split]), f"{split}: number of rows")
        for row, wanted in zip(rows, truth.rows[split]):
            same([part["text"] for part in row["prompt"][0]["content"]], [None, asked(wanted)], "prompt")
            same((row["solution"], row["id"]), (tagged(wanted), wanted["id"]), "solution")
            assert os.path.exists(os.path.join(folder, row["audio"]))
        yield split, len(rows)
    for split, rows in card_rows(folder, truth, "text").items():
        same(len(rows), len(truth.rows[split]), f"{split}: number of rows of text")
        for row, wanted in zip(rows, truth.rows[split]):
            (message,) = row["prompt"]
            assert message["role"] == "user" and message["content"].endswith("\n\n" + asked(wanted))
            assert all(caption["text"] in message["content"] for caption in wanted["captions"])
        yield f"{split} (text)", len(rows)


def chat_rows(folder, truth, configuration, messages, check):
    for split, rows in card_rows(folder, truth, configuration).items():
        same(len(rows), len(truth.rows[split]), f"{split}: number of rows")
        for row, wanted in zip(rows, truth.rows[split]):
            same(row[messages][0], {"role": "user", "content": "<audio>" + asked(wanted)}, "the user's turn")
            assert len(row["audios"]) == 1 and os.path.exists(os.path.join(folder, row["audios"][0]))
            check(row, wanted)
        yield f"{split} ({configuration})", len(rows)


def assistant(wanted):
    return {"role": "assistant", "content": tagged(wanted)}


def ms_swift(folder, truth):
    yield from chat_rows(
        folder, truth, "sft", "messages", lambda row, wanted: same(row["messages"][1:], [assistant(wanted)], "answer"))
    yield from chat_rows(
        folder, truth, "grpo", "messages", lambda row, wanted: same(row["solution"], tagged(wanted), "solution"))


def llama_factory(folder, truth):
    yield from chat_rows(
        folder, truth, "sft", "messages", lambda row, wanted: same(row["messages"][1:], [assistant(wanted)], "answer"))

    def ranked(row, wanted):
        same(row["chosen"], assistant(wanted), "chosen")
        assert row["rejected"]["content"] in [f"<answer>{choice}</answer>" for choice in wanted["choices"]]
        assert row["rejected"] != row["chosen"]

    yield from chat_rows(folder, truth, "dpo", "conversations", ranked)


def verl(folder, truth):
    def check(row, wanted):
        same(row["reward_model"], {"style": "rule", "ground_truth": wanted["answer"]}, "reward_model")
        same(row["extra_info"]["id"], wanted["id"], "id")

    for split, wanted_rows in truth.rows.items():
        rows = list(load_dataset("json", data_files=f"{folder}/{split}.json")["train"])
        same(len(rows), len(wanted_rows), f"{split}: number of rows")
        for number, (row, wanted) in enumerate(zip(rows, wanted_rows)):
            same(row["prompt"], [{"role": "user", "content": "<audio>" + asked(wanted)}], "prompt")
            same(row["extra_info"]["index"], number, "index")
            assert len(row["audios"]) == 1 and os.path.exists(os.path.join(folder, row["audios"][0]))
            check(row, wanted)
        yield split, len(rows)


def verl_dataset(folder, truth):
    """verl's own class: how it reads the file, and what it makes of a row's placeholders."""
    from omegaconf import OmegaConf
    from verl.utils.dataset.rl_dataset import RLHFDataset

    settings = OmegaConf.create({"filter_overlong_prompts": False, "cache_dir": os.environ["LOADERS_CACHE"] + "/verl"})
    for split, wanted_rows in truth.rows.items():
        # What it asks of a processor is only that there is one.
        data = RLHFDataset([f"{folder}/{split}.json"], tokenizer=None, config=settings, processor=object())
        same(len(data.dataframe), len(wanted_rows), f"{split}: number of rows")
        for row, wanted in zip(data.dataframe, wanted_rows):
            (message,) = data._build_messages(dict(row), key="prompt")
            sound, text = message["content"]
            same((sound["type"], text), ("audio", {"type": "text", "text": asked(wanted)}), "content")
            assert os.path.exists(os.path.join(folder, sound["audio"]))
            same(row["reward_model"]["ground_truth"], wanted["answer"], "answer")
        yield split, len(wanted_rows)


def ms_swift_dataset(folder, truth):
    """ms-swift's own loader, with what it maps and drops."""
    from swift.dataset import load_dataset as load

    os.chdir(folder)
    for split, wanted_rows in truth.rows.items():
        for kind in ["sft", "grpo"]:
            options = {"remove_unused_columns": kind == "sft"}  # As its commands for the two have it.
            rows, _ = load([f"{folder}/{kind}-{split}.jsonl"], split_dataset_ratio=0, num_proc=1, **options)
            same(len(rows), len(wanted_rows), f"{split}: number of rows")
            for row, wanted in zip(rows, wanted_rows):
                turns = [{"role": turn["role"], "content": turn["content"]} for turn in row["messages"]]
                same(turns[0], {"role": "user", "content": "<audio>" + asked(wanted)}, "the user's turn")
                (sound,) = row["audios"]
                assert os.path.exists(sound["path"] if isinstance(sound, dict) else sound), sound
                if kind == "sft":
                    same(turns[1:], [assistant(wanted)], "the assistant's turn")
                else:
                    same((turns[1:], row["solution"]), ([], tagged(wanted)), "solution")
            yield f"{split} ({kind})", len(rows)


def llama_factory_dataset(folder, truth):
    """LLaMA-Factory's own loader by the names of dataset_info.json, and what it makes of a row for each of its trainings."""
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list
    from llamafactory.hparams import DataArguments, ModelArguments
    from transformers import Seq2SeqTrainingArguments

    cache = os.environ["LOADERS_CACHE"] + "/llama-factory"
    settings = DataArguments(dataset_dir=folder)
    model = ModelArguments(model_name_or_path="none", cache_dir=cache)
    training = Seq2SeqTrainingArguments(output_dir=cache, use_cpu=True)
    for split, wanted_rows in truth.rows.items():
        for kind in ["sft", "dpo"]:
            (entry,) = get_dataset_list([f"earshot_{kind}_{split}"], folder)
            rows = _load_single_dataset(entry, model, settings, training)
            same(len(rows), len(wanted_rows), f"{split}: number of rows")
            for row, wanted in zip(rows, wanted_rows):
                same(row["_prompt"], [{"role": "user", "content": "<audio>" + asked(wanted)}], "the user's turn")
                same(row["_response"][0], assistant(wanted), "the assistant's turn")
                if kind == "dpo":
                    worse = wanted["choices"][(wanted["answer_index"] + 1) % len(wanted["choices"])]
                    same(row["_response"][1]["content"], f"<answer>{worse}</answer>", "the rejected turn")
                same(len(row["_response"]), 2 if kind == "dpo" else 1, "turns of the assistant")
                (sound,) = row["_audios"]
                with open(sound, "rb") as file:
                    same_sound(file.read(), truth, wanted, split)
            yield f"{split} ({kind})", len(rows)


def main():
    name, folder, truth_folder = sys.argv[1:]
    load = globals()[name.replace("-", "_")]
    versions = [
        f"{package} {importlib.metadata.version(package)}"
        for package in ["datasets", "pyarrow", "webdataset", "lhotse", "verl", "ms_swift", "llamafactory"]
        if any(package == found.metadata["Name"] for found in importlib.metadata.distributions())
    ]
    counts = [f"{split} {count}" for split, count in load(os.path.abspath(folder), Truth(truth_folder))]
    assert counts
    print(f"{name}: {', '.join(counts)} ({', '.join(versions)})")


if __name__ == "__main__":
    main()
