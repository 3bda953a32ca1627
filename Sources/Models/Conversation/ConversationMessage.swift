/// Who speaks.
public enum ConversationRole: String, Sendable, CaseIterable {
  case system, user, assistant
}

/// A piece of what is said.
public enum MessagePart: Sendable, Equatable {
  case text(String)
  /// The audio with this index in the conversation's list of audios.
  case audio(Int)
}

/// One turn of a conversation.
public struct ConversationMessage: Sendable, Equatable {
  public var role: ConversationRole
  /// In the order in which the model reads them.
  public var parts: [MessagePart]

  public init(role: ConversationRole, parts: [MessagePart]) {
    self.role = role
    self.parts = parts
  }

  /// A turn of text alone.
  public init(role: ConversationRole, text: String) {
    self.init(role: role, parts: [.text(text)])
  }
}
