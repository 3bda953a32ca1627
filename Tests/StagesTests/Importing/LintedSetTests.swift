import Dataset
import Testing

@testable import Stages
@testable import Store

/// Whatever format a set is in, the linter finds its questions in it.
@Suite struct LintedSetTests {
  @Test(arguments: ExportFormat.allCases) func aSetIsTheSameInEveryFormat(format: ExportFormat) async throws {
    let place = try ImportPlace()
    let set = try place.fullSet()
    let store = try await place.importing([set], into: "run")
    let out = try await place.export(store, format, to: "out")

    var (own, other) = (Linter(LintSettings()), Linter(LintSettings()))
    try own.add(setAt: set)
    try other.add(setAt: out)

    let (expected, found) = (own.report(file: "set"), other.report(file: "set"))
    #expect(found.items == 32 && expected.items == 32)
    #expect(
      found.withErrors == expected.withErrors && found.withWarnings == expected.withWarnings
        && found.positions == expected.positions && found.refused == 0)
  }

  @Test func aFolderWithoutRowsIsNoSet() throws {
    let place = try ImportPlace()
    var linter = Linter(LintSettings())
    #expect(throws: DatasetError.self) { try linter.add(setAt: place.path + "/nothing") }
  }
}
