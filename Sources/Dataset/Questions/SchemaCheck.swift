/// Holds JSON to a schema, and says what is wrong in words that whoever wrote it can act on.
///
/// Of JSON Schema it reads what prompts use: `type`, `properties`, `required`, `additionalProperties`, `items`, `enum`,
/// `const`, `anyOf`, and the bounds of numbers, texts and lists. Other keywords are ignored; `$ref` is refused.
public struct SchemaCheck: Sendable, Equatable {
  /// No more are named of one value.
  public static let mostProblems = 10

  private let root: SchemaNode

  /// `schema` is JSON text.
  public init(_ schema: String) throws(SchemaError) {
    guard let value = try? JSONParser.parse(Array(schema.utf8)) else { throw .notJSON }
    var loader = SchemaLoader()
    root = try loader.node(value, at: "")
  }

  /// What is wrong with the JSON in `text`, such as "items[2].distractors: 2 entries, 3 are wanted"; nothing where it
  /// follows the schema.
  public func problems(in text: String) -> [String] {
    guard let value = try? JSONParser.parse(Array(text.utf8)) else { return ["not JSON"] }
    return problems(of: value)
  }

  func problems(of value: JSONValue) -> [String] {
    var inspection = SchemaInspection()
    inspection.look(at: value, by: root, path: "")
    return inspection.problems
  }
}
