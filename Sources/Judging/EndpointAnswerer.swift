import Audio
public import Chat
public import Dataset
import Foundation
import Models

/// A model behind a chat endpoint, which hears sounds as `input_audio` (WAV, 16 kHz, mono, 16 bits), or reads their
/// captions.
///
/// A request that the endpoint refuses leaves its item without an answer, with the reason. A refused key, a used-up
/// quota and an endpoint that cannot be reached end the run.
public struct EndpointAnswerer: Answerer {
  public let identity: [String: String]
  private let exchange: EndpointExchange
  private let prompts: AskPrompts
  private let sounds: SoundReader

  /// `kinds` are those that will be asked: their prompts are part of the identity.
  public init(
    client: ChatClient, settings: EndpointSettings, prompts: AskPrompts, kinds: Set<BenchmarkItem.Kind> = [.choice]
  ) {
    exchange = EndpointExchange(client: client, settings: settings)
    self.prompts = prompts
    sounds = SoundReader(maximumSamples: max(1, Int(settings.longestSound * Double(Waveform.modelRate))))
    var identity = settings.identity.merging(prompts.identity(of: kinds)) { $1 }
    identity["endpoint"] = client.endpoint.identity
    identity["way"] = "endpoint"
    identity["longest-sound"] = "\(settings.longestSound) s"
    self.identity = identity
  }

  public func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    try await exchange.forEach(asks.count) { place in
      try onReply(place, try await reply(to: asks[place]))
    }
  }

  private func reply(to ask: Ask) async throws -> Reply {
    var sound: (base64: String, isCut: Bool)?
    if let heard = ask.sound {
      do {
        let (samples, isCut) = try sounds.read(heard)
        let file = WAVWriter.encode(Waveform(samples: samples, sampleRate: Waveform.modelRate))
        sound = (Data(file).base64EncodedString(), isCut)
      } catch {
        return .unheard(error.description)
      }
    }
    let messages = try prompts.messages(for: ask).map { ChatMessage($0, sound: sound?.base64) }
    var reply = try await exchange.reply(to: messages)
    reply.isSoundCut = sound?.isCut ?? false
    return reply
  }
}

extension ChatMessage {
  /// A turn, with `sound` at its place in it.
  init(_ message: ConversationMessage, sound: String? = nil) {
    let role: Role =
      switch message.role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
    var parts: [Part] = []
    for part in message.parts {
      switch part {
      case .audio: sound.map { parts.append(.audio(base64: $0, format: "wav")) }
      case .text(let text):
        // Texts in a row are one, as many servers take a list of parts for a turn with sound.
        if case .text(let before)? = parts.last {
          parts[parts.count - 1] = .text(before + text)
        } else {
          parts.append(.text(text))
        }
      }
    }
    self.init(role, parts)
  }
}
