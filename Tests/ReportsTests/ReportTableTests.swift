import Foundation
import Testing

@testable import Reports

@Suite struct ReportTableTests {
  private let table = ReportTable(
    "Scores",
    columns: [
      .init("Arm"), .init("Overall", .percent, best: .highest), .init("Loss", .number(decimals: 2), best: .lowest),
    ],
    rows: [
      .init([.text("base"), .number(Estimate(0.3125, low: 0.25, high: 0.375)), .number(1.5)]),
      .init([.text("sft"), .number(Estimate(0.61234567, low: 0.58, high: 0.643)), .number(Estimate(.nan))]),
      .init([.text("grpo"), .missing, .number(0.25)]),
      .init([.text("chance"), .number(0.9)], isReference: true),
    ], notes: ["400 items."])

  @Test func markdownIsAlignedRoundedAndHasTheBestBold() {
    #expect(
      table.markdown() == """
        **Scores**

        | Arm    |          Overall (%) |     Loss |
        | ------ | -------------------: | -------: |
        | base   |     31.2 (25.0-37.5) |     1.50 |
        | sft    | **61.2 (58.0-64.3)** |        – |
        | grpo   |                    – | **0.25** |
        | chance |                 90.0 |        – |

        - 400 items.

        """)
  }

  @Test func csvHasTheExactNumbersAndTheIntervals() {
    #expect(
      table.csv() == """
        Arm,Overall,Overall low,Overall high,Loss
        base,0.3125,0.25,0.375,1.5
        sft,0.61234567,0.58,0.643,
        grpo,,,,0.25
        chance,0.9,,,

        """)
  }

  @Test func htmlHasTheRoundedAndTheExactNumbers() {
    let html = table.html().source
    let cell = """
      <td class="n" data-value="0.61234567" data-low="0.58" data-high="0.643"><strong>61.2</strong> <small>(58.0-64.3)\
      </small></td>
      """
    #expect(html.contains(cell))
    #expect(html.contains("<tr class=\"reference\">"))
    #expect(html.components(separatedBy: "<strong>").count == 3)
  }

  @Test func baselinesAreNeverTheBestAndEqualsAreAllOfThem() {
    #expect(table.bestValues() == [nil, 0.61234567, 0.25])
    let even = ReportTable(
      "", columns: [.init("n", .percent, best: .highest)],
      rows: [.init([.number(0.5)]), .init([.number(0.5)]), .init([.number(0.4)])])
    #expect(even.html().source.components(separatedBy: "<strong>").count == 3)
  }

  @Test func oneRowAloneIsNotTheBest() {
    let one = ReportTable("", columns: [.init("n", .percent, best: .highest)], rows: [.init([.number(0.5)])])
    #expect(one.bestValues() == [nil])
  }

  @Test(arguments: [
    ("a|b", "a\\|b"), ("two\nlines", "two<br>lines"), ("two\r\nlines", "two<br>lines"), ("<b>", "\\<b\\>"),
    ("*not bold*", "\\*not bold\\*"), ("snake_case", "snake_case"), ("_init_", "\\_init\\_"), ("a\\|b", "a\\\\\\|b"),
    ("=1+1", "=1+1"), ("- item", "\\- item"), ("-1.5", "-1.5"), ("[x](y)", "\\[x\\](y)"), ("nul\u{0}", "nul\u{FFFD}"),
    ("\u{202E}drow", "drow"), (" padded ", "padded"),
  ])
  func markdownShowsTextsAsTheyAre(text: String, escaped: String) {
    #expect(ReportTable.escaped(text) == escaped)
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("two\nlines", "\"two\nlines\""),
    ("two\r\nlines", "\"two\nlines\""), ("=SUM(A1)", "'=SUM(A1)"), ("@x", "'@x"), ("- x", "'- x"), ("-1.5", "-1.5"),
    ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("a|b", "a|b"),
  ])
  func csvFieldsAreQuotedAndNeverFormulas(text: String, field: String) {
    #expect(ReportTable.field(text) == field)
  }

  @Test func tablesWithoutRowsHaveTheirHeadings() {
    let none = ReportTable("Zero items", columns: [.init("Arm"), .init("n", .percent)], rows: [])
    #expect(none.markdown() == "**Zero items**\n\n| Arm  | n (%) |\n| ---- | ----: |\n")
    #expect(none.csv() == "Arm,n,n low,n high\n")
    #expect(none.html().source.contains("No rows."))
  }
}
