"""Writes the rows of our JSON lines with Hugging Face's `datasets`, as it does for its users: a generator goes into its Arrow cache, the
cache into the file.

    python export_datasets.py jsonl|parquet TARGET SCRATCH ROWS.jsonl...

For Parquet the rows have the flat columns of our Parquet files; for JSON lines they are written as they were read.
"""

import json
import sys
import tempfile

import datasets


def rows(paths, flat):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                yield flattened(row) if flat else row


def flattened(row):
    made = row.pop("provenance")
    captions = row.pop("captions")
    row["captions"] = [caption["text"] for caption in captions]
    row["caption_sources"] = json.dumps(captions)
    row["writer"] = made.pop("model")
    return row | made


def main():
    kind, target, scratch, *paths = sys.argv[1:]
    datasets.disable_progress_bars()
    with tempfile.TemporaryDirectory(dir=scratch) as cache:
        given = {"paths": paths, "flat": kind == "parquet"}
        made = datasets.Dataset.from_generator(rows, gen_kwargs=given, cache_dir=cache)
        made.to_parquet(target) if kind == "parquet" else made.to_json(target)
    print(f"datasets {datasets.__version__}, {kind}: {len(made)} rows")


main()
