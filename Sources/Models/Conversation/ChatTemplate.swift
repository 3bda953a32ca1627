/// How a family of models wants a conversation written: what its chat template in Hugging Face's files comes to.
public struct ChatTemplate: Sendable, Equatable {
  static let audioToken = "<|AUDIO|>"
  static let turnTokens = ["<|im_start|>", "<|im_end|>"]
  static let audioTokens = ["<|audio_bos|>", audioToken, "<|audio_eos|>"]
  static let defaultSystemText = "You are a helpful assistant."

  public let architecture: ModelArchitecture
  /// What the system is taken to say where the first message is not the system's.
  public var systemText: String

  public init(architecture: ModelArchitecture) {
    self.init(architecture: architecture, systemText: Self.defaultSystemText)
  }

  public init(architecture: ModelArchitecture, systemText: String) {
    self.architecture = architecture
    self.systemText = systemText
  }

  /// The conversation as text, with one `<|AUDIO|>` for each audio.
  public func text(_ messages: [ConversationMessage], addingGenerationPrompt: Bool = true) -> String {
    pieces(messages, addingGenerationPrompt: addingGenerationPrompt).map { piece in
      switch piece {
      case .token(let token): token
      case .text(let text): text
      case .audio: Self.audioToken
      }
    }.joined()
  }

  /// The ids of the conversation, with `audioTokenCounts[k]` copies of the audio token where audio `k` is.
  ///
  /// Special tokens that messages spell out take effect only if the text is trusted, which is what Hugging Face does.
  public func render(
    _ messages: [ConversationMessage], tokenizer: Tokenizer, audioTokenCounts: [Int],
    addingGenerationPrompt: Bool = true, trustingText: Bool = true
  ) throws(ConversationError) -> [Int] {
    let pieces = pieces(messages, addingGenerationPrompt: addingGenerationPrompt)
    let copies = try copies(in: pieces, counts: audioTokenCounts)
    try check(pieces, tokenizer: tokenizer)
    let audioID = tokenizer.id(of: Self.audioToken)
    if !trustingText { return untrusted(pieces, copies: copies, tokenizer: tokenizer) }

    // The whole text at once, as Hugging Face does it: added tokens may take white space next to them.
    var (ids, audio) = ([Int](), 0)
    for id in tokenizer.encode(text(messages, addingGenerationPrompt: addingGenerationPrompt)) {
      guard id == audioID else {
        ids.append(id)
        continue
      }
      guard audio < copies.count else { throw .audioTokenInText(Self.audioToken) }
      ids.append(contentsOf: repeatElement(id, count: copies[audio]))
      audio += 1
    }
    return ids
  }
}

// MARK: Pieces

extension ChatTemplate {
  private enum Piece {
    case token(String)
    case text(String)
    case audio(Int)
  }

  private func pieces(_ messages: [ConversationMessage], addingGenerationPrompt: Bool) -> [Piece] {
    var pieces: [Piece] = []
    if let first = messages.first, first.role != .system {
      pieces += turn(.system, [.text(systemText)])
    }
    var audios = 0
    for message in messages {
      var content: [Piece] = []
      for part in message.parts {
        switch part {
        case .text(let text): content.append(.text(text))
        case .audio(let index):
          audios += 1
          content += audio(index, number: audios)
        }
      }
      pieces += turn(message.role, content)
    }
    if addingGenerationPrompt { pieces += [.token("<|im_start|>"), .text("assistant\n")] }
    return pieces
  }

  private func turn(_ role: ConversationRole, _ content: [Piece]) -> [Piece] {
    [.token("<|im_start|>"), .text(role.rawValue + "\n")] + content + [.token("<|im_end|>"), .text("\n")]
  }

  /// Qwen2-Audio counts the audios of a conversation, from 1.
  private func audio(_ index: Int, number: Int) -> [Piece] {
    let sound: [Piece] = [.token("<|audio_bos|>"), .audio(index), .token("<|audio_eos|>")]
    guard architecture == .qwen2Audio else { return sound }
    return [.text("Audio \(number): ")] + sound + [.text("\n")]
  }

  /// How many audio tokens stand at each audio, in order.
  private func copies(in pieces: [Piece], counts: [Int]) throws(ConversationError) -> [Int] {
    var copies: [Int] = []
    for case .audio(let index) in pieces {
      if architecture == .qwen2 { throw .audioForTextModel }
      guard counts.indices.contains(index) else {
        throw .audioOutOfRange(index: index, audios: counts.count)
      }
      guard counts[index] >= 1 else { throw .audioTokenCount(index: index, count: counts[index]) }
      copies.append(counts[index])
    }
    return copies
  }

  private func check(_ pieces: [Piece], tokenizer: Tokenizer) throws(ConversationError) {
    var needed = Self.turnTokens
    for case .audio in pieces { needed += Self.audioTokens }
    for token in needed where tokenizer.added[tokenizer.id(of: token) ?? -1] == nil { throw .missingToken(token) }
  }

  /// The ids if no text can bring in a token: text between two tokens is encoded in one, as it may merge.
  private func untrusted(_ pieces: [Piece], copies: [Int], tokenizer: Tokenizer) -> [Int] {
    var (ids, pending, audio) = ([Int](), "", 0)
    for piece in pieces {
      let token: String
      switch piece {
      case .text(let text):
        pending += text
        continue
      case .token(let name): token = name
      case .audio: token = Self.audioToken
      }
      ids += tokenizer.encode(pending, parsingSpecialTokens: false)
      pending = ""
      var count = 1
      if case .audio = piece {
        count = copies[audio]
        audio += 1
      }
      if let id = tokenizer.id(of: token) { ids += repeatElement(id, count: count) }
    }
    return ids + tokenizer.encode(pending, parsingSpecialTokens: false)
  }
}
