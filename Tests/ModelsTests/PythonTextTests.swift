import Foundation
import Testing

@testable import Models

@Suite struct PythonTextTests {
  private struct Case: Decodable {
    var texts: [String]
    var shown: String
  }

  // Recorded from Python 3.11 by python_repr.py beside it.
  @Test func listsReadAsPythonPrintsThem() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: tests.appendingPathComponent("Fixtures/training/python-repr.json"))
    let cases = try JSONDecoder().decode([Case].self, from: data)

    #expect(cases.count > 10)
    for recorded in cases { #expect(pythonList(recorded.texts) == recorded.shown) }
  }

  @Test func quotesAreChosenAsPythonDoes() {
    #expect(pythonList(["it's", "a\"b", "x"]) == #"["it's", 'a"b', 'x']"#)
    #expect(pythonText("both ' and \"") == #"'both \' and "'"#)
    #expect(pythonText("back\\slash") == #"'back\\slash'"#)
  }
}
