"""Writes the rows of export-benchmark with Hugging Face's `datasets`, and tells the time and the most memory it took.

    swift run -c release export-benchmark jsonl 1000000 /tmp/rows
    python Benchmarks/export_datasets.py parquet /tmp/rows/train.jsonl /tmp/datasets-rows.parquet

The rows are read from our JSON lines, made to the flat columns of our Parquet files, and written by `datasets` as it does for
its users: a generator goes into its Arrow cache, the cache into the file.
"""

import json
import resource
import sys
import tempfile
import time

import datasets


def rows(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            made = row.pop("provenance")
            captions = row.pop("captions")
            row["captions"] = [caption["text"] for caption in captions]
            row["caption_sources"] = json.dumps(captions)
            row["writer"] = made.pop("model")
            yield row | made


def main():
    kind, source, target = sys.argv[1:]
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as cache:
        made = datasets.Dataset.from_generator(rows, gen_kwargs={"path": source}, cache_dir=cache)
        made.to_parquet(target) if kind == "parquet" else made.to_json(target)
        count = len(made)
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"datasets {datasets.__version__}, {kind}: {count} rows, {seconds:.1f} s, at most {peak} MB")


main()
