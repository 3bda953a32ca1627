import Dataset
import Testing

@testable import Training

@Suite struct HeldOutPartTests {
  @Test func rowsThatShareASoundStayTogether() throws {
    var rows: [ImportedQuestion] = []
    for clip in 0..<300 {
      for number in 0..<4 {
        var question = row("\(clip)-\(number)", audio: number.isMultiple(of: 2) ? "\(clip).wav" : "copy/\(clip).wav")
        question.groups = ["clip \(clip)"] + (number == 3 ? ["recording \(clip / 3)"] : [])
        rows.append(question)
      }
    }

    let (train, dev) = try HeldOutPart.split(rows, share: 0.2)

    #expect(train.count + dev.count == rows.count)
    let recordings = { (rows: [ImportedQuestion]) in Set(rows.map { Int($0.id.split(separator: "-")[0])! / 3 }) }
    #expect(recordings(train).isDisjoint(with: recordings(dev)))
    #expect(Set(train.compactMap(\.audio)).isDisjoint(with: dev.compactMap(\.audio)))
    // 240 of 1,200; 100 recordings of 12 rows vary by 4 each way.
    #expect((96...384).contains(dev.count))
    #expect(try HeldOutPart.split(rows, share: 0.2).dev == dev)
    #expect(try HeldOutPart.split(rows, share: 0.2, salt: "x").dev != dev)
  }

  @Test func withoutSoundsOneQuestionIsInOnePart() throws {
    let rows = (0..<200).map { row("\($0)", "Question \($0 / 2)?", audio: nil) }

    let (train, dev) = try HeldOutPart.split(rows, share: 0.3)

    #expect(Set(train.map(\.question)).isDisjoint(with: dev.map(\.question)))
    #expect((20...100).contains(dev.count))
  }
}
