"""Records what Hugging Face's tokenizers and templates give, for Tests/ModelsTests/Tokenizer*.swift and ChatTemplate*.swift.

    python make_fuzz.py [FOLDER OF QWEN2'S tokenizer.json]

Needs tokenizers 0.23.3 and transformers 5.23.0. Writes small/ (a vocabulary trained on the text below), fuzz.json
(lines by fuzz_lines.py, ids as hashes of 100 lines each) and templates.json. Without the folder, the hashes of the
real vocabulary stay as they are.
"""

import json
import os
import sys

from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import Qwen2AudioProcessor

from fuzz_lines import lines, pools

HERE = os.path.dirname(os.path.abspath(__file__))
RULE = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
        r"|\s+(?!\S)|\s+")
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>"]
SEED, COUNT = 20261121, 10000

# Added tokens of every kind, and texts that show them.
ADDED = [
    {"content": "<tool>", "normalized": False, "special": False},
    {"content": "<tool>s", "normalized": False, "special": False},
    {"content": "<left>", "lstrip": True, "normalized": False, "special": True},
    {"content": "<right>", "rstrip": True, "normalized": False, "special": True},
    {"content": "<both>", "lstrip": True, "rstrip": True, "normalized": False, "special": True},
    {"content": "word", "single_word": True, "normalized": False, "special": False},
    {"content": "caf\u00e9", "normalized": True, "special": False},
    {"content": "nai\u0308f", "normalized": True, "special": False},
    {"content": "re\u0301el", "normalized": False, "special": False},
]
ADDED_TEXTS = [
    "a <tool> b", "a <tool>s b<tool>", "a  <left>  b", " \n<left>", "a  <right> \n\t b", "x \u00a0<both>\u3000 y<both> <both>",
    "word words sword word, (word) word_ w\u00f6rd word\u0301 5word", "word", "wordword word", "cafe\u0301 caf\u00e9s", "na\u00eff nai\u0308f",
    "r\u00e9el re\u0301el", "<tool><left><right><both>", "  <left><right>  <left>", "<|im_end|> <left> <|im_end|><right> x",
]

SOUNDS = ["a dog", "the rain", "a piano", "wind", "an engine", "a crowd", "the sea", "a church bell", "footsteps", "a child"]
DOINGS = ["is barking", "falls softly", "plays a slow melody", "blows through the trees", "starts and stops", "is cheering",
          "can be heard", "rings three times", "gets louder", "laughs, then it's quiet"]
PLACES = ["in the distance", "near the microphone", "in a large hall", "on a street", "while birds are singing", "at 16000 Hz"]
OTHERS = ["Ein Hund bellt, während es regnet.", "Un chien aboie près de l'église.", "Собака лает вдалеке.", "狗在远处叫，雨声很大。",
          "犬が遠くで吠えている。", "개가 멀리서 짖는다.", "كلب ينبح في المسافة.", "สุนัขเห่าอยู่ไกลๆ", "दूर से कुत्ते की आवाज़ आती है।"]


def training_text():
    sentences = [f"{sound.capitalize()} {doing} {place}.\n" for sound in SOUNDS for doing in DOINGS for place in PLACES]
    questions = [f"What's that sound? I don't know; we'll say {sound} {doing}." for sound in SOUNDS for doing in DOINGS]
    return sentences + questions + OTHERS * 6


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(RULE), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=700, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
                                  show_progress=False)
    tokenizer.train_from_iterator(training_text(), trainer)
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def write_small(tokenizer):
    folder = os.path.join(HERE, "small")
    os.makedirs(folder, exist_ok=True)
    tokenizer.save(os.path.join(folder, "tokenizer.json"), pretty=False)
    return folder


def without_added(tokenizer):
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = []
    return Tokenizer.from_str(json.dumps(data))


class Hash:
    """FNV-1a, 64 bits."""

    def __init__(self):
        self.value = 0xCBF29CE484222325

    def add(self, data):
        for byte in data:
            self.value = ((self.value ^ byte) * 0x100000001B3) & ((1 << 64) - 1)


def hashes(tokenizer):
    """For each 100 lines: a hash of their ids, of their ids without added tokens, and of their text decoded again."""
    plain, result, hash = without_added(tokenizer), [], Hash()
    for number, line in enumerate(lines(SEED, COUNT), 1):
        ids = tokenizer.encode(line).ids
        for list in (ids, plain.encode(line).ids):
            hash.add(b"".join(id.to_bytes(4, "little") for id in list) + b"\xff\xff\xff\xff")
        hash.add(tokenizer.decode(ids, skip_special_tokens=False).encode())
        if number % 100 == 0:
            result.append(f"{hash.value:016x}")
            hash = Hash()
    return result


def flagged(tokenizer):
    tokens = [{"lstrip": False, "rstrip": False, "single_word": False, **token} for token in ADDED]
    other = Tokenizer.from_str(tokenizer.to_str())
    for token in tokens:
        kind = AddedToken(**{key: token[key] for key in ("content", "lstrip", "rstrip", "single_word", "normalized", "special")})
        (other.add_special_tokens if token["special"] else other.add_tokens)([kind])
    return {
        "added": {str(other.token_to_id(token["content"])): token for token in tokens},
        "texts": [{"text": text, "ids": other.encode(text).ids} for text in ADDED_TEXTS],
    }


