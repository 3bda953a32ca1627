import Foundation
import Testing

@testable import Dataset

@Suite struct FLACFileTests {
  private func reason(_ bytes: [UInt8]) -> String? {
    do {
      _ = try FLACFile(bytes: bytes)
      return nil
    } catch {
      return (error as? RowProblem)?.reason ?? "\(error)"
    }
  }

  @Test func theHeaderSaysWhatIsInside() throws {
    let file = try FLACFile(bytes: try flacBytes())

    #expect((file.sampleRate, file.channels, file.bits) == (16_000, 1, 16))
    #expect(file.frames == 8_000)
  }

  @Test func everyCutAndEveryExtraByteIsFound() throws {
    let whole = try flacBytes()

    for count in 0..<whole.count { #expect(reason(Array(whole[..<count])) != nil, "\(count) bytes") }
    #expect(reason(whole + [1]) == "is cut off, or damaged at its end")
    #expect(reason(Array(whole[1...])) == "is no FLAC file")
    #expect(reason([]) == "is no FLAC file")
  }

  /// A block less leaves an end that is that of a block, but not of the last.
  @Test func aFileThatEndsBehindAnEarlierBlockIsFound() throws {
    let whole = try flacBytes()
    let blocks = whole.indices.dropLast().filter { whole[$0] == 0xFF && whole[$0 + 1] == 0xF8 }
    let last = try #require(blocks.last)
    try #require(blocks.count >= 2)
    // As long as it takes to see that block whole, the file's own length of the longest is not relied on.
    #expect(FLACSum.crc16(whole[blocks[0]..<blocks[1]]) == 0)

    #expect(reason(Array(whole[..<last])) == "is cut off, or damaged at its end")
  }

  /// Random bytes where a header's are, and behind it: nothing to trap on.
  @Test func bytesOfAnyKindAreTaken() throws {
    var random = SystemRandomNumberGenerator()
    let whole = try flacBytes()

    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        bytes[Int.random(in: 4..<60, using: &random)] = .random(in: 0...255, using: &random)
        bytes[Int.random(in: bytes.count - 40..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
      }
      _ = reason(bytes)
    }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"] != nil))
  func realFilesAreWhole() throws {
    let root = try #require(ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"])
    var count = 0
    for path in try FileManager.default.subpathsOfDirectory(atPath: root + "/music") where path.hasSuffix(".flac") {
      #expect(try FLACFile(path: "\(root)/music/\(path)").frames > 0)
      count += 1
    }
    #expect(count > 10)
  }
}
