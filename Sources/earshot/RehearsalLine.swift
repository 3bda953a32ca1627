import Evaluation
import Pipelines

/// What one stage would do, in words.
struct RehearsalLine: Encodable {
  var stage: String
  var count: Int
  var unit: String
  /// The parts of the stage that changed since it last ran.
  var changed: [String]
  /// The earlier stages whose new results this one takes up.
  var follows: [String]
  var text: String

  init(_ rehearsal: Rehearsal) {
    stage = rehearsal.stage
    count = rehearsal.forecast.count
    unit = rehearsal.forecast.unit
    changed = rehearsal.changes.map(\.name)
    follows = rehearsal.follows
    text = Self.text(rehearsal)
  }

  static func text(_ rehearsals: [Rehearsal]) -> String {
    var table = TextGrid(["stage", "would do"])
    for rehearsal in rehearsals { table.add([rehearsal.stage, text(rehearsal)]) }
    return table.text
  }

  private static func text(_ rehearsal: Rehearsal) -> String {
    let count = Quantity.count(rehearsal.forecast.count, rehearsal.forecast.unit)
    let work = rehearsal.forecast.text ?? (rehearsal.scope == .set ? "the whole set" : count)
    if !rehearsal.changes.isEmpty {
      return rehearsal.changes.map { describe($0) }.joined(separator: "; ") + ": " + work
    }
    let after = rehearsal.follows.isEmpty ? "" : "what follows from \(rehearsal.follows.joined(separator: ", "))"
    if rehearsal.isNew {
      if let own = rehearsal.forecast.text { return "first time: " + own + (after.isEmpty ? "" : ", and \(after)") }
      if rehearsal.scope == .sources { return "first time: \(count)" }
      return "first time: " + (rehearsal.forecast.count > 0 && rehearsal.scope != .set ? "\(count) and " : "")
        + (after.isEmpty ? "the whole set" : after)
    }
    if rehearsal.forecast.count > 0 { return after.isEmpty ? work : "\(work), and \(after)" }
    return after.isEmpty ? "nothing, up to date" : after
  }

  /// "prompt avqa-gpt.md changed"; short values are shown, digests are not.
  private static func describe(_ change: PartChange) -> String {
    switch (change.before, change.after) {
    case (let before?, let after?) where max(before.count, after.count) <= 40:
      "\(change.name) changed from \(before) to \(after)"
    case (nil, _?): "\(change.name) is new"
    case (_?, nil): "\(change.name) is gone"
    default: "\(change.name) changed"
    }
  }
}
