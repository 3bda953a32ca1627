import Chat
import Dataset
import Pipelines

/// Whether questions come with the thoughts that lead to their answers, and in which form; what cold starts train on.
enum RationaleForm: String, Sendable, CaseIterable {
  case none
  /// One text, as it would stand between `<think>` and `</think>`.
  case free
  /// Planning, caption, reasoning and summary, as SARI has them (arXiv 2504.15900).
  case structured

  /// What a prompt may show or hide by it.
  static let offered = ["rationale_free", "rationale_structured"]

  init(_ section: Section) throws {
    let word = try section.choice(
      "rationale", of: Self.allCases.map(\.rawValue), default: Self.none.rawValue)
    self = Self(rawValue: word) ?? .none
  }

  var variable: String { "rationale_\(rawValue)" }

  var values: [String: PromptValue] {
    ["rationale_free": .flag(self == .free), "rationale_structured": .flag(self == .structured)]
  }

  /// A prompt's schema with the rationale in each item; throws where the schema has no items to put it in.
  func extended(_ schema: JSONValue?, in section: Section) throws -> JSONValue? {
    guard self != .none, let schema else { return schema }
    guard var whole = schema.objectValue, var properties = whole["properties"]?.objectValue,
      let name = properties.keys.sorted().first(where: { properties[$0]?["items"]?["properties"] != nil }),
      var list = properties[name]?.objectValue, var item = list["items"]?.objectValue,
      var members = item["properties"]?.objectValue
    else {
      throw section.conflict("rationale", with: "the prompt's schema, which has no list of items")
    }
    members["rationale"] = shape
    item["properties"] = .object(members)
    item["required"] = .array((item["required"]?.arrayValue ?? []) + ["rationale"])
    list["items"] = .object(item)
    properties[name] = .object(list)
    whole["properties"] = .object(properties)
    return .object(whole)
  }

  private var shape: JSONValue {
    guard self == .structured else { return ["type": "string"] }
    let parts = WrittenQuestion.rationaleParts
    return [
      "type": "object", "additionalProperties": false, "required": .array(parts.map { .string($0) }),
      "properties": .object(Dictionary(uniqueKeysWithValues: parts.map { ($0, ["type": "string"]) })),
    ]
  }
}
