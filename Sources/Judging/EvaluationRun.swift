public import Dataset
public import Evaluation
import Foundation

/// Asks the items of a test set, and keeps what came of it in a folder.
///
/// A run that was stopped goes on where it was; done again, every file but `costs.json` is the same to the byte.
public struct EvaluationRun: Sendable {
  /// What is asked, and how the answers are read.
  public struct Settings: Sendable {
    public var hearing: Hearing
    /// In how many orders the choices are shown; see ``ChoiceOrder/orders(_:choices:id:)``.
    public var orders: Int
    /// The seed of noise and of exchanged sounds.
    public var seed: UInt64
    public var extraction: Answered.Extraction
    /// Whether items that cannot be heard count as answered wrong; else they are left out of the scores, and named.
    public var countsUnheard: Bool
    public var table: ScoreTable.Settings

    public init(
      hearing: Hearing = .audio, orders: Int = 1, seed: UInt64 = 0, extraction: Answered.Extraction = .whole,
      countsUnheard: Bool = false, table: ScoreTable.Settings = ScoreTable.Settings()
    ) {
      self.hearing = hearing
      self.orders = orders
      self.seed = seed
      self.extraction = extraction
      self.countsUnheard = countsUnheard
      self.table = table
    }
  }

  /// Items, what is heard with each, and where they are from.
  public struct Questions: Sendable {
    public var items: [BenchmarkItem]
    public var sounds: ItemSounds
    public var data: Manifest.DataSet

    public init(items: [BenchmarkItem], sounds: ItemSounds, data: Manifest.DataSet) {
      precondition(items.count == sounds.heard.count, "what is heard is known of each item")
      self.items = items
      self.sounds = sounds
      self.data = data
    }
  }

  /// Hears how many answers there are, of how many.
  public typealias Listener = @Sendable (_ done: Int, _ total: Int) -> Void

  let questions: Questions
  private let settings: Settings
  private let answerer: any Answerer
  let judge: EndpointJudge?
  private let folder: ResultFolder
  private let manifest: Manifest

  /// `program` is the version of the program. `judge` marks the answers to open questions.
  public init(
    _ questions: Questions, settings: Settings, answerer: any Answerer, judge: EndpointJudge? = nil,
    folder: ResultFolder, program: String
  ) {
    let judge = questions.items.contains { $0.kind == .openChat } ? judge : nil
    let judging = (judge?.identity ?? [:]).map { ("judge-" + $0.key, $0.value) }
    self.questions = questions
    self.settings = settings
    self.answerer = answerer
    self.judge = judge
    self.folder = folder
    manifest = Manifest(
      program: program, answerer: answerer.identity.merging(judging) { $1 }, data: questions.data,
      hearing: settings.hearing.rawValue,
      orders: settings.orders, extraction: settings.extraction.rawValue,
      unheard: settings.countsUnheard ? "wrong" : "left-out", seed: settings.seed)
  }

  /// What becomes of a result that is in the folder already.
  public enum Earlier: Sendable {
    /// One of the same settings is gone on with; another is refused.
    case refuse
    /// It is set aside under another name, whatever it is of.
    case setAside
    /// One of the same settings is gone on with; another is set aside.
    case setAsideIfOther
  }

  /// Asks what has no answer yet, and writes the result. Does nothing in a folder that holds the whole result.
  public func run(earlier: Earlier = .refuse, tell: @escaping Listener = { _, _ in }) async throws -> EvaluationResult {
    try folder.prepare(manifest, earlier: earlier)
    if folder.isComplete { return try result(try folder.lines(), wasComplete: true) }
    let log = try AnswerLog(folder: folder.path)
    // Another process may have finished it before the lock was ours.
    if folder.isComplete { return try result(try folder.lines(), wasComplete: true) }
    let replies = try await replies(log, tell)
    let result = try result(try await judged(lines(replies), log), wasComplete: false)
    try write(result, log)
    return result
  }

  private func replies(_ log: AnswerLog, _ tell: @escaping Listener) async throws -> Replies {
    let asks = asks
    // Sounds that could not be read may have been put right.
    let known = Dictionary(
      log.earlier.filter { !$0.reply.isUnheard && $0.verdict == nil }.map {
        (AskKey(id: $0.id, order: $0.order), $0.reply)
      },
      uniquingKeysWith: { first, _ in first })
    let replies = Replies(asks.compactMap { ask in known[AskKey(ask)].map { (AskKey(ask), $0) } })
    let open = asks.filter { known[AskKey($0)] == nil }
    tell(asks.count - open.count, asks.count)
    guard !open.isEmpty else { return replies }
    try await answerer.answer(open) { place, reply in
      try log.append(open[place], reply)
      tell(replies.add(reply, for: AskKey(open[place])), asks.count)
    }
    return replies
  }

  /// The orders of an item follow each other, so that a model may encode its sound once.
  private var asks: [Ask] {
    zip(questions.items, questions.sounds.heard).flatMap { item, heard in
      switch heard {
      case .missing: [Ask]()
      case .heard(let sound, let captions):
        orders(of: item).map { Ask(item: item, order: $0, sound: sound, captions: captions) }
      }
    }
  }

  private func orders(of item: BenchmarkItem) -> [ChoiceOrder] {
    guard item.kind == .choice else { return [ChoiceOrder(choices: item.choices.count)] }
    return ChoiceOrder.orders(settings.orders, choices: item.choices.count, id: item.id)
  }

  private func lines(_ replies: Replies) -> [AnswerLine] {
    zip(questions.items, questions.sounds.heard).map { item, heard in
      if case .missing(let reason) = heard { return AnswerLine(item, unasked: reason) }
      let answers = orders(of: item).map { order in
        let reply = replies[AskKey(id: item.id, order: order.places)]
        return (order: order, reply: reply ?? Reply(output: nil, problem: "No answer came."))
      }
      return AnswerLine(item, answers, settings.extraction)
    }
  }

  private func result(_ lines: [AnswerLine], wasComplete: Bool) throws -> EvaluationResult {
    try EvaluationResult(
      questions.items, lines, settings: settings, manifest: manifest, folder: folder, wasComplete: wasComplete)
  }

  private func write(_ result: EvaluationResult, _ log: AnswerLog) throws {
    try folder.write(ResultJSON.text(Costs(log.lines())), to: "costs.json")
    try folder.write(result.scored, title: "\(manifest.data.file), hearing: \(manifest.hearing)")
    try? FileManager.default.removeItem(atPath: folder.file("answers.part.jsonl"))
  }
}
