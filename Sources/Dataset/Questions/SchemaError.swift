/// Why a JSON schema cannot be used to check replies.
public enum SchemaError: Error, Sendable, Equatable {
  /// Not JSON, or nested beyond reason.
  case notJSON
  /// `path` is where in the schema, such as "properties.items"; empty at its top.
  case reference(path: String)
  case notASchema(path: String, reason: String)
  /// More parts than any prompt has use for.
  case tooLarge(most: Int)
}

extension SchemaError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notJSON: "schema: not JSON, or nested too deep. Write it as a JSON schema: an object with 'type'."
    case .reference(let path):
      "\(Self.place(path)): '$ref' is not read. Write the schema it names in its place."
    case .notASchema(let path, let reason): "\(Self.place(path)): \(reason)."
    case .tooLarge(let most): "schema: has more than \(most) parts. Ask for less in one reply."
    }
  }

  private static func place(_ path: String) -> String { path.isEmpty ? "schema" : "schema, at \(path)" }
}
