import Foundation
import Models
import Tensors
import Testing

@testable import Training

@Suite struct CheckpointStoreTests {
  private let folder = TrainerFolder()

  private static func state(_ step: Int) -> TrainerState {
    TrainerState(
      digests: .init(model: "m", data: "d", settings: "s"), step: step, phase: "sft", consumedExamples: 8 * step,
      seed: 1)
  }

  private static let moments = [
    OptimizerMoments(name: "a.weight", first: scattered([3, 5], seed: 1), second: scattered([3, 5], seed: 2)),
    OptimizerMoments(name: "b", first: scattered([7], seed: 3), second: scattered([7], seed: 4)),
  ]

  private static let parameters = [(name: "a.weight", shape: [3, 5]), (name: "b", shape: [7])]

  /// Saves a checkpoint with a text for weights.
  @discardableResult
  private func save(_ step: Int, _ text: String = "weights", in store: CheckpointStore) throws -> String {
    try store.save(Self.state(step), moments: Self.moments) { path throws(CheckpointError) in
      try CheckpointOutput.write(Array(text.utf8), to: "\(path)/weights")
    }
  }

  private func weights(of checkpoint: SavedCheckpoint?) throws -> String {
    try String(contentsOfFile: try #require(checkpoint).folder + "/weights", encoding: .utf8)
  }

  @Test func aCheckpointIsAModelsFolderAndHoldsTheRunToTheBit() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let tensors = try Dictionary(
      uniqueKeysWithValues: base.names.filter { $0.hasPrefix("decoder.") }.map { name in
        (name, scattered(try base.tensor(name).shape, seed: 9))
      })
    let store = try CheckpointStore(folder: folder("run/checkpoints"))

    let path = try store.save(
      Self.state(100), weights: .model(base: base, tensors: tensors), moments: Self.moments)

    #expect(path == folder("run/checkpoints/checkpoint-000100"))
    let saved = try #require(try CheckpointStore.latest(in: store.folder))
    #expect(saved.step == 100 && !saved.isAdapter)
    #expect(try saved.state() == Self.state(100))
    for (read, written) in zip(try saved.moments(of: Self.parameters), Self.moments) {
      #expect(read.name == written.name && read.first == written.first && read.second == written.second)
    }
    let model = try Checkpoint(folder: saved.folder)
    for name in base.names { #expect(try model.tensor(name) == tensors[name] ?? base.tensor(name)) }
    #expect(try AudioLanguageModel(folder: saved.folder).configuration == base.configuration)
  }

  @Test func anAdaptersCheckpointIsAnAdaptersFolder() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let adapter = try adapter(of: base, ends: ["q_proj"])
    let store = try CheckpointStore(folder: folder.path)

    let path = try store.save(
      Self.state(1), weights: .adapter(adapter, base: base, name: "x", layout: .version5), moments: Self.moments)

    #expect(try SavedCheckpoint(folder: path).isAdapter)
    #expect(try ModelAdapter(folder: path, base: base.configuration).layers.count == adapter.layers.count)
  }

  @Test func theLatestIsTheOneWithTheMostSteps() throws {
    let store = try CheckpointStore(folder: folder("checkpoints"))
    #expect(try CheckpointStore.latest(in: store.folder) == nil)
    #expect(try CheckpointStore.latest(in: folder("nowhere")) == nil)
    for step in [20, 1_000_000, 3] { try save(step, "\(step)", in: store) }
    for name in ["checkpoint-", "checkpoint-7", "checkpoint-+00009", "checkpoint-99999999999999999999", "other"] {
      try FileManager.default.createDirectory(atPath: "\(store.folder)/\(name)", withIntermediateDirectories: true)
    }
    try folder.write("no folder", to: "checkpoints/checkpoint-000004")

    #expect(try CheckpointStore.checkpoints(in: store.folder).map(\.step) == [3, 20, 1_000_000])
    #expect(try weights(of: CheckpointStore.latest(in: store.folder)) == "1000000")
  }

  @Test func aProgramKilledWhileItWritesLeavesTheCheckpointBeforeWhole() async throws {
    let path = folder.path
    do {
      let store = try CheckpointStore(folder: path)
      try save(10, in: store)
    }

    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let store = try CheckpointStore(folder: path)
      _ = try store.save(Self.state(20), moments: []) { folder throws(CheckpointError) in
        try CheckpointOutput.write([1, 2, 3], to: "\(folder)/weights")
        kill(getpid(), SIGKILL)
      }
    }

