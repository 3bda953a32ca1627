import Audio
import Chat
import Foundation
import Store

/// A sound as a part of a request: a WAV file of 16 kHz in base64.
struct AttachedSound: Sendable {
  let base64: String
  /// What the store keeps in its place: the sound makes nearly all of a request, and can be had again from the clip.
  private let words: String

  /// `waveform` holds the clip's samples, mono at 16 kHz.
  init(_ waveform: Waveform, of clip: ClipRecord) {
    self.init(waveform, named: "of the samples with SHA-256 \(clip.sha256)")
  }

  /// `name` says what is heard.
  init(_ waveform: Waveform, named name: String) {
    let file = Data(WAVWriter.encode(waveform))
    base64 = file.base64EncodedString()
    words = "WAV of \(file.count) bytes, 16 kHz mono, \(name)"
  }

  /// The turns with the sound before the text of the last.
  func attached(to messages: [ChatMessage]) -> [ChatMessage] {
    var messages = messages
    if let last = messages.indices.last {
      messages[last].parts.insert(.audio(base64: base64, format: "wav"), at: 0)
    }
    return messages
  }

  /// A request with the sound named in place of its bytes.
  func named(in chat: ChatRequest) -> ChatRequest {
    var chat = chat
    for turn in chat.messages.indices {
      for (index, part) in chat.messages[turn].parts.enumerated() {
        guard case .audio(_, let format) = part else { continue }
        chat.messages[turn].parts[index] = .audio(base64: words, format: format)
      }
    }
    return chat
  }
}
