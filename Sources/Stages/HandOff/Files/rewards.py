"""Rewards for answers to multiple-choice questions: Earshot's own rules, for TRL, ms-swift, verl and R1-AQA.

Answers are compared as texts, never as mathematics: to a symbolic comparison "C major, 120 bpm" and "D minor, 120 bpm" are both 120.
Needs nothing but Python 3.9. Which rewards count, and how much each weighs, is set by REWARDS below or the environment variable
EARSHOT_REWARDS, for instance "accuracy:exact,format:think-answer=0.5".

    accuracy:exact           1 for the text of the right choice, else 0
    accuracy:caseless        the same, in letters of any case
    accuracy:mmau            what MMAU's scorer accepts: the words of the right choice in any order, without those of others
    accuracy:letter          the letter of the right choice, alone or before a text: B, (B), B., B) text
    accuracy:letter-or-text  either
    format:answer            1 for one <answer>…</answer> with something in it, and white space around it at most
    format:think-answer      1 for one <think>…</think> and one <answer>…</answer>, likewise
    length:overlong[:TOKENS] 0, falling to -1 over the last TOKENS (a fifth) before the longest length (arXiv 2503.14476, eq. 13)
    length:cosine[:RULE]     right answers earn more the shorter they are, wrong ones lose more (arXiv 2502.03373, appendix C.1)
"""

import math
import os
import re
import unicodedata

REWARDS = "accuracy:exact"

# White space as Unicode has it; str.strip() also takes the separators U+001C to U+001F.
_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


def _trimmed(text):
    return text.strip(_SPACE)


def _same(text):
    """Equal for texts that differ in how an accent is written alone."""
    return unicodedata.normalize("NFC", text)


def _caseless(text):
    # Letter by letter: str.lower() writes a sigma at the end of a word in another way.
    return _same("".join(letter.lower() for letter in text))


def answer_of(text):
    """The answer that a text gives, trimmed: what stands in <answer>, or without such tags the whole text; what precedes the last
    </think> is thought, not answered. None where several tags disagree: else a text that tries them all would be right."""
    said = text[text.rfind("</think>") + len("</think>"):] if "</think>" in text else text
    answers, rest = [], said
    while "<answer>" in rest:
        rest = rest[rest.index("<answer>") + len("<answer>"):]
        if "</answer>" not in rest:
            break
        end = rest.index("</answer>")
        answers.append(_trimmed(rest[:end]))
        rest = rest[end + len("</answer>"):]
    if not answers:
        return _trimmed(said)
    return answers[0] if all(_same(answer) == _same(answers[0]) for answer in answers) else None


def _is_made_of(text, names):
    """Whether the trimmed text is one of each tag with something in it, in this order, and white space between."""
    if any(text.count(f"<{name}>") != 1 or text.count(f"</{name}>") != 1 for name in names):
        return False
    rest = _trimmed(text)
    for name in names:
        start, end = f"<{name}>", f"</{name}>"
        if not rest.startswith(start) or end not in rest[len(start):]:
            return False
        place = rest.index(end, len(start))
        if not _trimmed(rest[len(start):place]):
            return False
        rest = _trimmed(rest[place + len(end):])
    return not rest


class _Choices:
    """The choices of a question, as an answer may name them."""

    def __init__(self, choices):
        self.texts = [_same(_trimmed(choice)) for choice in choices]
        self.caseless = [_caseless(_trimmed(choice)) for choice in choices]

    def place_of_text(self, text):
        if _same(text) in self.texts:
            return self.texts.index(_same(text))
        return self.caseless.index(_caseless(text)) if _caseless(text) in self.caseless else None

    def place_of_letter(self, answer):
        """None also where a text after the letter is another choice's: the answer contradicts itself."""
        # Not "A.M. radio", nor the article of "A dog".
        found = re.match(r"(?:\(([A-Za-z])\)[.:]?|([A-Za-z])(?:[.):]|\Z))(.*)\Z", answer, re.DOTALL)
        if not found or (found[3] and found[3][0] not in _SPACE):
            return None
        place = ord((found[1] or found[2]).upper()) - ord("A")
        if place >= len(self.texts):
            return None
        named = self.place_of_text(_trimmed(found[3]))
        return place if named is None or self.caseless[named] == self.caseless[place] else None


def _words(text):
    return set(re.findall(r"\b\w+\b", text.lower()))


def _mmau_accepts(answer, choices, prediction):
    """MMAU's evaluation.py (commit 110127f)."""
    right, said = _words(answer), _words(prediction)
    wrong = set().union(*[_words(choice) - right for choice in choices if _words(choice) != right])
    return bool(said) and right <= said and not said & wrong


def _is_right_by_words(answer, expected, choices):
    """A choice's own text goes before its words: to the scorer "C" is "C#". None for a question that the scorer cannot score."""
    texts = _Choices(choices)
    place, right = texts.place_of_text(answer), texts.place_of_text(expected)
    if place is not None and right is not None:
        return texts.texts[place] == texts.texts[right]
    trimmed = [_trimmed(choice) for choice in choices]
    if any(_mmau_accepts(expected, trimmed, choice) != (choice == expected) for choice in trimmed):
        return None
    return _mmau_accepts(expected, choices, answer)


