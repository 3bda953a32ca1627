import Dataset
import Evaluation
import Judging
import Store

/// The questions of a set as judges are asked them, and what they hear.
struct DependenceQuestions: Sendable {
  let items: [BenchmarkItem]
  /// By question: its clip.
  let clips: [String]
  private let ring: SwapRing
  private let seed: UInt64

  init(_ questions: [JudgedQuestion], recordings: [ClipRecordings], seed: UInt64) {
    self.seed = seed
    clips = questions.map(\.clip)
    items = questions.map(Self.item)
    ring = SwapRing(questions, recordings: recordings, seed: seed)
  }

  /// A question with its choices in an order that does not tell which is right.
  private static func item(_ question: JudgedQuestion) -> BenchmarkItem {
    let choices = ([question.correct] + question.distractors).map { choice in
      (hash: stableHash("earshot judged choice 1", question.id, choice), text: choice)
    }
    let texts = choices.sorted { ($0.hash, $0.text) < ($1.hash, $1.text) }.map(\.text)
    return BenchmarkItem(
      id: question.id, kind: .choice, question: question.stem, choices: texts, answer: question.correct,
      answerIndex: texts.firstIndex(of: question.correct))
  }

  /// What is asked of a judge about a question, with everything that is heard.
  func asks(_ place: Int, _ judge: JudgeSettings) -> [JudgeAsk] {
    let identity = judge.identity.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    let orders = ChoiceOrder.orders(
      items[place].choices.count, choices: items[place].choices.count, id: items[place].id)
    return judge.hears.flatMap { hearing -> [JudgeAsk] in
      let heard = heard(place, hearing)
      return orders.flatMap { order in
        (0..<judge.samples).map { sample in
          JudgeAsk(
            question: place, hearing: hearing, order: order, heard: heard, sample: sample,
            key: ContentID.make(
              domain: "earshot judge reply 1",
              identity + ["", heard?.name ?? "", "\(sample)", items[place].question] + order.shown(items[place].choices)
            ))
        }
      }
    }
  }

  private func heard(_ place: Int, _ hearing: Hearing) -> JudgeAsk.Heard? {
    switch hearing {
    case .none, .captions: nil
    case .audio: JudgeAsk.Heard(clip: clips[place], content: .recorded)
    case .silence: JudgeAsk.Heard(clip: clips[place], content: .silence)
    case .noise:
      JudgeAsk.Heard(
        clip: clips[place], content: .noise(seed: stableHash("earshot judge noise 1", "\(seed)", clips[place])))
    case .swap: JudgeAsk.Heard(clip: ring.partner(of: place) ?? "", content: .recorded)
    }
  }
}

/// One question to one judge.
struct JudgeAsk: Sendable {
  /// A sound, by the clip that it is of; no clip where there is none to hear.
  struct Heard: Sendable {
    var clip: String
    var content: Sound.Content

    /// Equal for equal sounds.
    var name: String {
      switch content {
      case .recorded: "sound \(clip)"
      case .silence: "silence \(clip)"
      case .noise(let seed): "noise \(seed) \(clip)"
      }
    }
  }

  /// Its place among the questions.
  var question: Int
  var hearing: Hearing
  var order: ChoiceOrder
  var heard: Heard?
  var sample: Int
  /// Of all that the answer depends on.
  var key: String
}

/// Which other clip is heard with a question: the next one behind the question's place on a ring of all clips that has
/// neither the recording nor the answer. A clip that comes to the set changes the partners of its neighbours alone, so
/// that other answers need not be paid for again.
private struct SwapRing: Sendable {
  private struct Clip {
    var hash: UInt64
    var id: String
    var recordings: Set<String>
    var labels: Set<String>
  }

  private let ring: [Clip]
  private let byID: [String: Int]
  private let questions: [JudgedQuestion]
  private let seed: String
  /// A set in which this many clips in a row have the answer may be swapped with one of them.
  private static let mostSteps = 256

  init(_ questions: [JudgedQuestion], recordings: [ClipRecordings], seed: UInt64) {
    self.questions = questions
    self.seed = "\(seed)"
    let names = Dictionary(recordings.map { ($0.clip, $0.recordings) }, uniquingKeysWith: +)
    var labels: [String: Set<String>] = [:]
    for question in questions { labels[question.clip, default: []].formUnion(question.labels.map { $0.lowercased() }) }
    ring = labels.map { id, labels in
      Clip(
        hash: stableHash("earshot judge swap 1", "\(seed)", id), id: id, recordings: Set(names[id] ?? []),
        labels: labels)
    }.sorted { ($0.hash, $0.id) < ($1.hash, $1.id) }
    byID = Dictionary(ring.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Nil where all clips are of one recording.
  func partner(of place: Int) -> String? {
    let question = questions[place]
    guard let own = byID[question.clip] else { return nil }
    let start = firstPlace(atLeast: stableHash("earshot judge swap 1", seed, question.id))
    var fallback: String?
    for step in 0..<ring.count {
      let other = ring[(start + step) % ring.count]
      guard other.id != question.clip, other.recordings.isDisjoint(with: ring[own].recordings) else { continue }
      if !other.labels.contains(question.correct.lowercased()) { return other.id }
      fallback = fallback ?? other.id
      if step >= Self.mostSteps { break }
    }
    return fallback
  }

  private func firstPlace(atLeast hash: UInt64) -> Int {
    var (low, high) = (0, ring.count)
    while low < high {
      let middle = (low + high) / 2
      if ring[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
