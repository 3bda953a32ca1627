import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct SafetensorsWriterTests {
  private let folder = CheckpointFolder()

  private func writer(_ plans: [SafetensorsWriter.Plan]) throws(CheckpointError) -> SafetensorsWriter {
    try SafetensorsWriter(path: "\(folder.path)/out.safetensors", tensors: plans, metadata: ["key": "a \"word\"\n"])
  }

  @Test func whatIsWrittenInAnyOrderIsReadBack() throws {
    let (a, b) = (Tensor([1, 2, 3], shape: [3]), Tensor((0..<32).map { Float($0) }, shape: [4, 8]))
    var file = try writer([
      .init(name: "a", type: .float32, shape: [3]), .init(name: "b", type: .float32, shape: [4, 8]),
      .init(name: "é\"\\", type: .uint8, shape: [5]), .init(name: "empty", type: .bfloat16, shape: [0, 7]),
    ])

    try [UInt8](1...5).withUnsafeBytes { bytes in try file.write("é\"\\", bytes) }
    try file.write("b", b)
    try file.write("empty", UnsafeRawBufferPointer(start: nil, count: 0))
    try file.write("a", a)
    try file.finish()

    let read = try SafetensorsFile(path: "\(folder.path)/out.safetensors")
    let parts = Dictionary(
      uniqueKeysWithValues: read.header.tensors.map { ($0.name, StoredPart(file: read, stored: $0)) })
    #expect(parts["a"]?.floats() == a)
    #expect(parts["b"]?.floats() == b)
    #expect(parts["é\"\\"].map { Array($0.bytes.bytes) } == [1, 2, 3, 4, 5])
    #expect(parts["empty"]?.stored.shape == [0, 7])
    #expect(read.header.metadata == ["format": "pt", "key": "a \"word\"\n"])
  }

  @Test func tensorsOfWholeLinesStartAtLines() throws {
    let plans = (1...20).map { index in
      SafetensorsWriter.Plan(
        name: "t\(index)", type: index % 3 == 0 ? .uint8 : .float32, shape: [index % 4 == 0 ? 128 : index])
    }
    var file = try writer(plans)
    for plan in plans {
      try [UInt8](repeating: 0, count: plan.type.byteCount(of: plan.shape) ?? 0).withUnsafeBytes { bytes in
        try file.write(plan.name, bytes)
      }
    }
    try file.finish()

    let header = try SafetensorsFile(path: "\(folder.path)/out.safetensors").header
    #expect(header.dataStart % 64 == 0)
    for tensor in header.tensors {
      if tensor.range.count % 64 == 0 { #expect(tensor.range.lowerBound % 64 == 0) }
      if tensor.type == .float32 { #expect(tensor.range.lowerBound % 4 == 0) }
    }
  }

  @Test func anUnfinishedFileLeavesNothing() throws {
    folder.write("old", to: "out.safetensors")
    do {
      var file = try writer([.init(name: "a", type: .float32, shape: [1])])
      try file.write("a", Tensor([1], shape: [1]))
    }
    #expect(folder.names == ["out.safetensors"])
    #expect(folder.bytes(of: "out.safetensors") == Array("old".utf8))
  }

  @Test func aMissingFolderAndAFullDiskAreNamed() {
    #expect(throws: CheckpointError.file("/no/such/x", .notWritten(reason: "there is no such folder"))) {
      _ = try SafetensorsWriter(path: "/no/such/x", tensors: [])
    }
    // More than any file system holds.
    let plan = SafetensorsWriter.Plan(name: "a", type: .uint8, shape: [1 << 52])
    #expect(throws: CheckpointError.self) {
      _ = try SafetensorsWriter(path: "\(folder.path)/big", tensors: [plan])
    }
    #expect(folder.names == [])
  }
}
