import Foundation

/// How a caption's tokens are chosen. Equal settings on equal input give equal text.
public struct CaptionSampling: Sendable, Equatable, Codable {
  /// 0 takes the most likely token every time.
  public var temperature: Double
  public var topP: Double?
  public var topK: Int?
  /// The longest caption, tokens.
  public var maxTokens: Int
  public var seed: Int

  public init(temperature: Double = 0, topP: Double? = nil, topK: Int? = nil, maxTokens: Int = 256, seed: Int = 0) {
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.maxTokens = maxTokens
    self.seed = seed
  }

  private enum CodingKeys: String, CodingKey {
    case temperature, seed
    case topP = "top_p"
    case topK = "top_k"
    case maxTokens = "max_tokens"
  }

  /// As JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    // The encoder throws on numbers that are not finite, which a setting never is.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// The same, with a seed that belongs to one caption: it follows from the clip and the place of the caption in it, so
  /// that neither the batch nor the order of work shows.
  func seeded(clip: String, place: Int) -> CaptionSampling {
    var own = self
    // FNV-1a, 64 bit.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(seed) \(clip) \(place)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    own.seed = Int(hash & 0x7fff_ffff)
    return own
  }
}
