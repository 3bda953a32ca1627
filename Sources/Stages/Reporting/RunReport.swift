import Dataset
import Foundation
public import Reports
public import Store

/// What came of a run, as one page: what came in, what was left out and why, what the set is like, what it cost, and
/// everything that it depends on.
public struct RunReport {
  let store: RunStore
  let name: String
  let status: RunStatus
  let stages: [StageRecord]
  let statistics: ExportStatistics
  let sounds: ExampleSounds

  /// Reads the whole set once. `audio` is where the run's audio is now, if not where its last scan found it; without
  /// audio, the page plays nothing.
  public init(_ store: RunStore, name: String, audio: String? = nil) throws {
    self.store = store
    self.name = name
    status = try store.status()
    stages = try store.stages().sorted { $0.position < $1.position }
    statistics = try Self.count(store)
    sounds = ExampleSounds(root: try? AudioRoot(store, movedTo: audio))
  }

  private static func count(_ store: RunStore) throws -> ExportStatistics {
    let provenance = try RunProvenance(store)
    var statistics = ExportStatistics(parts: Split.allCases.map(\.rawValue))
    for split in Split.allCases.map(\.rawValue) {
      var counted = ClipTally()
      try ExportSelection(store, part: ExportPart(split: split), options: ExportOptions()).eachItem { item in
        statistics.count(provenance.exported(item.question, item.row, split: split, audioPath: ""), in: split)
        if counted.isNew(item.clipNumber) { statistics.count(item.row.clip, in: split) }
      }
    }
    return statistics
  }

  /// `program` is the version of Earshot.
  public func page(program: String) throws -> Page {
    let usage = status.usage
    let summary =
      "\(counted(status.accepted, "question")) on \(counted(statistics.clips.values.reduce(0, +), "clip")), of "
      + "\(counted(status.questions, "question")) that were written and \(counted(status.clips, "clip")) that came in."
    let sections = [
      Page.Section("At a glance", [.figures(try figures())]), incoming, try leftOut(), try questions(),
      try comparisons(),
      Page.Section("What it took", [.table(cost(usage))]), manifest,
    ]
    return Page(name, summary: summary, sections: sections.compactMap { $0 }, footer: ["Earshot \(program)"])
  }

  private func figures() throws -> KeyFigures {
    let accepted = Double(status.accepted)
    var figures = [
      KeyFigures.Figure("Questions", .number(decimals: 0), Estimate(accepted)),
      KeyFigures.Figure("Clips", .number(decimals: 0), Estimate(Double(status.clips))),
      KeyFigures.Figure("Audio", .seconds, Estimate(status.seconds)),
      KeyFigures.Figure(
        "Kept", .percent, Estimate(accepted / Double(max(1, status.questions))), note: "of the questions written"),
    ]
    if let usd = try store.cost() { figures.append(KeyFigures.Figure("Cost", .money("$"), Estimate(usd))) }
    return KeyFigures(figures)
  }

  private func cost(_ usage: RunStatus.Usage) -> ReportTable {
    let counts = [
      ("Requests answered", usage.answered), ("failed", usage.failed), ("in flight or cut off", usage.inFlight),
      ("Tokens in", usage.promptTokens), ("Tokens out", usage.completionTokens),
    ]
    return ReportTable(
      "Requests to endpoints", columns: [.init(""), .init("count", .number(decimals: 0))],
      rows: counts.map { .init([.text($0.0), .number(Estimate(Double($0.1)))]) })
  }

  private var manifest: Page.Section {
    let rows = RunCard.settings(stages).map { ReportTable.Row($0.map { .text($0) }) }
    return Page.Section(
      "How to make it again",
      [
        .text("Everything that the set depends on besides the clips. The same settings give the same set."),
        .table(ReportTable("", columns: [.init("stage"), .init("setting"), .init("value")], rows: rows)),
      ])
  }
}
