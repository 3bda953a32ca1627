import Dataset
import Foundation
import Reports
import Store

extension RunReport {
  private static let mostBars = 20

  var incoming: Page.Section {
    let counts = [
      ("Files", status.sources), ("rejected", status.rejectedSources), ("Clips", status.clips),
      ("without a caption", status.clipsWithoutWords), ("with answers", status.answers),
      ("whose answer held no question", status.answersWithoutQuestions), ("Questions written", status.questions),
      ("in the set", status.accepted),
    ]
    var blocks: [Page.Block] = [
      .table(
        ReportTable(
          "", columns: [.init(""), .init("count", .number(decimals: 0))],
          rows: counts.map { .init([.text($0.0), .number(Estimate(Double($0.1)))]) }))
    ]
    if !statistics.lengths.isEmpty {
      blocks.append(.bars(bars("Length of clips", "clips", Self.lengths(statistics.lengths))))
    }
    if !statistics.labels.isEmpty {
      blocks.append(.bars(bars("Labels of clips", "clips", named(statistics.labels))))
    }
    if !statistics.licences.isEmpty {
      blocks.append(.bars(bars("Licences of clips", "clips", named(statistics.licences))))
    }
    return Page.Section("What came in", blocks)
  }

  func questions() throws -> Page.Section {
    let splits = Split.allCases.map { ($0.rawValue, statistics.questions[$0.rawValue] ?? 0) }
    let positions = zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", statistics.positions).map { (String($0), $1) }
    let words = statistics.stemWords.sorted { $0.key < $1.key }.map { ("\($0.key) to \($0.key + 4)", $0.value) }
    let choices = statistics.choiceCounts.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) }
    var charts = [
      bars("Splits", "questions", splits), bars("Position of the right answer", "questions", positions),
      bars("Skills", "questions", named(statistics.skills)),
      bars("Difficulty", "questions", named(statistics.difficulties)),
      bars("Words in a question", "questions", words), bars("Choices", "questions", choices),
      bars("Does the sound matter", "questions", named(statistics.contributions)),
    ]
    if statistics.writers.count > 1 { charts.append(bars("Writers", "questions", named(statistics.writers))) }
    let trust = try store.trustCounts()
    if !trust.isEmpty {
      let tenths = trust.enumerated().map { ("\(Double($0) / 10) to \(Double($0 + 1) / 10)", $1) }
      charts.append(bars("How far captions can be trusted", "clips", tenths))
    }
    var blocks = charts.filter { !$0.categories.isEmpty }.map { Page.Block.bars($0) }
    if let wording = statistics.wording.commonest { blocks.insert(.text(wording.sentence), at: 0) }
    return Page.Section("The questions", blocks)
  }

  private func named(_ table: [String: Int]) -> [(String, Int)] {
    ExportStatistics.counts(table).prefix(Self.mostBars).map { ($0.name, $0.count) }
  }

  private func bars(_ title: String, _ unit: String, _ counts: [(String, Int)]) -> BarChart {
    BarChart(
      title, .number(decimals: 0), series: [unit],
      categories: counts.map { BarChart.Category($0.0, values: [Estimate(Double($0.1))]) })
  }

  /// Clips by their length, in steps of about twice the one before.
  private static func lengths(_ lengths: [Float]) -> [(String, Int)] {
    let ends: [Float] = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300]
    var counts = Array(repeating: 0, count: ends.count + 1)
    for length in lengths { counts[ends.firstIndex { length <= $0 } ?? ends.count] += 1 }
    let names = ["up to 0.5 s"] + zip(ends, ends.dropFirst()).map { "to \(Self.plain($1)) s" } + ["longer"]
    let filled = counts.indices.filter { counts[$0] > 0 }
    guard let first = filled.first, let last = filled.last else { return [] }
    return (first...last).map { (names[$0], counts[$0]) }
  }

  private static func plain(_ value: Float) -> String { value == value.rounded() ? "\(Int(value))" : "\(value)" }
}
