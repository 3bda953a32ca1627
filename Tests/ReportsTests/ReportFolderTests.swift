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

@Test(arguments: ["", "../scores", "a/b", "a b", "a.csv", "ä", String(repeating: "x", count: 101)])
func tablesWithNamesThatAreNoFileNamesAreRefused(name: String) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)").path
  let table = ReportTable("", columns: [], rows: [])

  #expect(throws: ReportError.badName(name)) {
    try ReportFolder.write(ExamplePage.page, tables: [.init(name, table)], to: folder)
  }
  #expect(throws: ReportError.usedName("Scores")) {
    try ReportFolder.write(ExamplePage.page, tables: [.init("scores", table), .init("Scores", table)], to: folder)
  }
  #expect(!FileManager.default.fileExists(atPath: folder))
}

@Test func aFolderThatCannotBeMadeIsNamed() throws {
  let file = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
  try Data("x".utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }

  let error = #expect(throws: ReportError.self) {
    try ReportFolder.write(ExamplePage.page, tables: [], to: file.path + "/report")
  }
  let text = try #require(error).description
  #expect(text.hasPrefix("\(file.path)/report: cannot be written ("))
  #expect(text.hasSuffix("). Check the folder's permissions."))
}
