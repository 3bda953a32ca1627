public import Audio
import Dataset
import Foundation
import Models

/// The sets of a phase.
public struct PhaseData: Sendable {
  public var train: TrainingSet
  /// Nil where nothing is held out.
  public var dev: TrainingSet?
  public var test: TrainingSet?
  /// Whether the dev rows are a part of the training files'.
  public internal(set) var devIsShare = false
  /// What was left out and why, a sentence each.
  public var notes: [String]

  /// Reads the files of a phase. Throws where a file cannot be read, no row can be used, or a sound is in two parts.
  public init(_ settings: DataSettings, composer: ExampleComposer, use: ExampleUse, phase: String) throws {
    if composer.form.describes && composer.prompt.showsQuestion {
      throw TrainingDataError.promptShowsQuestion(prompt: settings.prompt, form: composer.form.rawValue)
    }
    let settings = try settings.withFiles()
    var notes: [String] = []
    var train = try Self.read(settings.train, settings, &notes)
    let isWanted = { (row: ImportedQuestion) in settings.tasks.isEmpty || settings.tasks.contains(row.task) }
    let known = Set(train.map(\.task))
    train = train.filter(isWanted)
    guard !train.isEmpty || known.isEmpty else {
      throw TrainingDataError.noTasks(phase: phase, settings.tasks, known: known.sorted())
    }
    if let wanted = settings.audioContribution {
      train = try Self.rows(train, contributing: wanted, phase: phase, &notes)
    }
    if let limit = settings.limit, limit < train.count { train.removeLast(train.count - limit) }
    var dev = try Self.read(settings.dev ?? [], settings, &notes).filter(isWanted)
    let test = try Self.read(settings.test ?? [], settings, &notes).filter(isWanted)
    if dev.isEmpty, settings.devShare > 0 {
      (train, dev) = try HeldOutPart.split(train, share: settings.devShare)
      devIsShare = true
    }
    func set(_ rows: [ImportedQuestion], _ part: String, _ notes: inout [String]) throws -> TrainingSet {
      let set = try TrainingSet(rows, composer: composer, use: use)
      notes += set.leftOut.map { "\(part): \($0.count) of \(rows.count) rows are left out: \($0.reason)." }
      return set
    }
    self.train = try set(train, "train", &notes)
    let devSet = try set(dev, "dev", &notes)
    let testSet = try set(test, "test", &notes)
    self.dev = devSet.count > 0 ? devSet : nil
    self.test = testSet.count > 0 ? testSet : nil
    self.notes = notes
    guard self.train.count > 0 else {
      let reason = self.train.leftOut.max { $0.count < $1.count }?.reason ?? "there are none"
      throw TrainingDataError.nothingUsable(files: settings.train, phase: phase, reason: reason)
    }
    self = try HeldOutCheck.separated([self], phases: [phase])[0]
  }

  /// All sounds that the phase hears.
  public var sounds: [AudioReference] { train.sounds + (dev?.sounds ?? []) + (test?.sounds ?? []) }

  /// Refuses what the phase asks of its rows in vain, and notes what it asks of some in vain.
  public mutating func fit(_ phase: TrainingPhase) throws(TrainingDataError) {
    if phase.watch.evaluateEvery > 0, dev == nil {
      notes.append(
        "\(phase.name): nothing is held out, so 'evaluate_every' has no questions to ask. Give data.dev or "
          + "data.dev_share.")
    }
    guard case .grpo(let settings) = phase.method, settings.curriculum != nil else { return }
    let unknown = train.questions.count { $0.passRate == nil }
    if unknown == train.count { throw .noPassRates(phase: phase.name) }
    if unknown > 0 {
      notes.append("\(phase.name): \(unknown) of \(train.count) rows have no pass_rate, and come last in each epoch.")
    }
  }

  private static func rows(
    _ rows: [ImportedQuestion], contributing wanted: AudioContribution, phase: String, _ notes: inout [String]
  ) throws(TrainingDataError) -> [ImportedQuestion] {
    let unknown = rows.count { $0.audioContribution == nil }
    guard unknown < rows.count else { throw .noAudioContributions(phase: phase) }
    if unknown > 0 {
      notes.append("\(phase): \(unknown) of \(rows.count) rows have no audio-contribution, and are left out.")
    }
    return rows.filter { $0.audioContribution == wanted }
  }

  private static func read(
    _ paths: [String], _ settings: DataSettings, _ notes: inout [String]
  ) throws -> [ImportedQuestion] {
    var questions: [ImportedQuestion] = []
    for path in paths {
      guard FileManager.default.fileExists(atPath: path) else { throw TrainingDataError.noFile(path) }
      let file = try QuestionFile.read(path: path, format: settings.format, audioFolder: settings.audioFolder)
      questions += file.questions
      if let first = file.refused.first {
        let count = file.refused.count
        notes.append(
          "\(path):\(first.line): \(first.reason)" + (count > 1 ? "; \(count) rows of the file are refused." : "."))
      }
    }
    return questions
  }
}

extension DataSettings {
  /// The same with the files of its set named.
  public func withFiles() throws(TrainingDataError) -> DataSettings {
    guard let set else { return self }
    let size = { (path: String) in
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
    let places = [set, set + "/export/jsonl"]
    guard let place = places.first(where: { size($0 + "/train.jsonl") > 0 }) else {
      let empty = places.map { $0 + "/train.jsonl" }.first { FileManager.default.fileExists(atPath: $0) }
      if let empty { throw .emptySet(empty) }
      throw .noSet(set)
    }
    // A set may leave a part empty.
    let part = { (name: String) in ["\(place)/\(name).jsonl"].filter { size($0) > 0 } }
    var named = self
    if named.train.isEmpty { named.train = part("train") }
    named.dev = named.dev ?? part("dev")
    named.test = named.test ?? part("test")
    return named
  }
}
