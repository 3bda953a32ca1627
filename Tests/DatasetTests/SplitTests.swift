import Testing

@testable import Dataset

@Suite struct SplitTests {
  // Python: the first 8 bytes of SHA-256 over the length-prefixed "earshot split 1", "" and the name, as in
  // ContentIDTests.
  @Test func splitsAreThoseOfAnotherImplementation() throws {
    let assignment = try SplitAssignment(train: 0.8, dev: 0.1, test: 0.1)
    let splits = (0..<10_000).map { assignment.split(of: "rec\($0)") }

    #expect(splits.filter { $0 == .train }.count == 7960)
    #expect(splits.filter { $0 == .dev }.count == 1055)
    #expect(splits.prefix(4) == [.train, .train, .dev, .dev])
  }

  @Test func aSplitWithNoShareStaysEmpty() throws {
    let names = (0..<2000).map { "rec\($0)" }
    let noTest = try SplitAssignment(train: 0.7, dev: 0.3, test: 0)
    let onlyTest = try SplitAssignment(train: 0, dev: 0, test: 1)
    let noDev = try SplitAssignment(train: 0.1 + 0.2, dev: 0, test: 0.7)

    #expect(!names.contains { noTest.split(of: $0) == .test })
    #expect(names.allSatisfy { onlyTest.split(of: $0) == .test })
    #expect(!names.contains { noDev.split(of: $0) == .dev })
  }

  @Test func sharesAddUpToOne() {
    for (train, dev, test) in [(0.5, 0.1, 0.1), (1.2, -0.2, 0), (.nan, 0.5, 0.5), (.infinity, 0, 0)] {
      #expect(throws: DatasetError.self) { try SplitAssignment(train: train, dev: dev, test: test) }
    }
  }

  @Test func anotherSaltDividesOtherwise() throws {
    let one = try SplitAssignment(train: 0.5, dev: 0, test: 0.5)
    let other = try SplitAssignment(train: 0.5, dev: 0, test: 0.5, salt: "2")
    let differing = (0..<1000).filter { one.split(of: "\($0)") != other.split(of: "\($0)") }

    #expect((400...600).contains(differing.count))
  }

  @Test func recordingsThatShareAClipAreOneGroup() {
    var groups = RecordingGroups()
    groups.join(["d.wav", "c.wav"])
    groups.join(["a.wav"])
    groups.join(["e.wav", "d.wav", "b.wav"])
    groups.join([])

    #expect(["b.wav", "c.wav", "d.wav", "e.wav"].allSatisfy { groups.group(of: $0) == "b.wav" })
    #expect(groups.group(of: "a.wav") == "a.wav")
    #expect(groups.group(of: "never seen") == "never seen")
  }

  @Test func longChainsOfRecordingsAreQuick() {
    var groups = RecordingGroups()
    for number in (0..<200_000).reversed() { groups.join(["r\(number + 1)", "r\(number)"]) }

    #expect((0...200_000).allSatisfy { groups.group(of: "r\($0)") == "r0" })
  }
}
