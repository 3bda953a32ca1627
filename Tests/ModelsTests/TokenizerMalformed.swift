import Foundation

@testable import Models

/// A small tokenizer.json whose parts can be replaced.
struct TokenizerText {
  var vocabulary = UInt8.min...UInt8.max
  var tokens: [String: String] = ["th": "256", "the": "257"]
  var merges = #"["t h", ["th", "e"]]"#
  var added = #"[{"id": 258, "content": "<|im_end|>", "special": true}]"#
  var type = #""type": "BPE","#
  var splitting = #"""
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "Split", "pattern": {"Regex": "RULE"}, "behavior": "Isolated", "invert": false},
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
    """#.replacing("RULE", with: TokenizerFile.splittingRule.replacing("\\", with: "\\\\"))
  var decoder = #""decoder": {"type": "ByteLevel"},"#
  var rest = ""

  var text: String {
    let bytes = vocabulary.map { "\(quoted(ByteAlphabet.spelling(of: $0))): \($0)" }
    let others = tokens.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    return """
      {"added_tokens": \(added), "normalizer": {"type": "NFC"}, \(splitting) \(decoder) \(rest)
      "model": {\(type) "vocab": {\((bytes + others).joined(separator: ", "))}, "merges": \(merges)}}
      """
  }

  private func quoted(_ spelling: [UInt8]) -> String {
    let text = String(decoding: spelling, as: UTF8.self)
    return text == "\"" || text == "\\" ? "\"\\\(text)\"" : "\"\(text)\""
  }
}

extension TokenizerText {
  static func changed(_ change: (inout TokenizerText) -> Void) -> String {
    var file = TokenizerText()
    change(&file)
    return file.text
  }

  /// Files with one thing wrong, by name.
  static var malformed: [(String, String)] {
    let long = String(repeating: "[", count: 100_000)
    return [
      ("empty", ""), ("space", "  \n"), ("no object", "[]"), ("null", "null"), ("string", "\"x\""), ("deep", long),
      ("deep value", #"{"x": \#(long)"#), ("no model", "{}"), ("model null", #"{"model": null}"#),
      ("model empty", #"{"model": {}}"#), ("trailing", TokenizerText().text + "x"),
      ("twice", #"{"model": {}, "model": {}}"#),
      ("two files", TokenizerText().text + TokenizerText().text),
      ("comma", TokenizerText().text.replacingOccurrences(of: "}}", with: ",}}")),
      ("WordPiece", changed { $0.type = #""type": "WordPiece","# }),
      ("type number", changed { $0.type = #""type": 3,"# }),
      ("unknown type", changed { $0.type = #""type": "Unigram","# }),
      ("unk", changed { $0.type = #""unk_token": "<unk>","# }),
      ("dropout", changed { $0.type = #""dropout": 0.1,"# }),
      ("fallback", changed { $0.type = #""byte_fallback": true,"# }),
      ("prefix", changed { $0.type = ##""continuing_subword_prefix": "@@","## }),
      ("ignore merges", changed { $0.type = #""ignore_merges": true,"# }),
      ("negative", changed { $0.tokens["th"] = "-1" }), ("huge", changed { $0.tokens["th"] = "10000001" }),
      ("overflow", changed { $0.tokens["th"] = "99999999999999999999999" }),
      ("fraction", changed { $0.tokens["th"] = "1.5" }),
      ("exponent", changed { $0.tokens["th"] = "1e9" }), ("text id", changed { $0.tokens["th"] = "\"256\"" }),
      ("null id", changed { $0.tokens["th"] = "null" }), ("leading zero", changed { $0.tokens["th"] = "0256" }),
      ("repeated id", changed { $0.tokens["th"] = "257" }), ("repeated byte id", changed { $0.tokens["th"] = "3" }),
      ("hole", changed { $0.tokens["th"] = "300" }), ("far hole", changed { $0.tokens["th"] = "9999999" }),
      ("missing bytes", changed { $0.vocabulary = 0...254 }),
      (
        "no bytes",
        changed {
          $0.tokens = [:]
          $0.vocabulary = 5...5
        }
      ),
      ("repeated token", changed { $0.type = #""vocab": {}, "# }),
      ("token twice", TokenizerText().text.replacingOccurrences(of: #""th": 256"#, with: #""th": 256, "th": 258"#)),
      (
        "escaped twice",
        TokenizerText().text.replacingOccurrences(of: #""th": 256"#, with: #""th": 256, "\u0074h": 258"#)
      ),
      ("merges object", changed { $0.merges = "{}" }), ("merge number", changed { $0.merges = "[5]" }),
      ("merge of one", changed { $0.merges = #"["th"]"# }), ("merge of three", changed { $0.merges = #"["t h e"]"# }),
      ("pair of three", changed { $0.merges = #"[["t", "h", "e"]]"# }),
      ("pair of numbers", changed { $0.merges = "[[1, 2]]" }),
      ("empty parts", changed { $0.merges = #"[["", "t"]]"# }), ("two spaces", changed { $0.merges = #"["t  h"]"# }),
      ("unknown left", changed { $0.merges = #"["zz h"]"# }), ("unknown right", changed { $0.merges = #"["t zz"]"# }),
      ("unknown result", changed { $0.merges = #"["h t"]"# }), ("dangling", changed { $0.merges = #"["the the"]"# }),
      ("added object", changed { $0.added = "{}" }),
      ("added without id", changed { $0.added = #"[{"content": "x"}]"# }),
      ("added without text", changed { $0.added = #"[{"id": 258}]"# }),
      ("added empty", changed { $0.added = #"[{"id": 258, "content": ""}]"# }),
      ("added negative", changed { $0.added = #"[{"id": -1, "content": "x"}]"# }),
      ("added huge", changed { $0.added = #"[{"id": 1000000000000, "content": "xy"}]"# }),
      ("added flag", changed { $0.added = #"[{"id": 258, "content": "xy", "special": 1}]"# }),
      ("added taken id", changed { $0.added = #"[{"id": 3, "content": "xy"}]"# }),
      ("added other id", changed { $0.added = #"[{"id": 258, "content": "the"}]"# }),
      ("added two ids", changed { $0.added = #"[{"id": 258, "content": "xy"}, {"id": 259, "content": "xy"}]"# }),
      ("added two texts", changed { $0.added = #"[{"id": 258, "content": "a1"}, {"id": 258, "content": "a2"}]"# }),
      ("pre-tokenizer", changed { $0.splitting = #""pre_tokenizer": {"type": "Whitespace"},"# }),
      ("null splitting", changed { $0.splitting = #""pre_tokenizer": null,"# }),
      ("decoder", changed { $0.decoder = #""decoder": {"type": "WordPiece"},"# }),
      ("no splitting", changed { $0.splitting = "" }), ("no decoder", changed { $0.decoder = "" }),
      ("other rule", TokenizerText().text.replacing("]?", with: "]")),
      (
        "prefix space",
        TokenizerText().text.replacing(#""add_prefix_space": false"#, with: #""add_prefix_space": true"#)
      ),
      ("missing byte", TokenizerText().text.replacing("\"\u{FF}\": 255", with: #""zz": 255"#)),
      ("template", changed { $0.rest = #""post_processor": {"type": "BertProcessing"},"# }),
      ("lowercase", TokenizerText().text.replacingOccurrences(of: "NFC", with: "Lowercase")),
      ("lone surrogate", changed { $0.rest = #""x": "\ud800","# }),
      ("bad escape", changed { $0.rest = #""x": "\q","# }),
      ("raw control", changed { $0.rest = "\"x\": \"\u{1}\"," }), ("not a word", changed { $0.rest = #""x": nul,"# }),
      ("control in token", changed { $0.tokens = ["a\\n\\u202eb": "-7"] }),
    ]
  }
}
