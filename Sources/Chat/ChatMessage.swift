/// One turn of a conversation.
public struct ChatMessage: Sendable, Hashable {
  public enum Role: String, Sendable, Hashable {
    case system, user, assistant
  }

  /// A part of what a turn says.
  public enum Part: Sendable, Hashable {
    case text(String)
    /// A sound file's bytes in base64; `format` is "wav" or "mp3".
    case audio(base64: String, format: String)
  }

  public var role: Role
  public var parts: [Part]

  public init(_ role: Role, _ parts: [Part]) {
    self.role = role
    self.parts = parts
  }

  public init(_ role: Role, _ text: String) {
    self.init(role, [.text(text)])
  }

  public static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }

  public static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }

  public static func assistant(_ text: String) -> ChatMessage { ChatMessage(.assistant, text) }

  /// As chat completions take it. A single text goes as a string, which every server reads; else as a list of parts.
  public var json: JSONValue {
    let content: JSONValue
    if parts.count == 1, case .text(let text) = parts[0] {
      content = .string(text)
    } else {
      content = .array(parts.map(\.json))
    }
    return ["role": .string(role.rawValue), "content": content]
  }

  /// Reads what `json` writes; nil for any other shape.
  public init?(json: JSONValue) {
    guard let role = json["role"]?.stringValue.flatMap(Role.init) else { return nil }
    switch json["content"] {
    case .string(let text): self.init(role, text)
    case .array(let items):
      let parts = items.compactMap(Part.init(json:))
      guard parts.count == items.count else { return nil }
      self.init(role, parts)
    default: return nil
    }
  }
}

extension ChatMessage.Part {
  var json: JSONValue {
    switch self {
    case .text(let text): ["type": "text", "text": .string(text)]
    case .audio(let base64, let format):
      ["type": "input_audio", "input_audio": ["data": .string(base64), "format": .string(format)]]
    }
  }

  init?(json: JSONValue) {
    switch json["type"] {
    case "text":
      guard let text = json["text"]?.stringValue else { return nil }
      self = .text(text)
    case "input_audio":
      guard let data = json["input_audio"]?["data"]?.stringValue,
        let format = json["input_audio"]?["format"]?.stringValue
      else { return nil }
      self = .audio(base64: data, format: format)
    default: return nil
    }
  }
}
