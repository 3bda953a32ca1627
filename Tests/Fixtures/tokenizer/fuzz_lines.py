"""The lines of the tokenizer fuzz, the same in Swift (Tests/ModelsTests/TokenizerFuzzTests.swift).

A line is a few runs; a run takes characters or snippets from one pool. All choices come from one SplitMix64.
"""

# Ranges of code points, both ends included; surrogates are left out by choice of the ranges.
RANGES = {
    "ascii": [[0x20, 0x7E]],
    "ascii-letters": [[0x61, 0x7A], [0x41, 0x5A]],
    "digits": [[0x30, 0x39]],
    "controls": [[0x00, 0x1F], [0x7F, 0x9F]],
    "spaces": [[0x20, 0x20], [0x20, 0x20], [0x09, 0x0D], [0x85, 0x85], [0xA0, 0xA0], [0x1680, 0x1680], [0x2000, 0x200F],
               [0x2028, 0x202F], [0x205F, 0x2060], [0x3000, 0x3000], [0xFEFF, 0xFEFF], [0x180E, 0x180E]],
    "line-breaks": [[0x0A, 0x0A], [0x0D, 0x0D], [0x20, 0x20]],
    "latin": [[0xA0, 0x24F], [0x1E00, 0x1EFF]],
    "combining": [[0x300, 0x36F], [0x61, 0x7A], [0x1AB0, 0x1AFF], [0x1DC0, 0x1DFF], [0x20D0, 0x20FF], [0xFE20, 0xFE2F]],
    "greek-cyrillic": [[0x370, 0x52F], [0x1F00, 0x1FFF]],
    "armenian-hebrew": [[0x530, 0x5FF], [0xFB13, 0xFB4F]],
    "arabic": [[0x600, 0x6FF], [0x750, 0x7FF], [0x860, 0x8FF], [0xFB50, 0xFDFF], [0xFE70, 0xFEFF]],
    "indic": [[0x900, 0xDFF]],
    "thai-lao-tibetan": [[0xE00, 0xFFF]],
    "southeast": [[0x1000, 0x109F], [0x1700, 0x18AF], [0x1900, 0x1CFF], [0xA840, 0xAAFF]],
    "georgian-ethiopic": [[0x10A0, 0x10FF], [0x1200, 0x169F]],
    "jamo": [[0x1100, 0x1112], [0x1161, 0x1175], [0x11A8, 0x11C2], [0xAC00, 0xAC40], [0x1100, 0x11FF]],
    "hangul": [[0xAC00, 0xD7FF]],
    "kana": [[0x3000, 0x30FF], [0x3099, 0x309A], [0x304B, 0x3062]],
    "han": [[0x4E00, 0x9FFF], [0x3400, 0x4DBF], [0xF900, 0xFAFF]],
    "half-width": [[0xFF00, 0xFFEF]],
    "symbols": [[0x2010, 0x2BFF], [0x2E00, 0x2E7F]],
    "numbers": [[0xB2, 0xB3], [0xBC, 0xBE], [0x660, 0x669], [0x966, 0x96F], [0x2150, 0x218B], [0x2460, 0x249B],
                [0x3007, 0x3007], [0x3021, 0x3029], [0xFF10, 0xFF19], [0x1D7CE, 0x1D7FF], [0x10107, 0x10133],
                [0x11DA0, 0x11DA9], [0x16D70, 0x16D79], [0x1E5F1, 0x1E5FA], [0x11DE0, 0x11DE9]],
    "emoji": [[0x1F300, 0x1FAFF], [0x1F3FB, 0x1F3FF], [0x1F1E6, 0x1F1FF], [0x200D, 0x200D], [0xFE0E, 0xFE0F],
              [0xE0020, 0xE007F]],
    "math-music": [[0x1D100, 0x1D7FF]],
    "ancient": [[0x10000, 0x10FFF], [0x12000, 0x1254F], [0x13000, 0x1345F]],
    "brahmi": [[0x11000, 0x11FFF]],
    "late": [[0x870, 0x89F], [0x1C80, 0x1C8F], [0xA7C0, 0xA7FF], [0x10D40, 0x10D8F], [0x11380, 0x113FF],
             [0x105C0, 0x105FF], [0x16100, 0x1613F], [0x1E5D0, 0x1E6FF], [0x1ACF, 0x1AEB], [0x10940, 0x1095F],
             [0x11B60, 0x11B67], [0x16EA0, 0x16ED3], [0x323B0, 0x33479]],
    "marks-of-all-ages": [[0x7EB, 0x7FD], [0x816, 0x82D], [0x859, 0x85B], [0x897, 0x8D3], [0x9BE, 0x9FE], [0xC3C, 0xC4D],
                          [0xD3B, 0xD4D], [0xEB8, 0xECB], [0x1714, 0x1734], [0xA82C, 0xA82C], [0x10A38, 0x10A3F],
                          [0x110B9, 0x110BA], [0x11133, 0x11134], [0x11347, 0x1134D], [0x114B0, 0x114C3],
                          [0x1163E, 0x11640], [0x1D165, 0x1D172], [0x1E000, 0x1E02A], [0x1E8D0, 0x1E94A]],
    "private-unassigned": [[0xE000, 0xF8FF], [0x378, 0x379], [0x2FE0, 0x2FEF], [0x40000, 0x400FF], [0xF0000, 0xF00FF],
                           [0x10FF00, 0x10FFFF], [0xFDD0, 0xFDEF], [0xFFF0, 0xFFFF]],
    "any-plane-1": [[0x10000, 0x1FFFF]],
    "any": [[0x0, 0xD7FF], [0xE000, 0x10FFFF]],
    "any-bmp": [[0x0, 0xD7FF], [0xE000, 0xFFFF]],
}

