import Foundation
import Testing

@testable import Reports

/// The folder of the worked examples; it stays where `EARSHOT_REPORT_EXAMPLES` names one, to be looked at.
private func withFolder(_ body: (String) throws -> Void) throws {
  if let kept = ProcessInfo.processInfo.environment["EARSHOT_REPORT_EXAMPLES"] { return try body(kept) }
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}

@Test func theExperimentsPageAndItsTablesAreWritten() throws {
  try withFolder { folder in
    let tables = [
      ReportFolder.NamedTable("scores", ExamplePage.scores), .init("curves", ExamplePage.curves.table),
      .init("costs", ExamplePage.costs.table),
    ]

    let paths = try ReportFolder.write(ExamplePage.page, tables: tables, to: folder + "/experiment")

    let names = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
    #expect(names == ["scores.csv", "scores.md", "curves.csv", "curves.md", "costs.csv", "costs.md", "report.html"])
    let page = try String(contentsOfFile: folder + "/experiment/report.html", encoding: .utf8)
    #expect(page == ExamplePage.page.html())
    let csv = try String(contentsOfFile: folder + "/experiment/scores.csv", encoding: .utf8)
    #expect(csv == ExamplePage.scores.csv())
    try ReportFolder.write(HardPage.page, tables: [.init("texts", HardPage.texts)], to: folder + "/hard")
  }
}
