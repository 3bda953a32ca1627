"""Sends the bodies of a file (JSON, a list) through distilabel's OpenAILLM inside its TextGeneration step, and tells what it took.

    python requests_distilabel.py BODIES URL AT-ONCE

Runs the step in this process, without distilabel's queue between processes, which is in its favour: what is measured is the client.
Needs distilabel[openai]==1.5.3.
"""

import json
import os
import resource
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

from distilabel.models import OpenAILLM  # noqa: E402

bodies, url, at_once = json.load(open(sys.argv[1])), sys.argv[2], int(sys.argv[3])
body = bodies[0]
extra = {"extra_body": {key: body[key] for key in ("response_format", "seed") if key in body}}
llm = OpenAILLM(model=body["model"], base_url=url, api_key="none", max_retries=0, timeout=600,
                generation_kwargs={"max_new_tokens": body.get("max_completion_tokens") or body.get("max_tokens") or 1024, **extra})
llm.load()
before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
answered = 0
# A step asks for a batch at once and waits for its last answer; `input_batch_size` is how many are in flight.
for first in range(0, len(bodies), at_once):
    outputs = llm.generate_outputs([body["messages"] for body in bodies[first:first + at_once]], **llm.generation_kwargs)
    answered += sum(1 for output in outputs if output["generations"][0])
after = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"answered": answered, "seconds": time.monotonic() - start,
                  "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, "peak": after.ru_maxrss * 1024}))
