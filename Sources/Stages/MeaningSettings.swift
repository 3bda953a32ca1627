import Chat
import Dataset
import Pipelines
import Store

/// The model whose embeddings tell which questions mean nearly the same.
struct MeaningSettings: Sendable {
  let access: EndpointAccess
  let model: String
  let dimensions: Int?
  /// From this cosine on two questions of a sound mean nearly the same.
  let similarity: Double
  /// Texts of a request.
  let batch: Int
  let price: Price

  init(_ section: Section) throws {
    access = try EndpointAccess(section, concurrency: 4)
    model = try section.string("model", default: access.isBuiltin ? "stand-in" : "text-embedding-3-small")
    dimensions = try section.optionalInt("dimensions", in: 1...65_536)
    similarity = try section.double("similarity", in: 0.1...1, default: 0.92)
    batch = try section.int("batch", in: 1...2_048, default: 128)
    price = Price(input: try section.optionalDouble("price", in: 0...1_000_000), output: 0)
  }

  var parts: [String: String] {
    [
      "meaning": "\(model) at \(access.endpoint.identity)" + (dimensions.map { ", \($0) numbers" } ?? ""),
      "meaning similarity": "\(similarity)",
    ]
  }

  /// What a question's vector is made of.
  static func text(stem: String, correct: String) -> String { stem + " " + correct }

  /// What the store knows a text's vector by.
  func key(of text: String) -> String { Self.key(of: text, access.endpoint.identity, model, dimensions) }

  /// The same for any model.
  static func key(of text: String, _ endpoint: String, _ model: String, _ dimensions: Int?) -> String {
    ContentID.make(domain: "earshot embedding 1", [endpoint, model, dimensions.map(String.init) ?? "", text])
  }

  /// Throws where requests may cost more than a limit in dollars can tell.
  func check(_ limits: SpendingLimits) throws(StagesError) {
    if limits.usd != nil, !access.isBuiltin, price.input == nil {
      throw .noPrice(setting: "dedup.meaning.price", members: "'input'")
    }
  }
}
