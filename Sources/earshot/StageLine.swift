import Stages
import Store

/// A stage in numbers. `into` is `out`, `rejected` and `waiting` together.
struct StageLine: Encodable {
  var name: String
  var into: Int
  var out: Int
  var rejected: Int
  /// Items without a result.
  var waiting: Int
  var unit: String
  /// What the numbers alone do not tell.
  var note: String?
  /// Seconds that the waiting ones would take at the last pass's rate, where there is one.
  var secondsLeft: Double?

  init(name: String, into: Int, rejected: Int, waiting: Int, unit: String, note: String? = nil) {
    self.name = name
    self.into = into
    self.rejected = rejected
    self.waiting = waiting
    self.unit = unit
    self.note = note
    out = into - rejected - waiting
  }

  /// The lines of all stages that ever ran. `setInput` is what a result over the set as it is now belongs to; `training`
  /// is how far the stages are that train.
  static func lines(
    _ status: RunStatus, _ records: [StageRecord], setInput: String, training: [String: TrainingMark] = [:]
  ) -> [StageLine] {
    var questions = status.questions
    var isOutdated = false
    return records.map { record in
      if var line = line(of: record, status) {
        line.secondsLeft = secondsLeft(status.waitingItems(record.name), record)
        if line.unit == "questions" { questions = line.out }
        return line
      }
      if let mark = training[record.name] {
        // Without an end it is under way, or was stopped.
        let isStale = isOutdated || (record.finished != nil && record.input != setInput)
        isOutdated = isOutdated || record.input != setInput
        return line(of: record, mark, isOutdated: isStale)
      }
      // What follows an outdated set is outdated with it.
      isOutdated = isOutdated || record.input != setInput
      if isOutdated {
        return StageLine(name: record.name, into: 1, rejected: 0, waiting: 1, unit: "set", note: "outdated")
      }
      let rejected = status.rejected(by: record.name)
      defer { questions -= rejected }
      return StageLine(name: record.name, into: questions, rejected: rejected, waiting: 0, unit: "questions")
    }
  }

  /// Of a stage that trains.
  private static func line(of record: StageRecord, _ mark: TrainingMark, isOutdated: Bool) -> StageLine {
    let waiting = isOutdated ? mark.steps : max(0, mark.steps - mark.done)
    var line = StageLine(
      name: record.name, into: mark.steps, rejected: 0, waiting: waiting, unit: "steps",
      note: isOutdated ? "outdated" : nil)
    if !isOutdated { line.secondsLeft = secondsLeft(waiting, record) }
    return line
  }

  /// Of a stage with a result for each file or clip. Each takes in what the one before put out.
  private static func line(of record: StageRecord, _ status: RunStatus) -> StageLine? {
    let name = record.name
    let waiting = status.waitingItems(name)
    switch name {
    case "scan":
      return StageLine(
        name: name, into: status.sources, rejected: status.rejectedSources, waiting: waiting, unit: "files")
    case "import":
      let rejected = status.rejected(by: name)
      return StageLine(
        name: name, into: status.questions + rejected + waiting, rejected: rejected, waiting: waiting, unit: "rows",
        note: waiting > 0 ? "sounds waiting" : nil)
    case "caption":
      return StageLine(
        name: name, into: status.clips, rejected: status.clipsWithoutWords, waiting: waiting, unit: "clips")
    case "write":
      return StageLine(
        name: name, into: status.clipsWithWords, rejected: status.answersWithoutQuestions, waiting: waiting,
        unit: "clips")
    case "check":
      return StageLine(
        name: name, into: status.questions + waiting, rejected: status.rejected(by: name), waiting: waiting,
        unit: "questions", note: waiting > 0 ? "answers waiting" : nil)
    case "dedup":
      let rejected = status.rejected(by: name)
      return StageLine(
        name: name, into: status.questions - status.rejected(by: "check"), rejected: rejected,
        waiting: status.uncomparedQuestions, unit: "questions")
    default: return nil
    }
  }

  private static func secondsLeft(_ waiting: Int, _ record: StageRecord) -> Double? {
    guard waiting > 0, record.finished == nil, record.handled > 0, let started = record.started,
      let touched = record.touched, touched > started
    else { return nil }
    return Double(waiting) * (touched - started) / Double(record.handled)
  }
}

extension RunStatus {
  /// Clips that a writer can be asked about.
  fileprivate var clipsWithWords: Int { (done["caption"] ?? 0) - clipsWithoutWords }

  fileprivate func rejected(by stage: String) -> Int {
    rejections.filter { $0.stage == stage }.reduce(0) { $0 + $1.count }
  }

  /// Files or clips that wait for a stage, of those that the one before it is done with.
  fileprivate func waitingItems(_ stage: String) -> Int {
    switch stage {
    case "scan", "import": pendingSources
    case "caption": clips - (done[stage] ?? 0)
    case "write": clipsWithWords - answers
    case "check": (done["write"] ?? 0) - (done[stage] ?? 0)
    case "dedup": (done["check"] ?? done["import"] ?? 0) - (done[stage] ?? 0)
    default: 0
    }
  }
}
