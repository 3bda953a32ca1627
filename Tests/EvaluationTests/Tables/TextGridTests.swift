import Dataset
import Testing

@testable import Evaluation

@Suite struct TextGridTests {
  private func grid(_ rows: [[String]]) -> TextGrid {
    var grid = TextGrid(["name", "n"], numeric: [1])
    for row in rows { grid.add(row) }
    return grid
  }

  @Test func numbersStandToTheRightAndNothingTrails() {
    #expect(grid([["a", "10"], ["long name", "5"], ["b"]]).text == "name        n\na          10\nlong name   5\nb")
  }

  @Test func columnsThatDoNotFitComeBelowBehindTheFirst() {
    var wide = TextGrid(["id", "one", "two", "three"])
    wide.add(["x", "1111", "2222", "3333"])

    #expect(wide.text(width: 16) == "id  one   two\nx   1111  2222\n\nid  three\nx   3333")
    #expect(wide.text(width: 1) == "id  one\nx   1111\n\nid  two\nx   2222\n\nid  three\nx   3333")
    #expect(wide.text(width: 200) == wide.text)
  }

  @Test func wideCharactersTakeTwoPlaces() {
    #expect(grid([["音", "1"], ["ab", "2"]]).text == "name  n\n音    1\nab    2")
  }

  @Test func controlCharactersNeverReachTheTerminal() {
    #expect(grid([["a\u{1B}[2J\nb", "1"]]).text == "name     n\na [2J b  1")
  }

  @Test func markdownIsEscaped() {
    let text = grid([["a|b\n<i>*c*", "1"]]).markdown
    #expect(text == "| name | n |\n| --- | ---: |\n| a\\|b &lt;i>\\*c\\* | 1 |\n")
  }

  @Test func cellsOfCSVAreQuotedAndNoFormula() {
    let text = grid([["a,\"b\"", "-1"], ["=1+1", "2"], ["x\ny", "3"]]).csv
    #expect(text == "name,n\n\"a,\"\"b\"\"\",-1\n'=1+1,2\n\"x\ny\",3\n")
  }

  @Test func aTableHasItsBaselinesAsRowsAndSaysWhatIsUnscored() {
    let items = ["1", "2", "3", "4"].map { id in
      BenchmarkItem(
        id: id, kind: .choice, choices: ["dog", "cat"], answer: "dog", answerIndex: 0,
        attributes: [BenchmarkItem.Attribute("task", id == "4" ? "music" : "sound")])
    }
    let answered = zip(items, ["dog", "cat", "neither", nil]).map { Answered($0, output: $1) }
    let table = ScoreTable(items, answered, ScoreTable.Settings(rules: [.strict, .mmau]))

    #expect(table.grid.rows.count == 7)
    #expect(table.grid.rows[0] == ["all", "4", "25.0 (4.6-69.9)", "25.0 (4.6-69.9)", "1", "1", "1"])
    #expect(table.grid.rows[1] == ["always first", "", "100.0", "100.0", "", "", ""])
    #expect(table.grid.rows.map { $0[0] }.suffix(2) == ["task: music", "task: sound"])
    let records = TextGrid(table.records)
    #expect(records.rows.count == 3 * (2 + 4))
    #expect(records.rows[1].prefix(9) == ["choices", "", "", "mmau", "share", "4", "4", "1", "0.25"])
    #expect(records.rows[2].prefix(9) == ["baseline", "", "", "always first", "share", "4", "", "", "1.0"])
  }

  @Test func aTableOfNothingHasNoRows() {
    #expect(ScoreTable([], []).grid.isEmpty)
    #expect(ScoreTable([], []).records.isEmpty)
  }
}
