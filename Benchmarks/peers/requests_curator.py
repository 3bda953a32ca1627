"""Sends the bodies of a file (JSON, a list) through Curator's LLM with its openai backend, and tells what it took.

    python requests_curator.py BODIES URL AT-ONCE

It writes its requests and answers to files in a folder that is then removed, as it always does. Needs bespokelabs-curator==0.1.31.
"""

import contextlib
import importlib.util
import json
import os
import pathlib
import resource
import sys
import tempfile
import time

# Counting tokens must not wait for a download: litellm carries the vocabulary.
litellm = pathlib.Path(importlib.util.find_spec("litellm").origin).parent
os.environ["TIKTOKEN_CACHE_DIR"] = str(litellm / "litellm_core_utils/tokenizers")

bodies, url, at_once = json.load(open(sys.argv[1])), sys.argv[2], int(sys.argv[3])
with tempfile.TemporaryDirectory() as folder:
    os.environ.update(CURATOR_CACHE_DIR=folder, TELEMETRY_ENABLED="false", CURATOR_DISABLE_RICH_DISPLAY="1", OPENAI_API_KEY="none",
                      LITELLM_LOCAL_MODEL_COST_MAP="True", HF_DATASETS_CACHE=folder)
    with contextlib.redirect_stdout(sys.stderr):
        from bespokelabs import curator

        class Writer(curator.LLM):
            def prompt(self, row):
                return json.loads(row["messages"])

            def parse(self, row, response):
                return {"answer": response}

        body = bodies[0]
        writer = Writer(
            model_name=body["model"], backend="openai",
            generation_params={key: body[key] for key in ("response_format", "seed", "temperature") if key in body},
            backend_params={"base_url": url, "max_concurrent_requests": at_once, "max_retries": 1, "request_timeout": 600,
                            "max_requests_per_minute": 10_000_000, "max_tokens_per_minute": 1_000_000_000_000})
        rows = [{"messages": json.dumps(body["messages"])} for body in bodies]
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
        answered = len(writer(rows).dataset)
        after = resource.getrusage(resource.RUSAGE_SELF)
        seconds = time.monotonic() - start
print(json.dumps({"answered": answered, "seconds": seconds,
                  "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "peak": after.ru_maxrss * 1024}))
