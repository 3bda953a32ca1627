import Foundation
import Testing
import Transfer

@testable import Stages

@Suite struct SpoolFileTests {
  private let folder = NSTemporaryDirectory()

  private func lines(_ text: String) throws -> [String] {
    let file = try SpoolFile(in: folder)
    try file.append(Array(text.utf8))
    var lines = SpoolLines(file)
    var all: [String] = []
    while true {
      let some = try lines.next()
      if some.isEmpty { return all }
      all += some.map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test func linesComeWithoutTheirEndsAndEmptyOnesDoNot() throws {
    #expect(try lines("") == [])
    #expect(try lines("\n\n \n") == [])
    #expect(try lines("a\nbc\n\nd") == ["a", "bc", "d"])
  }

  @Test func linesThatCrossThePiecesThatTheFileIsReadInAreWhole() throws {
    let long = String(repeating: "x", count: 700_001)
    let text = (0..<5).map { "\($0)\(long)" }.joined(separator: "\n")

    #expect(try lines(text) == (0..<5).map { "\($0)\(long)" })
  }

  @Test func aLineLongerThanAnyAnswerGoesByUnread() throws {
    let file = try SpoolFile(in: folder)
    try file.append(Array("a\n".utf8))
    for _ in 0..<66 { try file.append([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)) }
    try file.append(Array("\nb\n".utf8))
    var lines = SpoolLines(file)
    var all: [[UInt8]] = []
    while true {
      let some = try lines.next()
      if some.isEmpty { break }
      all += some
    }

    #expect(all == [Array("a".utf8), Array("b".utf8)])
  }

  @Test(arguments: [
    ("", true), ("{}\n", true), ("{}\n{\"a\":1}", true), ("{}\n{\"a\":", false), ("{}\n{\"a\":1", false),
  ])
  func aFileThatBreaksOffIsKnownByItsEnd(text: String, isWhole: Bool) throws {
    let file = try SpoolFile(in: folder)
    try file.append(Array(text.utf8))

    #expect(file.endsWhole == isWhole)
  }

  @Test func nothingOfItIsLeftInItsFolderWhileItIsUsedOrAfter() throws {
    let own = folder + "earshot-spool-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: own) }
    let file = try SpoolFile(in: own)
    try file.append([1, 2, 3])

    #expect(try FileManager.default.contentsOfDirectory(atPath: own).isEmpty)
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(bytes.withUnsafeMutableBytes { file.source.read($0, at: 1) } == 2 && bytes[0] == 2)
    #expect(throws: StagesError.self) { try SpoolFile(in: own + "/none") }
  }
}
