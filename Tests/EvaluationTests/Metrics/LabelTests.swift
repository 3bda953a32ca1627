import Testing

@testable import Evaluation

// The references are scikit-learn 1.9 and the package edit-distance 1.0; Tests/Fixtures/evaluation/text.py records both.
@Suite struct LabelTests {
  private struct Recorded: Decodable {
    let recalls: [Recall]
    let shifts: [Shift]
  }

  private struct Recall: Decodable {
    let truths: [String]
    let predictions: [String]
    let weighted: Double
    let macro: Double
    let labels: [String]
    let matrix: [[Int]]

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      truths = try row.decode([String].self)
      predictions = try row.decode([String].self)
      weighted = try row.decode(Double.self)
      macro = try row.decode(Double.self)
      labels = try row.decode([String].self)
      matrix = try row.decode([[Int]].self)
    }
  }

  private struct Shift: Decodable {
    let reference: String
    let hypothesis: String
    let total: Double
    let matched: Int

    init(from decoder: any Decoder) throws {
      var row = try decoder.unkeyedContainer()
      reference = try row.decode(String.self)
      hypothesis = try row.decode(String.self)
      total = try row.decode(Double.self)
      matched = try row.decode(Int.self)
    }
  }

  @Test func recallsAreThoseOfScikitLearn() throws {
    let cases = try RecordedTexts.read("classes", as: Recorded.self).recalls

    #expect(cases.count == 200)
    for item in cases {
      var recall = ClassRecall()
      for (truth, prediction) in zip(item.truths, item.predictions) { recall.add(truth: truth, prediction: prediction) }
      #expect(try #require(recall.weighted).isNear(item.weighted, within: 1e-12))
      #expect(try #require(recall.unweighted).isNear(item.macro, within: 1e-12))
      var rows = item.labels.map { _ in item.labels.map { _ in 0 } }
      for cell in recall.confusion {
        let row = try #require(item.labels.firstIndex { $0.isSame(as: cell.truth) })
        let column = try #require(item.labels.firstIndex { $0.isSame(as: cell.prediction) })
        rows[row][column] = cell.count
      }
      #expect(rows == item.matrix)
    }
  }

  @Test func aClassWithoutItemsHasNoRecall() {
    var recall = ClassRecall()
    #expect(recall.weighted == nil && recall.unweighted == nil)

    recall.add(truth: "sad", prediction: "happy")
    recall.add(truth: "sad", prediction: "sad")
    recall.add(truth: "angry", prediction: "angry")

    #expect(recall.classes == ["angry", "sad"])
    #expect(recall.recall(of: "sad") == 0.5)
    #expect(recall.recall(of: "happy") == nil)
    #expect(recall.unweighted == 0.75)
  }

  @Test func onlyTheLabelItselfIsExact() {
    var share = ExactShare(names: ExactShare.labelsOfRAVDESS)
    #expect(share.share == nil)

    share.add(answer: " \n fear", label: "fearful")
    share.add(answer: "fear ", label: "fearful")
    share.add(answer: "Sad", label: "sad")
    share.add(answer: "caf\u{E9}", label: "cafe\u{301}")

    #expect(share.right == 1)
    #expect(share.share == 0.25)
  }

  @Test func timesLieApartAsByQwenAudiosScript() throws {
    let cases = try RecordedTexts.read("classes", as: Recorded.self).shifts

    #expect(cases.count == 300)
    for item in cases {
      var shift = WordTimeShift()
      shift.add(WordTimes(marked: item.hypothesis), reference: WordTimes(marked: item.reference))
      #expect(shift.total.isNear(item.total, within: 1e-9), "\(item.reference) beside \(item.hypothesis)")
      #expect(shift.matched == item.matched)
    }
  }

  @Test func stampsAndUnitsAreReadInTurn() throws {
    let times = try #require(
      WordTimes(marked: "<|startoftranscript|><|en|><|transcribe|>x<|0.00|><|sil|><|0.54|>word<|0.86|>rest"))

    #expect(
      times.units == [
        WordTimes.Unit(text: "<|sil|>", start: 0, end: 0.54), WordTimes.Unit(text: "word", start: 0.54, end: 0.86),
      ])
    #expect(WordTimes(marked: "<|3.00|>")?.units.isEmpty == true)
    #expect(WordTimes(marked: "<|123.00|>a<|1.|>b<|.5|>c<|1.0") == nil)
  }

  @Test func transcriptsWithoutTimesAreLeftOutAndCounted() throws {
    var shift = WordTimeShift()
    let times = try #require(WordTimes(marked: "<|0.00|>a<|0.50|>b<|1.00|>"))

    shift.add(nil, reference: times)
    shift.add(WordTimes(marked: "<|0.10|>a<|0.40|>c<|1.00|>"), reference: times)

    #expect(shift.unreadable == 1)
    #expect(shift.matched == 1)
    #expect(try #require(shift.mean).isNear(0.2, within: 1e-12))
  }
}
