import Chat
import Foundation

/// How a fake endpoint takes a probe's requests.
struct ProbeEndpoint: Sendable {
  enum Form { case enforced, ignored, refused }
  enum Hearing { case byTokens, byWords, leftOut, fixedTokens, asText, refused }
  enum Seeds { case kept, notKept, withoutEffect, refused }

  var schema = Form.enforced
  var object = Form.enforced
  var field = "content"
  var hearing = Hearing.byTokens
  var seeds = Seeds.kept
  var logProbabilities = true
  var refusesLogProbabilities = false
  var wantsCompletionTokens = false
  var countsTokens = true
  /// Where set, thinking takes all tokens.
  var thinksForEver = false

  func answer(_ number: Int, _ seen: ScriptedServer.Seen) -> ScriptedServer.Answer {
    guard let body = JSONValue(parsing: Array(seen.body.utf8)) else { return .status(400, "{}") }
    if wantsCompletionTokens, body["max_tokens"] != nil {
      return Self.refusal("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    }
    if refusesLogProbabilities, body["logprobs"] != nil { return Self.refusal("logprobs are not supported") }
    if seeds == .refused, body["seed"] != nil { return Self.refusal("unknown field 'seed'") }
    if let seconds = Self.secondsOfSound(in: body) { return hear(seconds) }
    if body["response_format"] != nil { return keepForm(body) }
    return body["seed"] == nil ? completion("Rain falls.") : sample(number, body)
  }

  private func keepForm(_ body: JSONValue) -> ScriptedServer.Answer {
    let isSchema = body["response_format"]?["type"] == "json_schema"
    switch isSchema ? schema : object {
    case .refused: return Self.refusal("response_format of this type is not supported")
    case .ignored: return completion("Rain is \\\"water\\\" that falls.")
    case .enforced:
      guard isSchema else { return completion(#"{\"answer\": \"water\"}"#) }
      let word = body["response_format"]?["json_schema"]?["schema"]?["properties"]?["word"]?["enum"]?.arrayValue?.first
      return completion(#"{\"word\":\"\#(word?.stringValue ?? "")\"}"#)
    }
  }

  private func hear(_ seconds: Int) -> ScriptedServer.Answer {
    switch hearing {
    case .byTokens: completion("Low.", tokens: 30 + 25 * seconds)
    case .byWords: completion(seconds == 1 ? "High." : "It is low.", tokens: 180)
    case .leftOut: completion("High.", tokens: 31)
    case .fixedTokens: completion("High.", tokens: 400)
    case .asText: completion("High.", tokens: 20_000 * seconds)
    case .refused: Self.refusal("this is not a multimodal model")
    }
  }

  private func sample(_ number: Int, _ body: JSONValue) -> ScriptedServer.Answer {
    switch seeds {
    case .notKept: completion("words \(number)")
    case .withoutEffect, .refused: completion("words")
    case .kept: completion("words \(body["seed"]?.intValue ?? 0)")
    }
  }

  /// `text` is as it stands in a JSON string.
  private func completion(_ text: String, tokens: Int = 20) -> ScriptedServer.Answer {
    let message = field == "content" ? #""content":"\#(text)""# : #""content":"","\#(field)":"\#(text)""#
    let thinking = #""content":"","reasoning":"Well""#
    let reason = thinksForEver ? "length" : "stop"
    let logs = logProbabilities ? #","logprobs":{"content":[{"token":"a","logprob":-0.5}]}"# : ""
    let usage = countsTokens ? #","usage":{"prompt_tokens":\#(tokens),"completion_tokens":3}"# : ""
    return .status(
      200,
      #"{"choices":[{"message":{"role":"assistant",\#(thinksForEver ? thinking : message)},"#
        + #""finish_reason":"\#(reason)"\#(logs)}]\#(usage)}"#)
  }

  private static func refusal(_ words: String) -> ScriptedServer.Answer {
    .status(400, #"{"error":{"message":"\#(words)"}}"#)
  }

  private static func secondsOfSound(in body: JSONValue) -> Int? {
    let parts = body["messages"]?.arrayValue?.first?["content"]?.arrayValue
    let sound = parts?.lazy.compactMap { $0["input_audio"]?["data"]?.stringValue }.first
    return sound.flatMap { Data(base64Encoded: $0) }.map { ($0.count - 44) / 32_000 }
  }
}
