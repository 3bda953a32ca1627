import Foundation
import Testing

@testable import Models

/// Checks that opening ends in one line that names a file of the folder, and returns it.
@discardableResult
private func expectRefused(
  _ folder: CheckpointFolder, _ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  guard let error = problem(in: folder) else {
    Issue.record("\(what()) was accepted", sourceLocation: sourceLocation)
    return ""
  }
  let line = error.description
  #expect(!line.contains { $0.isNewline }, "\(what())", sourceLocation: sourceLocation)
  #expect(
    line.hasPrefix(folder.path) && line.hasSuffix(".") || line.hasSuffix("?"), "\(line)", sourceLocation: sourceLocation
  )
  return message(error, in: folder)
}

@Suite struct MalformedCheckpointTests {
  private let folder = CheckpointFolder()

  init() { TinyQwen2.write(to: folder) }

  /// A header that replaces the file's own, with the data that it would need.
  private func refusal(header: String, data: Int = 0) -> String {
    folder.write(safetensors(header: header, data: [UInt8](repeating: 0, count: data)), to: "model.safetensors")
    return expectRefused(folder, header)
  }

  @Test func aFileCutOffAnywhereIsRefused() throws {
    let whole = folder.bytes(of: "model.safetensors")
    let header = try SafetensorsHeader.reading(whole)
    // Every byte of the start, every tensor's first and last byte, and steps between.
    var cuts = Set(0...24).union(stride(from: 25, to: whole.count, by: 37)).union([whole.count - 1])
    for tensor in header.tensors {
      let start = header.dataStart + tensor.range.lowerBound
      cuts.formUnion([start - 1, start, start + 1].filter { $0 < whole.count })
    }
    #expect(cuts.count >= 100)
    for cut in cuts.sorted() {
      folder.write(Array(whole[..<cut]), to: "model.safetensors")
      expectRefused(folder, "\(cut) bytes")
    }
  }

  @Test func aConfigurationCutOffAnywhereIsRefused() {
    let whole = Array(TinyQwen2.configuration.utf8)
    for cut in 0..<whole.count {
      folder.write(Array(whole[..<cut]), to: "config.json")
      #expect(expectRefused(folder, "\(cut) bytes").hasPrefix("DIR/config.json: "))
    }
  }

  @Test func bytesBehindTheLastTensorAreRefused() {
    let whole = folder.bytes(of: "model.safetensors")
    folder.write(whole + [0], to: "model.safetensors")
    #expect(
      expectRefused(folder, "one more")
        == "DIR/model.safetensors: 1 bytes after the last tensor. Fetch the file again.")
  }

  private static let impossibleLengths: [UInt64] = [
    0xFFFF_FFFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF_FFF8, 0x8000_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x7FFF_FFFF_FFFF_FFF8,
    0x4000_0000_0000_0000, 0x1_0000_0000, 100_000_001, 99_999_999, 3_000, 0,
  ]

  @Test(arguments: impossibleLengths)
  func headersOfImpossibleLengthAreRefused(_ length: UInt64) {
    var bytes = folder.bytes(of: "model.safetensors")
    bytes.replaceSubrange(..<8, with: withUnsafeBytes(of: length.littleEndian) { Array($0) })
    folder.write(bytes, to: "model.safetensors")
    #expect(expectRefused(folder, "\(length)").hasPrefix("DIR/model.safetensors: "))
  }

  @Test func aHeaderAboveTheLimitIsRefusedUnread() {
    // Sparse: the file has holes in place of its 100 MB.
    let path = "\(folder.path)/model.safetensors"
    folder.write(withUnsafeBytes(of: UInt64(100_000_001).littleEndian) { Array($0) }, to: "model.safetensors")
    truncate(path, 100_000_100)
    #expect(
      expectRefused(folder, "100 MB")
        == "DIR/model.safetensors: a header of 100000001 bytes; 100000000 are allowed. Fetch the file again.")
  }

  @Test(arguments: MalformedHeader.all)
  func adversarialHeadersAreRefused(_ malformed: MalformedHeader) {
    let line = refusal(header: malformed.text, data: malformed.data)
    #expect(line.contains(malformed.says), "\(line)")
  }

  @Test(arguments: MalformedHeader.indexes)
  func adversarialIndexesAreRefused(_ malformed: MalformedHeader) throws {
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/model.safetensors", toPath: "\(folder.path)/a.safetensors")
    folder.write(malformed.text, to: "model.safetensors.index.json")
    let line = expectRefused(folder, malformed.text)
    #expect(line.contains(malformed.says), "\(line)")
  }

  @Test(arguments: MalformedHeader.configurations)
  func adversarialConfigurationsAreRefused(_ malformed: MalformedHeader) {
    folder.write(malformed.text, to: "config.json")
    let line = expectRefused(folder, malformed.text)
    #expect(line.hasPrefix("DIR/config.json: ") && line.contains(malformed.says), "\(line)")
  }

  @Test func textThatIsNotUTF8IsRefused() {
    let wrong: [[UInt8]] = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xE2, 0x82]]
    for bytes in wrong {
      folder.write(Array("{\"model_type\": \"".utf8) + bytes + Array("\"}".utf8), to: "config.json")
      #expect(
        expectRefused(folder, "\(bytes)") == "DIR/config.json: text at byte 16 is not UTF-8. Fetch the file again.")
    }
  }

  @Test func aConfigurationTooLargeToBeOneIsRefusedUnread() {
    truncate("\(folder.path)/config.json", 17 << 20)
    #expect(
      expectRefused(folder, "17 MB")
        == "DIR/config.json: larger than the 16777216 bytes that such a file may have.")
  }

  @Test func malformedGenerationSettingsAreRefused() {
    for text in ["", "[]", "{\"do_sample\": 1}", "{\"temperature\": \"hot\"}", "{\"top_p\": 2}", "{\"top_k\": -2}"] {
      folder.write(text, to: "generation_config.json")
      #expect(expectRefused(folder, text).hasPrefix("DIR/generation_config.json: "))
    }
  }
}

extension SafetensorsHeader {
  static func reading(_ bytes: [UInt8]) throws(CheckpointError) -> SafetensorsHeader {
    try bytes.span.withUnsafeBytes { bytes throws(CheckpointError) in try SafetensorsHeader(bytes, file: "x") }
  }
}
