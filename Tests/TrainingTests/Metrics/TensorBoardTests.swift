import Foundation
import Testing

@testable import Training

/// Expectations are from TensorBoard 2.21: see Tests/Fixtures/training/check_events.py, which reads the recorded file.
@Suite struct TensorBoardTests {
  /// Checks of RFC 3720, appendix B.4, and the sum of "123456789" that catalogues of CRCs give.
  @Test(arguments: [
    ([UInt8](repeating: 0, count: 32), 0x8A91_36AA), ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    (Array(0..<32), 0x46DD_794E), (Array((0..<32).reversed()), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283),
  ])
  func checksumsAreThoseOfTheStandard(bytes: [UInt8], sum: Int) {
    #expect(CRC32C.checksum(bytes) == UInt32(sum))
  }

  @Test func protocolBuffersAreAsTheirEncodingGuideSays() {
    var message = ProtocolBuffer()
    message.integer(1, 150)
    message.text(2, "testing")
    message.message(3) { $0.integer(1, 150) }
    message.integer(4, -1)

    #expect(
      message.bytes == [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [0x1A, 0x03, 0x08, 0x96, 0x01]
        + [0x20] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
  }

  @Test func filesAreTheBytesThatTensorBoardWasSeenToRead() throws {
    let folder = try MetricsFolder()
    let first = try writeFirst(folder.path)
    let second = try writeSecond(folder.path)
    let recorded = MetricsFixture.folder.appendingPathComponent("events")
    if ProcessInfo.processInfo.environment["RECORD"] != nil {
      try FileManager.default.createDirectory(at: recorded, withIntermediateDirectories: true)
      for path in [first, second] {
        let name = URL(fileURLWithPath: path).lastPathComponent
        try Data(contentsOf: URL(fileURLWithPath: path)).write(to: recorded.appendingPathComponent(name))
      }
    }

    for path in [first, second] {
      let url = URL(fileURLWithPath: path)
      #expect(try Data(contentsOf: url) == Data(contentsOf: recorded.appendingPathComponent(url.lastPathComponent)))
    }
  }

  private func writeFirst(_ folder: String) throws -> String {
    let writer = try TensorBoardWriter(folder: folder, after: 0, time: 1_700_000_000.25)
    for step in 1...6 {
      var metrics = StepMetrics(step: step, epoch: Double(step) / 4)
      metrics[.loss] = 1 / Double(step)
      metrics[.rewardMean(of: "accuracy")] = step == 2 ? .nan : Double(step)
      try writer.append(metrics, time: 1_700_000_000.25 + Double(step))
    }
    let group = SampleGroup(
      step: 6, id: "q1", prompt: "Which animal?", answer: "dog",
      completions: [
        .init(
          text: "a <b>dog</b>\nor a cat 狗", length: 7, rewards: ["accuracy": 1, "format": nil], reward: 1,
          advantage: -0.5, isTruncated: true)
      ])
    try writer.append(text: group.markdown, name: "samples", step: 6, time: 1_700_000_007)
    return writer.path
  }

  /// Resumed at step 4: what the first file has from step 5 on is void.
  private func writeSecond(_ folder: String) throws -> String {
    let writer = try TensorBoardWriter(folder: folder, after: 4, time: 1_700_000_100)
    try writer.append(StepMetrics(step: 5, epoch: 1.25, values: [.loss: 10]), time: 1_700_000_101)
    return writer.path
  }

  @Test func twoFilesOfOneSecondDoNotMeet() throws {
    let folder = try MetricsFolder()
    let paths = try (0..<3).map { _ in try TensorBoardWriter(folder: folder.path, after: 0, time: 5).path }

    #expect(Set(paths).count == 3)
    #expect(paths == paths.sorted())
  }

  @Test(arguments: [Double.nan, .infinity, -1, 1e300]) func aBrokenClockStopsNothing(time: Double) throws {
    let folder = try MetricsFolder()
    let writer = try TensorBoardWriter(folder: folder.path, after: 0, time: time)

    #expect(FileManager.default.fileExists(atPath: writer.path))
  }
}

/// Files of Tests/Fixtures/training.
enum MetricsFixture {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/training")
}
