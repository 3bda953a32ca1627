import Audio
import Foundation
import Testing

@testable import Models

/// Random changes to files of a model: each ends in a model or in one line. A second in the ordinary run; with
/// EARSHOT_FUZZ_SECONDS as many as it says, as scripts/fuzz does under AddressSanitizer.
@Suite struct CheckpointFuzzTests {
  private static let seconds = ProcessInfo.processInfo.environment["EARSHOT_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
  private static let seed: UInt64 = 20_240_917

  /// Calls `body` with generators of its own series, at least `least` times and until the time is over.
  private func rounds(_ least: Int, _ body: (inout SplitMix64) -> Void) {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(Self.seconds)
    var round = 0
    while round < least || clock.now < end {
      var random = SplitMix64(seed: Self.seed, index: UInt64(round))
      body(&random)
      round += 1
    }
  }

  @Test func changedHeadersAreRefusedOrHold() {
    let whole = safetensors(TinyQwen2.tensors)
    rounds(2_000) { random in
      let bytes = whole.mutated(&random)
      do throws(CheckpointError) {
        let header = try SafetensorsHeader.reading(bytes)
        for tensor in header.tensors {
          #expect(header.dataStart + tensor.range.upperBound <= bytes.count)
          #expect(tensor.type.byteCount(of: tensor.shape) == tensor.range.count)
        }
      } catch {
        #expect(!error.description.contains { $0.isNewline })
      }
    }
  }

  @Test func changedJSONIsRefusedOrReadsBackAsItself() {
    let whole = Array(
      #"{"a": [1, -2.5e+7, true, null, {"é\u00e9\ud83d\ude00": "x\n\"\\/\b"}], "b": {}, "c": []}"#
        .utf8)
    rounds(5_000) { random in
      guard let value = try? CheckpointJSON(parsing: whole.mutated(&random)) else { return }
      let again = try? CheckpointJSON(parsing: Array(value.text().utf8))
      #expect(again == value)
    }
  }

  @Test func changedFoldersAreRefusedOrOpen() {
    let folder = CheckpointFolder()
    TinyQwen2.write(to: folder)
    let names = TinyQwen2.tensors.map(\.name)
    let index = "{\"weight_map\": {\(names.map { "\"\($0)\": \"a.safetensors\"" }.joined(separator: ", "))}}"
    let files = [
      "config.json": Array(TinyQwen2.configuration.utf8), "model.safetensors": folder.bytes(of: "model.safetensors"),
      "generation_config.json": Array(#"{"eos_token_id": [1, 2], "temperature": 0.7, "top_k": 20}"#.utf8),
      "model.safetensors.index.json": Array(index.utf8), "a.safetensors": folder.bytes(of: "model.safetensors"),
    ]
    for (name, bytes) in files { folder.write(bytes, to: name) }
    rounds(300) { random in
      let isSharded = random.index(below: 2) == 0
      if isSharded { unlink("\(folder.path)/model.safetensors") }
      let name = random.choice(files.keys.sorted().filter { !isSharded || $0 != "model.safetensors" })
      folder.write((files[name] ?? []).mutated(&random), to: name)
      if let error = problem(in: folder) { #expect(!error.description.contains { $0.isNewline }) }
      for touched in Set([name, "model.safetensors"]) { folder.write(files[touched] ?? [], to: touched) }
    }
  }
}

extension [UInt8] {
  /// The bytes after one to four changes of the kinds that break parsers.
  fileprivate func mutated(_ random: inout SplitMix64) -> [UInt8] {
    var bytes = self
    for _ in 0...random.index(below: 4) {
      guard !bytes.isEmpty else { break }
      let place = random.index(below: bytes.count)
      switch random.index(below: 7) {
      case 0: bytes[place] ^= 1 << UInt8(random.index(below: 8))
      case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.removeLast(random.index(below: Swift.min(bytes.count, 64)))
      case 3: bytes.insert(contentsOf: Array(random.choice(Self.tokens).utf8), at: place)
      case 4:
        let end = Swift.min(bytes.count, place + random.index(below: 40))
        bytes.insert(contentsOf: bytes[place..<end], at: random.index(below: bytes.count))
      case 5: bytes.removeSubrange(place..<Swift.min(bytes.count, place + random.index(below: 16)))
      default: bytes.replaceNumber(near: place, with: random.choice(Self.numbers))
      }
    }
    return bytes
  }

  private static let tokens = [
    "\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "\0", "null", "e9", "-", "\u{FF}", "\n",
  ]
  private static let numbers = [
    "0", "-1", "1e9", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "0.5",
  ]

  /// Puts `text` in place of the next digits.
  private mutating func replaceNumber(near place: Int, with text: String) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let start = self[place...].firstIndex(where: digits.contains) else { return }
    let end = self[start...].firstIndex { !digits.contains($0) } ?? count
    replaceSubrange(start..<end, with: text.utf8)
  }
}