SNIPPETS = {
    "words": ["the", " the", " sound", " of", " a", " dog", " barking", "Hello", " World", " caption", "don", " I", " rain",
              " piano", " Qwen", " 中文", " это", " 2", "000", ",", ".", "!", "?", " -", "\"", " (", ")", ":", "ing", "ed"],
    "contractions": ["'s", "'S", "'t", "'re", "'RE", "'rE", "'ve", "'m", "'ll", "'lL", "'d", "'ſ", "'", "’s", "'x", "'l",
                     "'r", "'v", "''s", " 's", "s'", "it's", "don't'S"],
    "special": ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>", "<|im_",
                "<|", "|>", "<", "<<|im_end|>", "<|im_end|>>", "<|im_start|>user\n", "<|IM_END|>", " <|im_end|> ",
                "<|audio_bos|><|AUDIO|><|audio_eos|>"],
    "composition": ["e\u0301", "A\u030A", "\u0344", "\u0340", "\u212B", "\u2126", "q\u0307\u0323", "\u0958", "\u09C7\u09BE",
                    "\u1100\u1161\u11A8", "\uAC00\u11A8", "\u304B\u3099", "\uFB1D", "\u0F73", "\u1E9B\u0323", "\u03B9\u0308\u0301",
                    "\u0061\u0315\u0300\u05AE\u0062", "\U0001D15E", "\uF900", "\U0002F800", "\u0DD9\u0DCF\u0DCA", "\u1025\u102E",
                    "\U00011099\U000110BA", "\U00011131\U00011127", "\U00011347\U0001133E", "\U000114B9\U000114BA",
                    "\U00011935\U00011930", "\U00011382\U000113C9", "\U0001138E\U000113B8", "\U00016121\U0001611E",
                    "\U00016D63\U00016D67", "\U000105D2\u0307", "\u0653\u0627\u0653", "e\u0323\u0897\u0301", "a\u0301\u08CA\u0323"],
    "sequences": ["\U0001F468\u200D\U0001F469\u200D\U0001F467", "\U0001F1E9\U0001F1EA", "\u2764\uFE0F", "\U0001F44D\U0001F3FD",
                  "1\uFE0F\u20E3", "\u0995\u09CD\u09B7", "\u0E01\u0E33", "\r\n", "\n\r", "\t\t", "    ", "\n\n\n", " \n ", "\u00A0 "],
}

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, count):
        return self.next() % count


def pools():
    """In the order that both languages choose from."""
    return ([{"name": name, "ranges": ranges} for name, ranges in RANGES.items()]
            + [{"name": name, "snippets": snippets} for name, snippets in SNIPPETS.items()])


def lines(seed, count):
    random = SplitMix64(seed)
    choices = pools()
    for _ in range(count):
        line = []
        for _ in range(1 + random.below(8)):
            pool = choices[random.below(len(choices))]
            for _ in range(1 + random.below(10)):
                if "ranges" in pool:
                    low, high = pool["ranges"][random.below(len(pool["ranges"]))]
                    line.append(chr(low + random.below(high - low + 1)))
                else:
                    line.append(pool["snippets"][random.below(len(pool["snippets"]))])
        yield "".join(line)
