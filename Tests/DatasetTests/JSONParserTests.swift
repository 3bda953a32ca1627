import Testing

@testable import Dataset

// The reference is RFC 8259.
@Suite struct JSONParserTests {
  private func parse(_ text: String, lenient: Bool = false) -> JSONValue? {
    try? JSONParser.parse(Array(text.utf8), lenient: lenient)
  }

  @Test func valuesAreReadAsWritten() {
    #expect(
      parse(#" {"a": [1, -2.5e+3, true, false, null], "b": {"c": ""}, "a": "x"} "#)
        == .object([
          JSONMember(name: "a", value: .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null])),
          JSONMember(name: "b", value: .object([JSONMember(name: "c", value: .string(""))])),
          JSONMember(name: "a", value: .string("x")),
        ]))
    #expect(parse(#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é""#) == .string("\"\\/\u{8}\u{C}\n\r\té😀é"))
    #expect(parse(#""\ud83dx""#) == .string("\u{FFFD}x"))
  }

  @Test(arguments: [
    "", "[", "]", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "01", "1.", ".5", "+1", "-", "1e", "tru", "nul", "'a'",
    "\"a",
    "\"\\x\"", "\"\\u12\"", "\"\t\"", "[1 2]", "1 2", "{\"a\":1 \"b\":2}", "NaN", "[1]]",
  ])
  func whatIsNotJSONIsRefused(text: String) {
    #expect(parse(text) == nil)
  }

  @Test func bytesThatAreNotUTF8AreRefused() {
    #expect(throws: JSONProblem.notUTF8(offset: 1)) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: JSONProblem.notUTF8(offset: 1)) { try JSONParser.parse([0x22, 0xC3, 0x5C, 0x6E, 0x22]) }
  }

  @Test func aTextThatEndsTooEarlyIsToldFromAWrongOne() {
    for text in ["[1, 2", "{\"a\": \"x", "{\"a\"", "[tr", "-", "\"\\u00"] {
      #expect(throws: JSONProblem.ended) { try JSONParser.parse(Array(text.utf8)) }
    }
    #expect(throws: JSONProblem.unexpected(offset: 3)) { try JSONParser.parse(Array("[1 2".utf8)) }
  }

  @Test func nestingEndsAtSixtyFour() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }

    #expect(parse(nested(64)) != nil)
    #expect(parse(nested(65)) == nil)
  }

  @Test func leniencyIsForCommasAndRawLineBreaks() {
    #expect(parse("[1,]", lenient: true) == .array([.number("1")]))
    #expect(parse("{\"a\":\"x\ny\",}", lenient: true) == .object([JSONMember(name: "a", value: .string("x\ny"))]))
    #expect(parse("[,]", lenient: true) == nil)
  }

  @Test func everyStringWrittenIsReadBack() {
    let text = "a\"\\/\n\r\t\u{0}\u{1F}\u{7F}\u{85}\u{2028}é😀<audio>"

    let json = JSONText.string(text)

    #expect(parse(json) == .string(text))
    #expect(!json.unicodeScalars.contains { $0.properties.generalCategory == .control || $0 == "\u{2028}" })
  }
}
