import Dataset
import Evaluation
import Synchronization

/// First one model says what it hears, then another, which hears nothing, answers from these words: what the words of a
/// caption are worth.
public struct CascadeAnswerer: Answerer {
  public let identity: [String: String]
  private let describer: any Answerer
  private let answerer: any Answerer
  private let known: [String: [String]]
  private let onCaption: @Sendable (_ id: String, _ caption: String) throws -> Void

  /// `describer` is asked about each sound once, as an item to be described. `known` are captions by the item's id that
  /// need not be asked for; asks that come with captions need none. `onCaption` may keep each new one, from several
  /// threads.
  public init(
    describer: any Answerer, answerer: any Answerer, known: [String: [String]] = [:],
    onCaption: @escaping @Sendable (_ id: String, _ caption: String) throws -> Void = { _, _ in }
  ) {
    self.describer = describer
    self.answerer = answerer
    self.known = known
    self.onCaption = onCaption
    let described = describer.identity.map { ("caption-" + $0.key, $0.value) }
    identity = answerer.identity.merging(described) { $1 }.merging(["way": "cascade"]) { $1 }
  }

  /// Items whose sound is described at a time, before they are asked about: what a kill can cost.
  private static let batch = 32

  public func answer(_ asks: [Ask], onReply: @escaping @Sendable (Int, Reply) throws -> Void) async throws {
    var start = 0
    while start < asks.count {
      // The orders of an item stand together, and need one caption.
      var (end, ids) = (start, Set<String>())
      while end < asks.count, ids.contains(asks[end].item.id) || ids.count < Self.batch {
        ids.insert(asks[end].item.id)
        end += 1
      }
      try await answer(Array(asks[start..<end]), from: start, onReply)
      start = end
    }
  }

  private func answer(
    _ asks: [Ask], from start: Int, _ onReply: @escaping @Sendable (Int, Reply) throws -> Void
  ) async throws {
    let described = try await descriptions(asks)
    var (texts, places): ([Ask], [Int]) = ([], [])
    for (place, ask) in asks.enumerated() {
      var text = ask
      text.sound = nil
      if text.captions.isEmpty { text.captions = known[ask.item.id] ?? [] }
      if text.captions.isEmpty, let reply = described[ask.item.id] {
        guard let caption = reply.output, !caption.isEmpty else {
          var failed = Reply(output: nil, problem: "No caption: \(reply.problem ?? "nothing was said")")
          failed.isUnheard = reply.isUnheard
          try onReply(start + place, failed)
          continue
        }
        text.captions = [caption]
      }
      texts.append(text)
      places.append(start + place)
    }
    try await answerer.answer(texts) { [places] place, reply in try onReply(places[place], reply) }
  }

  /// What was said of the sounds that have no caption yet, by item.
  private func descriptions(_ asks: [Ask]) async throws -> [String: Reply] {
    var (open, seen): ([Ask], Set<String>) = ([], [])
    for ask in asks where ask.sound != nil && ask.captions.isEmpty && known[ask.item.id] == nil {
      guard seen.insert(ask.item.id).inserted else { continue }
      let item = BenchmarkItem(id: ask.item.id, kind: .caption, audio: ask.item.audio)
      open.append(Ask(item: item, order: ChoiceOrder(choices: 0), sound: ask.sound))
    }
    let replies = Gathered()
    try await describer.answer(open) { [open] place, reply in
      let id = open[place].item.id
      if let caption = reply.output, !caption.isEmpty { try onCaption(id, caption) }
      replies.byID.withLock { $0[id] = reply }
    }
    return replies.byID.withLock { $0 }
  }
}

/// Replies that come from several threads.
private final class Gathered: Sendable {
  let byID = Mutex<[String: Reply]>([:])
}