    #expect(folder.names.contains { $0.hasSuffix(".partial") })
    let latest = try #require(try CheckpointStore.latest(in: path))
    #expect(latest.step == 10)
    #expect(try weights(of: latest) == "weights")
    #expect(try latest.moments(of: Self.parameters).count == 2)
    let store = try CheckpointStore(folder: path)
    #expect(folder.names == [".lock", "checkpoint-000010"])
    try save(20, in: store)
    #expect(try CheckpointStore.latest(in: path)?.step == 20)
  }

  @Test func aCheckpointOfTheSameStepIsReplaced() throws {
    let store = try CheckpointStore(folder: folder.path)
    try save(5, "old", in: store)
    try save(5, "new", in: store)

    #expect(try weights(of: CheckpointStore.latest(in: folder.path)) == "new")
    #expect(folder.names == [".lock", "checkpoint-000005"])
  }

  @Test func aReplacementThatWasCutShortIsUndoneOrFinishedAtTheNextStart() throws {
    do {
      let store = try CheckpointStore(folder: folder.path)
      try save(5, "old", in: store)
      try save(6, "kept", in: store)
    }
    let move = FileManager.default.moveItem(atPath:toPath:)
    // Between its two steps: the old one has made room, the new one has not come.
    try move(folder("checkpoint-000005"), folder("checkpoint-000005.replaced"))
    // Behind them: both are there.
    try FileManager.default.copyItem(atPath: folder("checkpoint-000006"), toPath: folder("checkpoint-000006.replaced"))

    _ = try CheckpointStore(folder: folder.path)

    #expect(folder.names == [".lock", "checkpoint-000005", "checkpoint-000006"])
    #expect(try weights(of: CheckpointStore.checkpoints(in: folder.path).first) == "old")
  }

  @Test func writingThatFailsLeavesNothing() throws {
    let store = try CheckpointStore(folder: folder.path)
    try save(1, in: store)

    #expect(throws: TrainerFileError.checkpoint(.file("x", .diskFull))) {
      try store.save(Self.state(2), moments: []) { path throws(CheckpointError) in
        try CheckpointOutput.write([1], to: "\(path)/half")
        throw .file("x", .diskFull)
      }
    }
    #expect(folder.names == [".lock", "checkpoint-000001"])
  }

  /// A limit on the size of files stands for a disk without room.
  @Test func aFileThatDoesNotFitIsAnErrorAndLeavesNothing() async throws {
    let path = folder.path
    await #expect(processExitsWith: .success) { [path = path as String] in
      signal(SIGXFSZ, SIG_IGN)
      let store = try CheckpointStore(folder: path)
      _ = try store.save(Self.state(1), moments: []) { _ throws(CheckpointError) in }
      var limit = rlimit(rlim_cur: 4_096, rlim_max: 4_096)
      try #require(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let large = OptimizerMoments(name: "x", first: Tensor(shape: [4_000]), second: Tensor(shape: [4_000]))
      #expect(throws: TrainerFileError.self) { try store.save(Self.state(2), moments: [large]) { _ in } }
    }
    #expect(folder.names == [".lock", "checkpoint-000001"])
  }

  @Test func theLastAndTheBestAreKept() throws {
    let store = try CheckpointStore(folder: folder.path)
    for step in 1...6 { try save(step, in: store) }

    let gone = try store.keep(last: 2, and: [3])

    #expect(gone == [1, 2, 4].map { folder("checkpoint-00000\($0)") })
    #expect(try CheckpointStore.checkpoints(in: folder.path).map(\.step) == [3, 5, 6])
    #expect(try store.keep(last: 9) == [])
    #expect(!folder.names.contains { $0.hasSuffix(".partial") })
  }

  @Test func oneRunAtATimeWritesToAFolder() throws {
    let first = try CheckpointStore(folder: folder.path)
    #expect(throws: TrainerFileError.locked(folder: folder.path)) { try CheckpointStore(folder: folder.path) }
    withExtendedLifetime(first) {}
  }

  @Test func theMomentsOfOtherParametersAreRefused() throws {
    let store = try CheckpointStore(folder: folder.path)
    let saved = try SavedCheckpoint(folder: save(1, in: store))
    let file = "\(saved.folder)/optimizer.safetensors"
    let some = Array(Self.parameters.prefix(1))

    #expect(throws: TrainerFileError.optimizer(file: file, tensor: "b.first", .unexpected)) {
      try saved.moments(of: some)
    }
    #expect(throws: TrainerFileError.optimizer(file: file, tensor: "c.first", .missing)) {
      try saved.moments(of: Self.parameters + [(name: "c", shape: [1])])
    }
    #expect(throws: TrainerFileError.optimizer(file: file, tensor: "b.first", .wrongShape([7], needed: [8]))) {
      try saved.moments(of: some + [(name: "b", shape: [8])])
    }
    try FileManager.default.removeItem(atPath: file)
    #expect(throws: TrainerFileError.checkpoint(.file(file, .missing))) { try saved.moments(of: Self.parameters) }
  }

  @Test func aCutOptimizersFileIsRefused() throws {
    let store = try CheckpointStore(folder: folder.path)
    let saved = try SavedCheckpoint(folder: save(1, in: store))
    let whole = try folder.bytes(of: "checkpoint-000001/optimizer.safetensors")
    for length in [0, 7, 8, 100, whole.count / 2, whole.count - 1] {
      try folder.write(Array(whole[..<length]), to: "checkpoint-000001/optimizer.safetensors")
      #expect(throws: TrainerFileError.self) { try saved.moments(of: Self.parameters) }
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    try folder.write("", to: "file")
    #expect(
      folder.message { _ = try CheckpointStore(folder: folder("file/checkpoints")) }.hasPrefix(
        "DIR/file/checkpoints: not written: "))
  }
}
