import Foundation

/// The `logprobs` of a choice. They are made up from the text; the same text has the same ones.
struct LogProbabilities: Encodable {
  struct Candidate: Encodable, Equatable {
    var token: String
    var logprob: Double
    var bytes: [UInt8]

    init(_ token: String, _ logprob: Double) {
      self.token = token
      self.logprob = logprob
      bytes = Array(token.utf8)
    }
  }

  struct Token: Encodable {
    var chosen: Candidate
    /// The likeliest first, the chosen among them.
    var top: [Candidate]

    enum CodingKeys: String, CodingKey {
      case token, logprob, bytes
      case top = "top_logprobs"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(chosen.token, forKey: .token)
      try container.encode(chosen.logprob, forKey: .logprob)
      try container.encode(chosen.bytes, forKey: .bytes)
      try container.encode(top, forKey: .top)
    }
  }

  var content: [Token]

  /// - Parameter alternatives: how many of the likeliest tokens to tell at each place.
  init(of text: String, alternatives: Int) {
    var random = SplitMix64(seed: StableHash.of(Array(text.utf8)))
    content = Self.pieces(text).map { piece in
      let probability = 0.5 + random.unit() * 0.49
      let others = (1..<max(1, alternatives)).map { rank in
        // What is left halves from rank to rank, so that all stay below 1 together.
        Candidate(Self.other(rank), Self.rounded((1 - probability) / Double(1 << rank)))
      }
      let chosen = Candidate(piece, Self.rounded(probability))
      return Token(chosen: chosen, top: alternatives > 0 ? [chosen] + others : [])
    }
  }

  /// Pieces of up to four bytes that part no character; a token of the stand-in's is four bytes.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    for character in text {
      if let last = pieces.last, last.utf8.count + character.utf8.count <= 4 {
        pieces[pieces.count - 1].append(character)
      } else {
        pieces.append(String(character))
      }
    }
    return pieces
  }

  private static func other(_ rank: Int) -> String { " or\(rank)" }

  /// The logarithm, to four places.
  private static func rounded(_ probability: Double) -> Double {
    (log(probability) * 10_000).rounded() / 10_000
  }
}
