import Testing

/// A text that has to be refused, and a part of what is said about it.
struct MalformedHeader: Sendable, CustomTestStringConvertible {
  let text: String
  let says: String
  var data = 0

  init(_ text: String, _ says: String, data: Int = 0) { (self.text, self.says, self.data) = (text, says, data) }

  var testDescription: String { String(text.prefix(80)) }

  private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
    String(repeating: open, count: depth) + String(repeating: close, count: depth)
  }

  /// One tensor with these fields.
  private static func tensor(_ fields: String, _ says: String, data: Int = 0) -> MalformedHeader {
    MalformedHeader("{\"x\":{\(fields)}}", says, data: data)
  }

  private static let notJSON: [MalformedHeader] = [
    "", " ", "{", "}", "[]", "1", "null", "\"x\"", "{}}", "{} {}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{1:2}",
    "{'a':1}", "{\"a\" 1}", "{\"a\":{\"shape\":[1]", "{\"a\":{\"dtype\"}}", "\u{FEFF}{}", "{\"\\x\":1}",
    "{\"\\ud800\":1}",
    "{\"\\u12g4\":1}", "{\"a\n\":1}", "{\"a\":tru}", "nul", "{\"a\":01}", "{\"a\":-}", "{\"a\":1.}", "{\"a\":.5}",
    "{\"a\":1e}", "{\"a\":+1}", "{\"a\":0x10}", "{\"a\":NaN}", "/**/{}", "{\"a\"::1}", "\0\0", "{\"a\":\"",
  ].map { MalformedHeader($0, "the header") }

  private static let fields: [MalformedHeader] = [
    tensor("", "lacks its dtype"),
    tensor(#""dtype":"F32","shape":[1]"#, "lacks its dtype"),
    tensor(#""dtype":"F32","data_offsets":[0,4]"#, "lacks its dtype", data: 4),
    tensor(#""shape":[1],"data_offsets":[0,4]"#, "lacks its dtype", data: 4),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[]"#, "lacks its dtype"),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0]"#, "lacks its dtype"),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,4,8]"#, "lacks its dtype", data: 8),
    tensor(#""dtype":"F33","shape":[1],"data_offsets":[0,4]"#, "unknown type 'F33'", data: 4),
    tensor(#""dtype":"f32","shape":[1],"data_offsets":[0,4]"#, "unknown type 'f32'", data: 4),
    tensor(#""dtype":"","shape":[1],"data_offsets":[0,4]"#, "unknown type ''", data: 4),
    tensor(#""dtype":32,"shape":[1],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":null,"shape":[1],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":1,"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":[1.0],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":[-1],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":["1"],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":[[1]],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":[1e0],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","shape":[18446744073709551617],"data_offsets":[0,4]"#, "no JSON at byte", data: 4),
    tensor(#""dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]"#, "'dtype' stands there twice", data: 4),
    tensor(#""dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]"#, "'shape' stands there twice", data: 4),
    MalformedHeader(#"{"x":[]}"#, "no JSON at byte"),
    MalformedHeader(#"{"x":null}"#, "no JSON at byte"),
    MalformedHeader(#"{"__metadata__":{"a":1}}"#, "no JSON at byte"),
    MalformedHeader(#"{"__metadata__":[]}"#, "no JSON at byte"),
    MalformedHeader(#"{"__metadata__":{"a":"1","a":"2"}}"#, "'a' stands there twice"),
    MalformedHeader(#"{"__metadata__":{},"__metadata__":{}}"#, "'__metadata__' stands there twice"),
    MalformedHeader("{\"x\":{\"more\":\(nested("[", "]", 70))}}", "more than 64 levels"),
    MalformedHeader("{\"x\":{\"more\":\(nested("[", "]", 200_000))}}", "more than 64 levels"),
    MalformedHeader("{\"x\":{\"more\":\(String(repeating: "{\"a\":", count: 100_000))", "more than 64 levels"),
  ]

  private static let arithmetic: [MalformedHeader] = [
    tensor(#""dtype":"F32","shape":[9223372036854775807],"data_offsets":[0,4]"#, "shape that no tensor has", data: 4),
    tensor(#""dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]"#, "shape that no tensor has"),
    tensor(#""dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]"#, "shape that no tensor has"),
    tensor(#""dtype":"F32","shape":[2147483648,2147483648,0],"data_offsets":[0,0]"#, "shape that no tensor has"),
    tensor(#""dtype":"F4","shape":[3],"data_offsets":[0,1]"#, "shape that no tensor has", data: 1),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[4,0]"#, "before its start", data: 4),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,3]"#, "has 3 bytes", data: 3),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,5]"#, "has 5 bytes", data: 5),
    tensor(#""dtype":"F32","shape":[],"data_offsets":[0,0]"#, "has 0 bytes"),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#, "ends at byte 4 of 0"),
    tensor(
      #""dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]"#, "ends at byte", data: 4),
    tensor(
      #""dtype":"F32","shape":[1],"data_offsets":[0,9223372036854775807]"#, "has 9223372036854775807 bytes", data: 4),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[9223372036854775808,9223372036854775812]"#, "no JSON", data: 4),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[4,8]"#, "bytes 0 to 4", data: 8),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[-4,0]"#, "no JSON", data: 4),
    MalformedHeader(
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
      "tensors 'b' and 'a' overlap", data: 6),
    MalformedHeader(
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
      "overlap", data: 4),
    MalformedHeader(
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[6,10]}}"#,
      "bytes 4 to 6", data: 10),
    MalformedHeader(
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#,
      "'a' stands there twice", data: 8),
    MalformedHeader(
      #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]},"#
        + #""c":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#, "overlap", data: 4),
    tensor(#""dtype":"F32","shape":[1],"data_offsets":[0,4]"#, "belongs to no model", data: 4),
    tensor(
      "\"dtype\":\"F32\",\"shape\":[\(Array(repeating: "1", count: 100).joined(separator: ","))]", "no JSON at byte"),
    MalformedHeader("{}", "is missing"),
  ]

  static let all = notJSON + fields + arithmetic

  static let indexes: [MalformedHeader] = [
    .init("", "the JSON ends too early"), .init("{", "the JSON ends too early"), .init("[]", "no JSON at byte 0"),
    .init("{}", "no weight_map"), .init(#"{"weight_map": {}}"#, "no weight_map"),
    .init(#"{"weight_map": []}"#, "no JSON at byte"), .init(#"{"weight_map": null}"#, "no JSON at byte"),
    .init(#"{"weight_map": {"a": 1}}"#, "no JSON at byte"), .init(#"{"weight_map": {"a": null}}"#, "no JSON at byte"),
    .init(#"{"weight_map": {"x": "a.safetensors"}, "weight_map": {}}"#, "'weight_map' stands there twice"),
    .init(#"{"weight_map": {"x": "a.safetensors", "x": "a.safetensors"}}"#, "'x' stands there twice"),
    .init(#"{"weight_map": {"x": "../a.safetensors"}}"#, "which is no file name of this folder"),
    .init(#"{"weight_map": {"x": "/etc/a.safetensors"}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": "b/a.safetensors"}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": "..\\a.safetensors"}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": ".."}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": ""}}"#, "which is no"),
    .init(#"{"weight_map": {"x": ".safetensors"}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": "a\u0000.safetensors"}}"#, "which is no file name"),
    .init(#"{"weight_map": {"x": "config.json"}}"#, "which is no file name"),
    .init("{\"weight_map\": {\"x\": \"\(String(repeating: "a", count: 300)).safetensors\"}}", "which is no file name"),
    .init(#"{"weight_map": {"x": "missing.safetensors"}}"#, "missing.safetensors: there is no such file"),
    .init(#"{"weight_map": {"x": "a.safetensors"}}"#, "tensor 'x' is not in 'a.safetensors'"),
    .init(#"{"weight_map": {"lm_head.weight": "a.safetensors"}}"#, "is not listed"),
    .init("{\"metadata\": \(nested("[", "]", 100)), \"weight_map\": {}}", "more than 64 levels"),
    .init(
      "{\"weight_map\": {\((0...1_000).map { "\"x\($0)\": \"\($0).safetensors\"" }.joined(separator: ","))}}",
      "1001 files; 1000 are allowed"),
  ]

  static let configurations: [MalformedHeader] = [
    .init("", "the JSON ends too early"), .init("null", "no JSON object"), .init("[]", "no JSON object"),
    .init("\"qwen2\"", "no JSON object"), .init("{} x", "no JSON at byte 3"),
    .init(#"{"model_type": "qwen2", "model_type": "qwen2"}"#, "'model_type' stands there twice"),
    .init(#"{"model_type": "qwen2", "text": {"a": 1, "a": 2}}"#, "'a' stands there twice"),
    .init("{\"model_type\": \(nested("[", "]", 65))}", "more than 64 levels"),
    .init(String(repeating: "[", count: 1_000_000), "more than 64 levels"),
    .init(String(repeating: "{\"a\":", count: 1_000_000), "more than 64 levels"),
    .init(#"{"model_type": "qwen2\nllama"}"#, #"'qwen2\u{a}llama'"#),
    .init(#"{"model_type": "qwen2", "vocab_size": 99999999999999999999}"#, "from 1 to 16777216"),
    .init(#"{"model_type": "qwen2", "vocab_size": 9223372036854775807}"#, "from 1 to 16777216"),
    .init(#"{"model_type": "qwen2", "vocab_size": -9223372036854775808}"#, "from 1 to 16777216"),
    .init(#"{"model_type": "qwen2", "num_hidden_layers": 1e3}"#, "has to be a whole number"),
    .init(#"{"model_type": "qwen2", "num_attention_heads": 1048577}"#, "from 1 to 1048576"),
    .init(
      #"{"model_type": "qwen2", "num_attention_heads": 1048576, "num_key_value_heads": 1, "head_dim": 1024}"#,
      "for all heads together"),
    .init(#"{"model_type": "qwen2", "num_key_value_heads": 0}"#, "from 1 to 1048576"),
    .init(#"{"model_type": "qwen2", "head_dim": 1000000}"#, "from 1 to 1024"),
    .init(#"{"model_type": "qwen2", "max_position_embeddings": 1000000000}"#, "from 1 to 1048576"),
    .init(#"{"model_type": "qwen2", "rms_norm_eps": -1}"#, "from 0.0 to 1.0"),
    .init(#"{"model_type": "qwen2", "rms_norm_eps": "1e-6"}"#, "has to be a number"),
    .init(#"{"model_type": "qwen2", "rope_theta": 1e999}"#, "rope_theta is 1e999"),
    .init(#"{"model_type": "qwen2", "rope_parameters": 3}"#, "has to be an object"),
    .init(#"{"model_type": "qwen2", "tie_word_embeddings": "yes"}"#, "has to be true or false"),
    .init(#"{"model_type": "qwen2", "eos_token_id": [[1]]}"#, "has to be a whole number"),
    .init(#"{"model_type": "qwen2", "eos_token_id": -1}"#, "eos_token_id is -1"),
    .init(#"{"model_type": "qwen2", "quantization_config": {}}"#, "quant_method is 'unknown'"),
    .init(#"{"model_type": "qwen2_5_omni", "thinker_config": "x"}"#, "has to be an object"),
    .init(
      #"{"model_type": "qwen2_5_omni", "thinker_config": {"audio_start_token_id": 9999999}}"#, "audio_start_token_id"),
    .init(#"{"model_type": "qwen2_audio", "audio_token_index": 99999999}"#, "audio_token_index is 99999999"),
    .init(#"{"model_type": "qwen2_audio", "audio_config": {"encoder_layers": 0}}"#, "encoder_layers is 0"),
    .init(
      #"{"model_type": "qwen2_audio", "audio_config": {"max_source_positions": 99999999}}"#, "max_source_positions"),
  ]
}