def accuracy(text, solution, choices=(), answer=None, rule="exact"):
    """1 or 0; None where the right answer is not known. `solution` is its text, perhaps inside <answer>; `answer` its place."""
    choices = list(choices or ())
    place = answer if answer is not None and 0 <= answer < len(choices) else None
    expected = _trimmed(choices[place] if place is not None else answer_of(solution or "") or "")
    said = answer_of(text)
    if not expected:
        return None
    if not said:
        return 0.0
    if rule == "exact":
        return float(_same(said) == _same(expected))
    if rule == "caseless":
        return float(_caseless(said) == _caseless(expected))
    if rule == "mmau":
        right = _is_right_by_words(said, expected, choices)
        return None if right is None else float(right)
    texts = _Choices(choices)
    right = place if place is not None else texts.texts.index(_same(expected)) if _same(expected) in texts.texts else None
    if right is None:
        return None
    named = texts.place_of_text(said) if rule == "letter-or-text" else None
    if named is None:
        named = texts.place_of_letter(said)
    return float(named is not None and texts.texts[named] == texts.texts[right])


def overlong(tokens, longest, cache=None):
    """None where no longest length is known."""
    if longest <= 0:
        return None
    cache = min(longest // 5 if cache is None else cache, longest)
    excess = tokens - (longest - cache)
    return 0.0 if excess <= 0 else -1.0 if excess >= cache else -excess / cache


def cosine(score, tokens, longest):
    """The worth of a right (1) or wrong (0) completion of so many tokens. None where either is not known."""
    if longest <= 0 or score is None:
        return None
    shortest, last = (1.0, 0.5) if score == 1 else (-1.0, -0.5)
    return last + (shortest - last) * (1 + math.cos(min(tokens / longest, 1) * math.pi)) / 2


ACCURACY_RULES = ("exact", "caseless", "mmau", "letter", "letter-or-text")


def reward(name, text, solution="", choices=(), answer=None, tokens=0, longest=0):
    """What the reward of this name says of a completion; None where it does not apply."""
    kind, _, rest = name.partition(":")
    if kind == "accuracy" and (rest or "exact") in ACCURACY_RULES:
        return accuracy(text, solution, choices, answer, rest or "exact")
    if name in ("format:answer", "format:think-answer"):
        return float(_is_made_of(text, rest.split("-")[-2:]))
    if kind == "length" and rest.partition(":")[0] == "overlong":
        return overlong(tokens, longest, int(rest.partition(":")[2]) if ":" in rest else None)
    if kind == "length" and rest.partition(":")[0] == "cosine":
        rule = rest.partition(":")[2] or "exact"
        if rule in ACCURACY_RULES:
            return cosine(accuracy(text, solution, choices, answer, rule), tokens, longest)
    raise ValueError(f"there is no reward '{name}'; see the top of {__file__}")


def chosen():
    """The rewards that count, and their weights."""
    words = [word.strip() for word in os.environ.get("EARSHOT_REWARDS", REWARDS).split(",") if word.strip()]
    return [(name, float(weight or 1)) for name, _, weight in (word.partition("=") for word in words)]


def _text(completion):
    """A completion as TRL gives it: a text, or a list of messages."""
    return completion if isinstance(completion, str) else completion[-1]["content"]


def _column(values, count):
    return list(values) if values is not None else [None] * count


def _scores(name, completions, solution=None, choices=None, answer=None, completion_ids=None, longest=0, **_):
    count = len(completions)
    solution, choices, answer = _column(solution, count), _column(choices, count), _column(answer, count)
    lengths = [len(ids) for ids in completion_ids] if completion_ids is not None else [0] * count
    return [
        reward(name, _text(completions[row]), solution[row] or "", choices[row] or (), answer[row], lengths[row], longest)
        for row in range(count)]


def functions(longest=0):
    """One function for each chosen reward, as TRL and R1-AQA call them, and their weights. `longest` is the most tokens that a
    completion can have, which rewards of the length go by."""

    def function(name):
        def score(completions, **columns):
            return _scores(name, completions, longest=longest, **columns)

        score.__name__ = name.replace(":", "_").replace("-", "_")
        return score

    return [function(name) for name, _ in chosen()], [weight for _, weight in chosen()]


def total(completions, longest=0, completion_ids=None, **columns):
    """The weighted sum of the chosen rewards that apply, for each completion."""
    rows = [(_scores(name, completions, longest=longest, completion_ids=completion_ids, **columns), weight)
            for name, weight in chosen()]
    return [float(sum(scores[row] * weight for scores, weight in rows if scores[row] is not None)) for row in range(len(completions))]


def compute_score(data_source, solution_str, ground_truth, extra_info=None, **_):
    """What verl calls for each completion: the weighted sum of the chosen rewards that apply."""
    choices = (extra_info or {}).get("choices")
    scores = [(reward(name, solution_str, ground_truth, choices if choices is not None else ()), weight)
              for name, weight in chosen()]
    return float(sum(score * weight for score, weight in scores if score is not None))


try:  # Where ms-swift loads this file as a plugin: --reward_funcs earshot
    from swift.rewards import ORM, orms
except ImportError:
    try:
        from swift.plugin import ORM, orms
    except ImportError:
        orms = None

if orms is not None:

    class Earshot(ORM):
        """The weighted sum of the chosen rewards that apply."""

        def __call__(self, completions, **columns):
            longest = getattr(getattr(self, "args", None), "max_completion_length", None) or 0
            return total(completions, longest, columns.pop("response_token_ids", None), **columns)

    orms["earshot"] = Earshot
