import Testing

@testable import Reports

@Suite struct LabelTextTests {
  @Test func longNamesWrapAtSpacesAndLoseNothing() {
    let lines = LabelText.lines(HardPage.longName, width: 200)
    #expect(lines.count > 1)
    #expect(lines.allSatisfy { LabelText.width($0) <= 200 })
    #expect(lines.joined(separator: " ") == HardPage.longName)
  }

  @Test func namesWithoutSpacesBreakBehindTheirSeparators() {
    #expect(
      LabelText.lines("sub_category/of_a_very_long_name", width: 100) == ["sub_category/", "of_a_very_", "long_name"])
  }

  @Test func wordsWithoutSeparatorsBreakAnywhere() {
    let lines = LabelText.lines(String(repeating: "x", count: 40), width: 100, most: 9)
    #expect(lines.joined().count == 40)
    #expect(lines.allSatisfy { LabelText.width($0) <= 100 })
  }

  @Test func whatIsTooLongIsCutWithASign() {
    let text = String(repeating: "many words ", count: 30)
    let lines = LabelText.lines(text, width: 120, most: 3)
    #expect(lines.count == 3)
    #expect(lines.last?.hasSuffix("…") == true)
    #expect(lines.allSatisfy { LabelText.width($0) <= 120 })
  }

  @Test func fullWidthLettersTakeMoreRoom() {
    #expect(LabelText.width("音声") > LabelText.width("ab"))
    #expect(LabelText.lines("", width: 50) == [""])
  }

  @Test func aCutNameIsToldInFull() {
    let name = String(repeating: "many words ", count: 30)
    let chart = BarChart("x", series: ["a"], categories: [.init(name, values: [0.5])])
    #expect(chart.html(id: "x").source.contains("<title>\(name)</title>"))
  }
}
