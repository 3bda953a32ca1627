"""Writes text-*.json: what the usual programs make of texts, to hold Earshot's text metrics to.

    python3 text.py FILE ...     the lines of the files (Markdown, say) stand among the texts that are normalized

Needs what text-requirements.txt pins. Texts are made by a seeded generator out of words that the rules know, digits,
marks and code points of every old category (those of Unicode 3.2, whose properties hardly change any more).
"""
import json
import random
import re
import sys
import unicodedata
from pathlib import Path

import edit_distance
import jiwer
from sacrebleu.metrics import BLEU
from sklearn.metrics import confusion_matrix, recall_score
from whisper.normalizers import BasicTextNormalizer, EnglishTextNormalizer

HERE = Path(__file__).parent
SPOKEN = """zero oh o one two three five nine ten eleven fifteen nineteen twenty thirty fifty ninety hundred thousand million
billion trillion decillion first second third fifth twelfth twentieth thirtieth hundredth millionth ones sixes twenties
hundreds thousands minus plus negative pound euros dollars cents percent per cent and double triple point half a""".split()
PLAIN = """mr mrs dr. st. prof jr won't can't let's ain't y'all wanna gonna i'ma ma'am he'd been she's gone they'd done it's
got isn't we're you'll 't've I'm colour centre organise theatre flavoured programme the dog barks twice hmm uh um mm
mhm Ärger naïve œuvre straße Þing łódź [noise] (laughs) <unk> (a) () café's o'clock rock 'n' roll dogs' a.m. e.g. U.S.A.""".split()
WRITTEN = """1 7 10 15 21 100 1,000 12,345,678 1,2,3 3.14 0.5 1.0 2.50 007 1960s 21st 3rd 4th 1s $5 $2.07 $0.07 €20 £3.50 ¢7 ¢15
50% 5% % $ £ . .. ... 5. .5 10.0.0.1 a1b2 5kg 2nd x2 $1,000 - -5 +3 & ½ ² ٣ ٣.٥ １２ Ⅷ ① 1.2.3""".split()
SENTENCES = [
    "Mr. and Mrs. O'Neil won't pay two hundred and five dollars and seven cents for a colour television.",
    "The meeting's at twenty one thirty on the twenty first of June nineteen eighty four.",
    "He'd been there; she's gone, they've got one point five million pounds, i.e. £1.5 million.",
    "Call me at five five five one two one two, or double oh seven triple nine!",
    "It costs $20 million and ¢99... or $5 and ¢7? \"No!\" minus ten degrees, fifty per cent, 30 percent.",
    "three and a half million, two and a half dollars, cats and a half, and a half",
    "one thousand two hundred thirty four; nineteen oh five; the 1960s, 2nd, 21 st. and 3 rd prizes",
    "[laughter] Uh, hmm, (coughs) I mean <unk> that's fine. $0 12 and $0.07 and 1s and 1",
    "two hundred thousand million three hundred and one hundredth, five hundreds, twenties, sixes",
]
LETTERS = "the a dog barks cat two Three, three. it's 3.5 1,000 $5 (loud) U.S. state-of-the-art 10-20 &amp; &quot;hi&quot; ." \
    .split() + ["<skipped>", "end-\nline", "我们", "今天天气很好。", "ａＢ", "«quote»", "naïve", "e\u0301", "\u2026", "\u2e80"]


def old_characters():
    old, kinds = unicodedata.ucd_3_2_0, {}
    for point in range(0x30000):
        kind = old.category(chr(point))
        if kind not in ("Cn", "Cs", "Co") and unicodedata.category(chr(point)) == kind:
            kinds.setdefault(kind, []).append(chr(point))
    return kinds


