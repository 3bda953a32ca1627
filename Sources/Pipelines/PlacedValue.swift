/// A value of a YAML text, and where it stands.
struct PlacedValue: Sendable, Equatable {
  enum Content: Sendable, Equatable {
    case null
    /// `isPlain` where it stood without quotes, and so may be a number or a truth value.
    case scalar(String, isPlain: Bool)
    case list([PlacedValue])
    case mapping([PlacedEntry])
  }

  var content: Content
  var place: Place

  /// As a message shows it.
  var shown: String {
    switch content {
    case .null: "empty"
    case .scalar(let text, _): place.holdsSecret ? "a hidden value" : "'\(excerpt(text))'"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  var scalar: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }
}

/// A key of a mapping with its value.
struct PlacedEntry: Sendable, Equatable {
  var key: String
  var place: Place
  var value: PlacedValue
}
