import Chat
import Dataset
import Foundation
import Pipelines
import Store

/// The waves that clips are written about in. A wave is told which questions the earlier ones asked too often. What it
/// is told is fixed before its first request, and is that of whole waves, so that no prompt depends on which answers came
/// first.
struct WriteWaves {
  private let settings: WriteSettings
  private let context: StageContext
  /// Of all that changes what is asked.
  private let input: String

  /// How many questions a wave is told of, and how often each was asked at least.
  private static let mostAvoided = 40
  private static let fewestRepeats = 2

  init(_ settings: WriteSettings, _ context: StageContext) {
    self.settings = settings
    self.context = context
    let parts = settings.parts.sorted { $0.key < $1.key }
    input = ContentID.make(domain: "earshot waves", parts.flatMap { [$0.key, $0.value] })
  }

  /// What a wave is told, where that is known yet.
  func known(_ wave: Int) throws -> [String]? {
    wave == 0 ? [] : try context.store.wave(wave, of: input)
  }

  /// What a wave is to be told, taken down now.
  func avoided(by wave: Int) async throws -> [String] {
    let (settings, context) = (settings, context)
    let stems = try await onThread { try Self.repeated(before: wave, settings, context) }
    try context.store.keep(wave: wave, of: input, stems: stems)
    return stems
  }

  /// Whether every clip of a wave that can be asked about has its answer.
  func isDone(_ wave: Int) throws -> Bool {
    var pages = context.pendingPages()
    while true {
      let page = try pages.next()
      guard !page.isEmpty else { return true }
      if page.contains(where: { settings.wave(of: $0.id) == wave }) { return false }
    }
  }

  /// The questions that were asked most often in the waves before one, the most frequent first.
  private static func repeated(
    before wave: Int, _ settings: WriteSettings, _ context: StageContext
  ) throws -> [String] {
    var counts: [String: Int] = [:]
    var last = ""
    while true {
      let answers = try context.store.answers(from: last, limit: 256)
      guard let end = answers.last else { break }
      last = end.clip
      for answer in answers where settings.wave(of: answer.clip) < wave {
        guard let chat = try? ChatReply(parsing: answer.body) else { continue }
        for question in ReplyReader.read(chat).questions { counts[question.stem, default: 0] += 1 }
      }
    }
    let often = counts.filter { $0.value >= fewestRepeats }
    return often.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(mostAvoided).map(\.key)
  }
}

extension ReplyReader {
  /// Reads the questions of a completion.
  static func read(_ chat: ChatReply) -> ReadReply {
    read(chat.answer, finishReason: chat.finishReason, refusal: chat.refusal)
  }
}
