import Dataset
import Foundation
import Reports
import Store

extension RunReport {
  private static let examples = 3

  /// Every reason with its count, and examples of each that can be heard.
  func leftOut() throws -> Page.Section {
    let rejections = status.rejections.sorted { ($1.count, $0.code) < ($0.count, $1.code) }
    guard !rejections.isEmpty else { return Page.Section("What was left out", [.text("Nothing.")]) }
    let rows = rejections.map { rejection in
      ReportTable.Row([
        .text(rejection.code), .text(rejection.stage), .number(Estimate(Double(rejection.count))),
        .text(ReasonCode(rawValue: rejection.code)?.summary ?? ""),
      ])
    }
    let table = ReportTable(
      "", columns: [.init("reason"), .init("stage"), .init("count", .number(decimals: 0)), .init("meaning")], rows: rows
    )
    let samples = try rejections.map { rejection in
      let found = try store.rejectedExamples(stage: rejection.stage, code: rejection.code, limit: Self.examples)
      return Samples("\(rejection.code), by \(rejection.stage)", try found.map(sample))
    }
    return Page.Section("What was left out", [.table(table)] + samples.map { .samples($0) })
  }

  private func sample(_ example: RejectedExample) throws -> Samples.Sample {
    var lines: [String] = []
    if let stem = example.stem {
      lines.append(stem)
      let wrong = (example.distractors.flatMap { try? JSONDecoder().decode([String].self, from: Data($0.utf8)) }) ?? []
      lines.append(([example.correct.map { "\($0) (right)" }].compactMap { $0 } + wrong).joined(separator: " / "))
    } else {
      lines.append(example.path ?? example.clip ?? "")
    }
    if let detail = example.detail, !detail.isEmpty { lines.append(detail) }
    let clip = try example.clip.flatMap { try store.clips([$0]).first }
    if let clip, example.stem != nil { lines.append("clip \(clip.id), \(clip.path)") }
    return Samples.Sample(lines, sound: clip.flatMap(sounds.sound))
  }

  /// Repeats, and what of test sets was found.
  func comparisons() throws -> Page.Section? {
    var blocks: [Page.Block] = []
    let repeats = try store.duplicateCounts()
    if !repeats.isEmpty {
      blocks.append(
        .table(
          ReportTable(
            "Repeats",
            columns: [
              .init("kind"), .init("groups", .number(decimals: 0)), .init("questions dropped", .number(decimals: 0)),
            ],
            rows: repeats.map { .init([.text($0.kind), Self.number($0.clusters), Self.number($0.losers)]) })))
    }
    let isCompared = stages.first { $0.name == "contamination" }.map { !RunCard.testSets($0.parts).isEmpty } ?? false
    let matches = try store.contaminationCounts()
    if matches.isEmpty {
      blocks.append(
        .text(isCompared ? "Nothing of the test sets was found." : "The set was not compared with test sets."))
    } else {
      blocks.append(
        .table(
          ReportTable(
            "Matches with test sets",
            columns: [
              .init("test set"), .init("by"), .init("questions", .number(decimals: 0)),
              .init("its items", .number(decimals: 0)),
            ],
            rows: matches.map {
              .init([.text($0.file), .text($0.kind), Self.number($0.questions), Self.number($0.items)])
            })))
    }
    return Page.Section("Repeats and test sets", blocks)
  }

  private static func number(_ count: Int) -> ReportTable.Cell { .number(Estimate(Double(count))) }
}
