import Foundation

/// The answer of `POST /v1/embeddings`: vectors that are alike where texts share words and parts of words.
///
/// Each word, and each run of three characters of a word between its edges, adds 1 to one of 256 places or takes 1 from
/// it, by its hash; the vector is then made one of length 1. No model of meaning: synonyms are strangers.
struct EmbeddingList: Encodable {
  struct Request {
    /// More texts than OpenAI takes at once.
    static let mostTexts = 2_048

    var model: String
    var texts: [String]
    var dimensions: Int

    init(body: Data) throws(ChatRequest.Fault) {
      struct Body: Decodable {
        var model: String?
        var input: Input?
        var dimensions: Int?
      }
      enum Input: Decodable {
        case one(String)
        case many([String])

        init(from decoder: any Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let text = try? container.decode(String.self) {
            self = .one(text)
          } else {
            self = .many(try container.decode([String].self))
          }
        }
      }
      guard let json = try? JSONSerialization.jsonObject(with: body), json is [String: Any] else { throw .notJSON }
      guard let read = try? JSONDecoder().decode(Body.self, from: body), let model = read.model, let input = read.input
      else { throw .fields("'model' must be text, and 'input' a text or a list of texts.") }
      texts =
        switch input {
        case .one(let text): [text]
        case .many(let texts): texts
        }
      guard (1...Self.mostTexts).contains(texts.count), !texts.contains("") else {
        throw .fields("'input' must hold 1 to \(Self.mostTexts) texts, none of them empty.")
      }
      dimensions = read.dimensions ?? EmbeddingList.dimensions
      guard (1...EmbeddingList.dimensions).contains(dimensions) else {
        throw .fields("'dimensions' must be between 1 and \(EmbeddingList.dimensions).")
      }
      self.model = model
    }
  }

  struct Item: Encodable {
    var object = "embedding"
    var index: Int
    var embedding: [Double]
  }

  struct Usage: Encodable {
    var promptTokens: Int
    var totalTokens: Int

    enum CodingKeys: String, CodingKey {
      case promptTokens = "prompt_tokens"
      case totalTokens = "total_tokens"
    }
  }

  static let dimensions = 256

  var object = "list"
  var data: [Item]
  var model: String
  var usage: Usage

  init(answering request: Request) {
    data = request.texts.enumerated().map { Item(index: $0, embedding: Self.vector($1, request.dimensions)) }
    model = request.model
    let tokens = request.texts.reduce(0) { $0 + $1.utf8.count / 4 + 1 }
    usage = Usage(promptTokens: tokens, totalTokens: tokens)
  }

  /// Of length 1, in six digits.
  static func vector(_ text: String, _ dimensions: Int) -> [Double] {
    var places = [Double](repeating: 0, count: dimensions)
    func add(_ part: some Sequence<UInt8>, weight: Double) {
      let hash = StableHash.of(Array(part))
      places[Int(hash % UInt64(dimensions))] += hash >> 63 == 0 ? weight : -weight
    }
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      let padded = Array("^\(word)$".utf8)
      add(padded, weight: 2)
      if padded.count >= 3 { for start in 0...(padded.count - 3) { add(padded[start..<start + 3], weight: 1) } }
    }
    let length = places.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0 else {
      places[0] = 1
      return places
    }
    return places.map { ($0 / length * 1_000_000).rounded() / 1_000_000 }
  }
}
