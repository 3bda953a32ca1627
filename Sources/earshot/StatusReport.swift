import Dataset
import Evaluation
import Foundation
import Pipelines
import Stages
import Store
import Training

/// A run in numbers, for people and for scripts.
struct StatusReport: Encodable {
  var run: String
  var files: Int
  var clips: Int
  var seconds: Double
  var questions: Int
  var accepted: Int
  var positions: [Int]
  var splits: [String: Int]
  var stages: [StageLine]
  var rejections: [RejectionCount]
  var requests: RunStatus.Usage
  /// Batches of requests that are under way at endpoints.
  var batches: Int
  /// Requests in them, which are among those in flight.
  var batchRequests: Int
  /// US dollars at the prices of the pipeline file; nil where it gives none.
  var costUSD: Double?
  /// The sets that questions were imported from; empty where the run wrote its own.
  var sets: [ImportedSetCount]
  /// The formats that the run folder holds the set in.
  var exports: [String]
  /// Where the trained model is; nil where the run trains none, or has none yet.
  var model: String?

  init(store: RunStore, folder: RunFolder) throws {
    let status = try store.status()
    run = folder.path
    files = status.sources
    clips = status.clips
    seconds = status.seconds
    questions = status.questions
    accepted = status.accepted
    positions = status.positions
    splits = try store.splitCounts()
    rejections = status.rejections
    requests = status.usage
    (batches, batchRequests) = try store.batchesUnderWay()
    costUSD = try store.cost()
    let records = try store.stages()
    var training: [String: TrainingMark] = [:]
    for record in records { training[record.name] = try TrainingMark(of: record.name, in: store) }
    stages = StageLine.lines(status, records, setInput: try store.setInput(), training: training)
    sets = try store.importedSets()
    exports = Self.exports(in: folder)
    let trained = TrainingFolder(path: folder.training).model
    if !training.isEmpty, FileManager.default.fileExists(atPath: trained) { model = trained }
  }

  /// The names of what stands in the export folder; hidden and unfinished ones do not count.
  private static func exports(in folder: RunFolder) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.exports)) ?? []
    return names.filter { !$0.contains(".") }.sorted()
  }

  /// What a run prints at its end.
  var closing: String {
    var lines = [
      "\(run): \(Quantity.count(accepted, "questions")) on \(Quantity.count(clips, "clips")), "
        + "\(Quantity.duration(seconds)) of audio"
    ]
    if !splits.isEmpty { lines.append("  splits    " + splitText) }
    if !positions.isEmpty { lines.append("  answers   " + positionText) }
    if !rejectionText.isEmpty { lines.append("  rejected  " + rejectionText) }
    for set in sets {
      let refused = set.refused > 0 ? ", \(Quantity.count(set.refused)) not used" : ""
      let repeats = set.repeats > 0 ? ", \(Quantity.count(set.repeats)) in an earlier set or row too" : ""
      let counts = "\(Quantity.count(set.accepted)) of \(Quantity.count(set.rows, "rows"))"
      lines.append("  from      \(set.set): \(counts)" + refused + repeats)
    }
    if !exports.isEmpty { lines.append("  exports   \(run)/export") }
    if let model { lines.append("  model     \(model)") }
    return lines.joined(separator: "\n")
  }

  private var splitText: String {
    ["train", "dev", "test"].compactMap { name in splits[name].map { "\(name) \(Quantity.count($0))" } }
      .joined(separator: ", ")
  }

  private var positionText: String {
    zip("ABCDEFGH", positions).map { "\($0) \(Quantity.percent(Double($1) / Double(max(accepted, 1))))" }
      .joined(separator: ", ")
  }

  private var rejectionText: String {
    let ofQuestions = rejections.filter { !["scan", "caption", "write", "import"].contains($0.stage) }
    return ofQuestions.sorted { $0.count > $1.count }.map { "\($0.code) \(Quantity.count($0.count))" }
      .joined(separator: ", ")
  }

  /// The full table.
  var table: String {
    var counts = TextGrid(["stage", "in", "out", "rejected", "waiting", "time left", ""], numeric: [1, 2, 3, 4])
    for line in stages {
      counts.add([
        line.name, Quantity.count(line.into), Quantity.count(line.out), Quantity.count(line.rejected),
        Quantity.count(line.waiting), line.secondsLeft.map(Quantity.duration) ?? "",
        line.unit + (line.note.map { ", \($0)" } ?? ""),
      ])
    }
    var parts = [closing, counts.text]
    if !rejections.isEmpty {
      var reasons = TextGrid(["rejected by", "code", "count", "why"], numeric: [2])
      for rejection in rejections {
        reasons.add([
          rejection.stage, rejection.code, Quantity.count(rejection.count),
          ReasonCode(rawValue: rejection.code)?.summary ?? "",
        ])
      }
      parts.append(reasons.text)
    }
    parts.append(requestText)
    return parts.joined(separator: "\n\n")
  }

  private var requestText: String {
    var text =
      "requests  \(Quantity.count(requests.answered)) answered, \(Quantity.count(requests.failed)) failed, "
      + "\(Quantity.count(requests.inFlight)) in flight or cut off\n"
      + "tokens    \(Quantity.count(requests.promptTokens)) in, \(Quantity.count(requests.completionTokens)) out"
    if batches > 0 {
      text += "\nbatches   \(Quantity.count(batches)) under way, with \(Quantity.count(batchRequests)) requests"
    }
    if let costUSD { text += "\ncost      $" + String(format: "%.4f", costUSD) }
    return text
  }
}