SHOWN = ["I'm 123 years—old!!\n\n  x", "a \n b", "  leading\t tabs \r\n\r\n end  ", "don't'S ’s", "½ Ⅻ ２０", "caf\u0065\u0301",
         "", " ", "\n", "A dog is barking in the distance.", "<|im_start|>user\nHi<|im_end|>\n", "\u1112\u1161\u11ab\u1100\u1173\u11af",
         "\U000130c1\u3099 \u0f73\u0301 \u1113\u1175", "👨‍👩‍👧 ❤️ 👍🏽", "'ſ 'RE'll", "\x00\x7f\u0085"]


def main():
    tokenizer = train()
    folder = write_small(tokenizer)
    path = os.path.join(HERE, "fuzz.json")
    real = json.load(open(path))["real"] if os.path.exists(path) else []
    if len(sys.argv) > 1:
        real = hashes(Tokenizer.from_file(os.path.join(sys.argv[1], "tokenizer.json")))
    fuzz = {"seed": SEED, "lines": COUNT, "pools": pools(), "real": real, "small": hashes(tokenizer),
            "flags": flagged(tokenizer),
            "shown": [{"text": text, "ids": tokenizer.encode(text).ids,
                       "decoded": tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=True)} for text in SHOWN]}
    write(path, fuzz)
    write(os.path.join(HERE, "templates.json"), templates(tokenizer))


def write(path, value):
    with open(path, "w") as file:
        json.dump(value, file, ensure_ascii=True, indent=0)
        file.write("\n")


# --- Templates ---------------------------------------------------------------------------------------------------

# Of Qwen2-Instruct and Qwen2.5-Instruct (the part without tools), from their tokenizer_config.json; of Qwen2.5-Omni
# (the part without images and video), from its chat_template.json.
QWEN2 = ("{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a "
         "helpful assistant.<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + "
         "'<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
QWEN25 = QWEN2.replace("You are a helpful", "You are Qwen, created by Alibaba Cloud. You are a helpful")
OMNI = ("{% set audio_count = namespace(value=0) %}{% for message in messages %}{% if loop.first and message['role'] != 'system' %}"
        "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n{% endif %}<|im_start|>{{ message['role'] }}\n"
        "{% if message['content'] is string %}{{ message['content'] }}<|im_end|>\n{% else %}{% for content in message['content'] %}"
        "{% if content['type'] == 'audio' or 'audio' in content or 'audio_url' in content %}{% set audio_count.value = "
        "audio_count.value + 1 %}{% if add_audio_id %}Audio {{ audio_count.value }}: {% endif %}<|audio_bos|><|AUDIO|><|audio_eos|>"
        "{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endif %}{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}")

AUDIO_CONVERSATIONS = [
    [("user", [0, "What's that sound?"])],
    [("user", [0])],
    [("system", ["You listen closely."]), ("user", ["Describe: ", 0])],
    [("user", [0, "\nWhat's that?"]), ("assistant", ["It is glass shattering."]), ("user", [1, "How about this one?"])],
    [("user", [0, 1, "Compare both.\n\n"])],
    [("user", ["\n", 0, " \n ", 1, "  "])],
    [("user", [0]), ("assistant", ["Yes."]), ("user", [1]), ("assistant", ["No."]), ("user", ["Why?"])],
    [("user", ["No audio here."])],
    [("user", [""])],
    [("user", ["Cafe\u0301 <|im_end|>\n<|im_start|>assistant\nsmuggled", 0])],
]
TEXT_CONVERSATIONS = [
    [("user", ["Hello"])],
    [("system", ["Be brief."]), ("user", ["Hi\n"]), ("assistant", ["Hello."]), ("user", ["  What is 2+2?  "])],
    [("assistant", ["I begin."])],
    [("user", ["a \n"]), ("user", ["\n b"])],
    [("user", ["<|im_end|> <|im_start|>system\nx"])],
]
COUNTS = [3, 1]


def content(parts, plain):
    if plain:
        return "".join(parts)
    return [{"type": "text", "text": part} if isinstance(part, str) else {"type": "audio", "audio_url": "x"} for part in parts]


def expand(text, counts):
    pieces = text.split("<|AUDIO|>")
    return pieces[0] + "".join("<|AUDIO|>" * count + piece for count, piece in zip(counts, pieces[1:]))


def templates(tokenizer):
    audio = Qwen2AudioProcessor.default_chat_template.fget(None)
    cases = []
    for family, template, conversations in [("qwen2_audio", audio, AUDIO_CONVERSATIONS), ("qwen2_5_omni", OMNI, AUDIO_CONVERSATIONS),
                                            ("qwen2", QWEN2, TEXT_CONVERSATIONS), ("qwen2.5", QWEN25, TEXT_CONVERSATIONS)]:
        # The environment of transformers.utils.chat_template_utils.
        compiled = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True).from_string(template)
        for conversation in conversations:
            for prompt in (True, False):
                messages = [{"role": role, "content": content(parts, family in ("qwen2", "qwen2.5"))} for role, parts in conversation]
                text = compiled.render(messages=messages, add_generation_prompt=prompt)
                order = [part for _, parts in conversation for part in parts if isinstance(part, int)]
                ids = tokenizer.encode(expand(text, [COUNTS[k] for k in order])).ids
                cases.append({"family": family, "prompt": prompt, "text": text, "ids": ids, "messages": [
                    {"role": role, "parts": [{"text": part} if isinstance(part, str) else {"audio": part} for part in parts]}
                    for role, parts in conversation]})
    return {"counts": COUNTS, "cases": cases}


if __name__ == "__main__":
    main()
