import Dataset
import Evaluation
import Foundation
import Judging

/// What one arm answered, the sets put together.
struct AnswerCollection {
  /// Of all sets.
  private(set) var items: [BenchmarkItem] = []
  private(set) var hearings: [ExperimentResult.Answers] = []
  /// Of answering, as the results tell.
  private(set) var seconds = 0.0

  /// `results` are those of each hearing, set by set in the order of `sets`.
  init(_ results: [EvaluationResult], _ sets: [ArmEvaluator.Asked], severalSets: Bool) throws {
    for asked in sets {
      items += asked.set.items.map { item in
        var item = item
        if severalSets { item.attributes.insert(.init("set", asked.name), at: 0) }
        return item
      }
    }
    for start in stride(from: 0, to: results.count, by: max(1, sets.count)) {
      let own = results[start..<min(start + sets.count, results.count)]
      guard let hearing = own.first.flatMap({ Hearing(rawValue: $0.manifest.hearing) }) else { continue }
      let answered = own.flatMap(\.scored.answered)
      let settings = ScoreTable.Settings(intervals: items.contains { $0.recording != nil } ? .byRecording : .byItem)
      hearings.append(
        ExperimentResult.Answers(
          hearing: hearing, answered: answered, table: ScoreTable(items, answered, settings)))
      seconds += own.reduce(0) { $0 + Self.seconds(of: $1) }
    }
  }

  private static func seconds(of result: EvaluationResult) -> Double {
    struct Costs: Decodable { var seconds: Double }
    let data = FileManager.default.contents(atPath: result.folder.path + "/costs.json")
    return data.flatMap { try? JSONDecoder().decode(Costs.self, from: $0) }?.seconds ?? 0
  }
}
