import Testing

@testable import Store

@Suite struct ColumnTests {
  @Test func listsOfTextsComeBack() throws {
    let texts = [
      "", "a", "[", "]", ",", "a,b", "\"", "\\", "\",\"", "[\"a\"]", "Geräusch – 音", "a/b", "\n", "\u{1}", " ",
    ]

    #expect(try Column.strings(Column.text([String]())) == [])
    for text in texts { #expect(try Column.strings(Column.text([text])) == [text]) }
    for one in texts {
      for other in texts { #expect(try Column.strings(Column.text([one, other, one])) == [one, other, one]) }
    }
  }

  @Test(arguments: ["", "[", "[\"a\"", "{\"a\":\"b\"}", "[1]"]) func whatIsNoListOfTextsIsRefused(text: String) {
    #expect(throws: (any Error).self) { try Column.strings(text) }
  }
}