def texts(generator, files):
    kinds = old_characters()
    names = sorted(kinds)
    spaces = kinds["Zs"] + list("\t\n\r\x0b\x0c\x1c\x1f\x85\u2028")

    def strange():
        return "".join(generator.choice(kinds[generator.choice(names)]) for _ in range(generator.randrange(1, 6)))

    def word():
        pick = generator.random()
        if pick < 0.45:
            return generator.choice(SPOKEN)
        if pick < 0.65:
            return generator.choice(PLAIN)
        if pick < 0.9:
            return generator.choice(WRITTEN)
        return strange() if pick < 0.95 else generator.choice(PLAIN) + generator.choice(",.!?;:'\"-)]>([<%$")

    yield from SENTENCES + ["", " ", "\n", ".", "%", "$", "'", " 's", "1", "ΟΔΥΣΣΕΥΣ ΑΣ'Σ", "İstanbul ǅ ŉ"]
    for _ in range(2100):
        line = "".join(word() + (" " if generator.random() < 0.97 else generator.choice(spaces))
                       for _ in range(generator.randrange(1, 9)))
        line = line if generator.random() < 0.3 else line[:-1]
        yield line.title() if generator.random() < 0.1 else line
    for _ in range(700):
        yield "".join(generator.choice(["a", "Z", "'", "1", " ", ".", "%", "[", "]", "(", ")", ","])
                      if generator.random() < 0.4 else generator.choice(kinds[generator.choice(names)])
                      for _ in range(generator.randrange(1, 13)))
    for path in files:
        yield from (line for line in Path(path).read_text().splitlines() if 20 < len(line) < 160)


def normalized(files):
    english, basic = EnglishTextNormalizer(), BasicTextNormalizer()
    bare, split = BasicTextNormalizer(remove_diacritics=True), BasicTextNormalizer(split_letters=True)
    rows, refused = [], 0
    for text in texts(random.Random(7), files):
        try:
            rows.append([text, english(text), basic(text)])
        except (AssertionError, TypeError, ValueError):
            refused += 1
            continue
        if len(rows) % 10 == 0:
            rows[-1] += [bare(text), split(text)]
    print(len(rows), "texts normalized,", refused, "on which the English normalizer stops")
    return rows


def cleaned(rows):
    """The cleaning of Qwen2-Audio's evaluate_asr.py, restated."""
    def clean(text, is_chinese):
        text = re.sub(r"\s+", " ", re.sub(r"<\|.*?\|>", " ", text))
        text = re.sub(r" ?([!,.?;:])", r"\1", text).lstrip(" ")
        return re.sub(r"\s+", "", text) if is_chinese else text

    def units(text):
        kept = [t for t in text.split(" ") if not all(unicodedata.category(c)[0] == "P" for c in t)]
        return " ".join(kept).lower().split()

    english, basic, generator, found = EnglishTextNormalizer(), BasicTextNormalizer(), random.Random(8), []
    marks = ["<|en|>", "<|zh|>", "<|0.00|>", "<|a", "b|>", " , ", "  !", "你好", "，", "世界 ", "\n", " - ", "—"]
    for row in rows[9::15]:
        text = generator.choice(marks) + row[0] + generator.choice(marks) + generator.choice(marks)
        plain, chinese = clean(text, False), clean(text, True)
        found.append([text, plain, chinese, units(basic(english(plain))), units(basic(plain)),
                      list("".join(units(chinese)))])
    return found


def noisy(generator, words):
    kept = []
    for word in words:
        pick = generator.random()
        if pick < 0.7:
            kept.append(word)
        elif pick < 0.8:
            kept.append(generator.choice(LETTERS))
        elif pick < 0.9:
            kept += [word, generator.choice(LETTERS)]
    return kept


def pairs():
    generator, found = random.Random(9), []
    for index in range(1000):
        few = generator.sample(LETTERS, 4) if index % 2 else LETTERS
        reference = [generator.choice(few) for _ in range(generator.choice([0, 1, 2, 5, 12, 30]))]
        hypothesis = noisy(generator, reference) if generator.random() < 0.7 else \
            [generator.choice(few) for _ in range(generator.choice([0, 1, 3, 8, 20]))]
        space = generator.choice([" ", " ", " ", "  ", " \t", "\t"])
        found.append((space.join(reference), " ".join(hypothesis)))
    return found


def errors(cases):
    rows = []
    for reference, hypothesis in cases:
        row = [reference, hypothesis]
        for process, name in [(jiwer.process_words, "wer"), (jiwer.process_characters, "cer")]:
            out = process(reference, hypothesis)
            row.append([out.hits, out.substitutions, out.deletions, out.insertions, getattr(out, name)])
        rows.append(row)
    whole = jiwer.process_words([r for r, _ in cases], [h for _, h in cases])
    return {"pairs": rows, "corpus": [whole.hits, whole.substitutions, whole.deletions, whole.insertions, whole.wer]}


