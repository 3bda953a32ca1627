import Foundation
import Tensors
import Testing

@testable import Training

@Suite struct FeatureCacheTests {
  private let folder = TrainerFolder()
  private let key = FeatureKey(sound: "s/../..", model: "m", mode: "float32")

  private var cache: FeatureCache { FeatureCache(folder: folder("cache")) }

  private func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: folder(name), isDirectory: &isFolder) && !isFolder.boolValue
    }
  }

  @Test(arguments: [[25, 7], [0, 4], [3, 0], [1, 1]])
  func rowsComeBackToTheBit(_ shape: [Int]) throws {
    var rows = scattered(shape, seed: 3)
    rows.withUnsafeMutableElements { if $0.count > 4 { ($0[0], $0[1], $0[2]) = (-0.0, .leastNonzeroMagnitude, .nan) } }

    try cache.store(rows, for: key)

    let read = try #require(cache.rows(for: key))
    #expect(read.shape == shape && read.values.map(\.bitPattern) == rows.values.map(\.bitPattern))
  }

  @Test func nothingIsStoredBeyondTheLimitOrOnAFullDisk() throws {
    let rows = scattered([8, 8], seed: 1)
    let small = FeatureCache(folder: folder("small"), limit: 800)
    for sound in ["a", "b", "c", "d"] { try small.store(rows, for: FeatureKey(sound: sound, model: "m", mode: "")) }
    #expect(try files().count == 2)
    // What is there already counts.
    let again = FeatureCache(folder: folder("small"), limit: 800)
    try again.store(rows, for: FeatureKey(sound: "e", model: "m", mode: ""))
    #expect(try files().count == 2)

    try FeatureCache(folder: folder("full"), spare: .max / 2).store(rows, for: key)
    #expect(try files().count == 2)
  }

  @Test func leftoversOfKilledProgramsAreSwept() throws {
    try cache.store(scattered([2, 2], seed: 1), for: key)
    let stored = try #require(try files().first)
    try FileManager.default.copyItem(atPath: folder(stored), toPath: folder("\(stored).x1.partial"))

    FeatureRoom.sweep(folder("cache"))

    #expect(try files() == [stored])
  }

  @Test func anotherSoundModelOrModeHasRowsOfItsOwn() throws {
    try cache.store(scattered([2, 2], seed: 1), for: key)
    for other in [
      FeatureKey(sound: "t", model: key.model, mode: key.mode),
      FeatureKey(sound: key.sound, model: "n", mode: key.mode),
      FeatureKey(sound: key.sound, model: key.model, mode: "int8"),
      FeatureKey(sound: "s", model: "m/../", mode: "float32"),
    ] { #expect(cache.rows(for: other) == nil) }
    #expect(FeatureKey(sound: "bc", model: "a", mode: "").bytes != FeatureKey(sound: "c", model: "ab", mode: "").bytes)
  }

  @Test func theLastRowsStoredAreThere() throws {
    try cache.store(scattered([2, 2], seed: 1), for: key)
    try cache.store(scattered([3, 2], seed: 2), for: key)
    #expect(cache.rows(for: key) == scattered([3, 2], seed: 2))
    #expect(try files().count == 1)
  }

  @Test func anAlteredByteAnywhereMeansThatThereAreNoRows() throws {
    try cache.store(scattered([3, 5], seed: 1), for: key)
    let name = try #require(files().first)
    let whole = try folder.bytes(of: name)
    let keyEnd = 32 + key.bytes.count
    let elements = whole.count - 60
    for place in Array(0..<keyEnd) + Array(elements..<whole.count) {
      for bit in [UInt8(1), 0x80] {
        var bytes = whole
        bytes[place] ^= bit
        try folder.write(bytes, to: name)
        #expect(cache.rows(for: key) == nil, "byte \(place)")
      }
    }
  }

  @Test func aFileOfAnotherLengthMeansThatThereAreNoRows() throws {
    try cache.store(scattered([3, 5], seed: 1), for: key)
    let name = try #require(files().first)
    let whole = try folder.bytes(of: name)
    for length in 0..<whole.count {
      try folder.write(Array(whole[..<length]), to: name)
      #expect(cache.rows(for: key) == nil)
    }
    try folder.write(whole + [0], to: name)
    #expect(cache.rows(for: key) == nil)
    try cache.store(scattered([3, 5], seed: 1), for: key)
    #expect(cache.rows(for: key) == scattered([3, 5], seed: 1))
  }

  @Test func sizesThatNoFileHasAreNotBelieved() throws {
    try cache.store(scattered([3, 5], seed: 1), for: key)
    let name = try #require(files().first)
    var bytes = try folder.bytes(of: name)
    for (rows, width) in [(UInt64.max, 1), (1 << 62, 1 << 62), (1 << 24, 1 << 24), (0, .max)] as [(UInt64, UInt64)] {
      withUnsafeBytes(of: rows.littleEndian) { bytes.replaceSubrange(8..<16, with: $0) }
      withUnsafeBytes(of: width.littleEndian) { bytes.replaceSubrange(16..<24, with: $0) }
      try folder.write(bytes, to: name)
      #expect(cache.rows(for: key) == nil)
    }
  }

  @Test func clipsAreSpreadOverFolders() throws {
    let paths = (0..<20_000).map { FeatureKey(sound: "clip-\($0)", model: "m", mode: "").path }

    let folders = Dictionary(grouping: paths) { $0.split(separator: "/").dropLast().joined(separator: "/") }
    #expect(Set(paths).count == paths.count)
    #expect(folders.count > 3_900 && folders.values.allSatisfy { $0.count < 30 })
    #expect(paths.allSatisfy { path in path.utf8.allSatisfy { "0123456789abcdef/".utf8.contains($0) } })
  }

  @Test func manyThreadsMayStoreTheSameClip() async throws {
    let (cache, key) = (cache, key)
    let rows = scattered([40, 64], seed: 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<16 {
        group.addTask {
          for _ in 0..<20 {
            try cache.store(rows, for: key)
            let read = cache.rows(for: key)
            #expect(read == rows)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try files().count == 1)
  }

  @Test func aFolderThatCannotBeWrittenToIsAnError() throws {
    try folder.write("a file", to: "cache")
    #expect(throws: TrainerFileError.self) { try cache.store(scattered([1, 1], seed: 1), for: key) }
    #expect(cache.rows(for: key) == nil)
  }
}
