/// How strictly an endpoint is asked to answer in JSON, from the strictest down.
public enum StructuredOutput: String, Sendable, Codable, CaseIterable {
  /// The answer must follow the schema.
  case jsonSchema = "json_schema"
  /// The answer must be some JSON object.
  case jsonObject = "json_object"
  /// Nothing but the prompt's own words asks for JSON.
  case plain

  /// The next step down; nil below `plain`.
  public var weaker: StructuredOutput? {
    switch self {
    case .jsonSchema: .jsonObject
    case .jsonObject: .plain
    case .plain: nil
    }
  }
}

/// The `response_format` of a request.
public enum ResponseFormat: Sendable, Hashable {
  /// `name` may hold letters, digits, underscores and dashes.
  case jsonSchema(name: String, schema: JSONValue, strict: Bool = true)
  case jsonObject

  /// What this asks for.
  public var output: StructuredOutput {
    switch self {
    case .jsonSchema: .jsonSchema
    case .jsonObject: .jsonObject
    }
  }

  /// As chat completions take it.
  public var json: JSONValue {
    switch self {
    case .jsonObject: ["type": "json_object"]
    case .jsonSchema(let name, let schema, let strict):
      ["type": "json_schema", "json_schema": ["name": .string(name), "schema": schema, "strict": .bool(strict)]]
    }
  }

  /// Reads what `json` writes; nil for any other shape.
  public init?(json: JSONValue) {
    switch json["type"] {
    case "json_object": self = .jsonObject
    case "json_schema":
      guard let form = json["json_schema"], let name = form["name"]?.stringValue, let schema = form["schema"] else {
        return nil
      }
      self = .jsonSchema(name: name, schema: schema, strict: form["strict"] == true)
    default: return nil
    }
  }
}