def long_errors():
    """Counts on integers of a linear generator, that both sides make for themselves: `made` below is the recipe."""
    def made(seed, count, kinds):
        values = []
        for _ in range(count):
            seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
            values.append((seed >> 33) % kinds)
        return values

    found = []
    for count, kinds, change in [(300, 3, 2), (3000, 40, 7), (3000, 4, 3), (9000, 900, 30), (9000, 2, 2), (20000, 50, 400)]:
        reference, dice = made(count, count, kinds), made(change, count, 3 * change)
        hypothesis = []
        for unit, die in zip(reference, dice):
            hypothesis += [] if die == 0 else [kinds] if die == 1 else [unit, 0] if die == 2 else [unit]
        out = jiwer.process_words(" ".join(map(str, reference)), " ".join(map(str, hypothesis)))
        found.append([count, kinds, change, out.hits, out.substitutions, out.deletions, out.insertions])
    return found


def bleu(cases):
    generator, rows, corpora = random.Random(10), [], []
    metrics = [BLEU(tokenize="13a"), BLEU(tokenize="zh")]

    def record(hypotheses, references):
        streams = [list(stream) for stream in zip(*references)]
        scores = [metric.corpus_score(hypotheses, streams) for metric in metrics]
        return [[s.score, s.bp, s.sys_len, s.ref_len, *s.counts, *s.totals] for s in scores]

    for reference, hypothesis in cases:
        references = [reference] + [" ".join(noisy(generator, reference.split())) for _ in range(generator.randrange(3))]
        rows.append([hypothesis, references, [score[0] for score in record([hypothesis], [references])]])
    for size in [2, 5, 17, 100, 500]:
        for start in range(0, 500, max(size, 100)):
            part = [(h, (r + r)[:2]) for h, r, _ in rows[start:start + size]]
            corpora.append([start, size, record([h for h, _ in part], [r for _, r in part])])
    return {"pairs": rows, "corpora": corpora}


def recalls():
    generator, rows = random.Random(11), []
    for _ in range(200):
        labels = ["happy", "sad", "angry", "fear", "neutral", "", "e\u0301", "\u00e9"][:generator.randrange(1, 9)]
        truth = [generator.choice(labels) for _ in range(generator.randrange(1, 40))]
        said = [t if generator.random() < 0.5 else generator.choice(labels + ["unknown"]) for t in truth]
        names = sorted(set(truth) | set(said))
        present = sorted(set(truth))
        rows.append([truth, said, recall_score(truth, said, average="weighted", labels=present, zero_division=0),
                     recall_score(truth, said, average="macro", labels=present, zero_division=0), names,
                     confusion_matrix(truth, said, labels=names).tolist()])
    return rows


def shifts():
    """The counting of Qwen-Audio's evaluate_srwt.py, restated, with the package that it aligns by."""
    def marked(units, stamps):
        return f"<|{stamps[0]:.2f}|>" + "".join(f"{u}<|{s:.2f}|>" for u, s in zip(units, stamps[1:]))

    generator, rows = random.Random(12), []
    for _ in range(300):
        units = [generator.choice(["<|sil|>", "a", "b", "the", "狗"]) for _ in range(generator.randrange(1, 15))]
        said = [u for u in units if generator.random() < 0.85]
        said = [generator.choice("abc") if generator.random() < 0.2 else u for u in said] + ["a"] * generator.randrange(2)
        sides = []
        for side in (units, said):
            stamps = [0.0]
            for _ in side:
                stamps.append(round(stamps[-1] + generator.randrange(60) / 100, 2))
            sides.append((side, stamps))
        total, matched = 0.0, 0
        codes = edit_distance.SequenceMatcher(units, said).get_opcodes() if said else []
        for tag, i, _, j, _ in codes:
            if tag == "equal":
                (_, left), (_, right) = sides
                total += abs(left[i] - right[j]) + abs(left[i + 1] - right[j + 1])
                matched += 1
        rows.append([marked(*sides[0]), marked(*sides[1]), total, matched])
    return rows


def write(name, value):
    (HERE / f"text-{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    lines = normalized(sys.argv[1:])
    write("normalization", {"lines": lines, "cleaned": cleaned(lines)})
    cases = pairs()
    write("errors", errors(cases) | {"long": long_errors()})
    write("bleu", bleu(cases))
    write("classes", {"recalls": recalls(), "shifts": shifts()})
