/// The list of a checkpoint's files, `model.safetensors.index.json`.
struct ShardIndex: Equatable, Sendable {
  static let mostFiles = 1_000
  private static let longest = 100_000_000

  let path: String
  /// The name of the file that holds each tensor.
  let files: [String: String]

  init(path: String) throws(CheckpointError) {
    self.path = path
    let bytes = try readFile(path, limit: Self.longest)
    do {
      files = try Self.weightMap(CheckpointScanner(bytes), path: path)
    } catch let problem as CheckpointError.JSONProblem {
      throw .json(file: path, problem)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .json(file: path, .notAnObject)
    }
    guard fileNames.count <= Self.mostFiles else { throw .index(file: path, .tooManyFiles(fileNames.count)) }
  }

  /// The files, each once, in alphabetical order.
  var fileNames: [String] { Set(files.values).sorted() }

  /// Checks that `file` holds what the index says and nothing else.
  func check(_ file: SafetensorsFile, name: String) throws(CheckpointError) {
    let present = Set(file.header.tensors.map(\.name))
    let listed = Set(files.filter { $0.value == name }.keys)
    if let missing = listed.subtracting(present).min() {
      throw .index(file: path, .missingTensor(missing, file: name))
    }
    if let unlisted = present.subtracting(listed).min() {
      throw .index(file: path, .unlistedTensor(unlisted, file: name))
    }
  }

  private static func weightMap(_ text: CheckpointScanner, path: String) throws -> [String: String] {
    var scanner = text
    var files: [String: String]?
    try scanner.open("{")
    while let key = try scanner.nextMember() {
      guard key == "weight_map" else {
        try scanner.skip()
        continue
      }
      guard files == nil else { throw CheckpointError.JSONProblem.duplicateKey(key) }
      files = try fileNames(&scanner, path: path)
    }
    try scanner.end()
    guard let files, !files.isEmpty else { throw CheckpointError.index(file: path, .noWeightMap) }
    return files
  }

  private static func fileNames(_ scanner: inout CheckpointScanner, path: String) throws -> [String: String] {
    var files: [String: String] = [:]
    try scanner.open("{")
    while let tensor = try scanner.nextMember() {
      let file = try scanner.string()
      guard isFileName(file) else { throw CheckpointError.index(file: path, .badFileName(tensor: tensor, file: file)) }
      guard files.updateValue(file, forKey: tensor) == nil else {
        throw CheckpointError.JSONProblem.duplicateKey(tensor)
      }
    }
    return files
  }

  /// Whether `name` is a plain name that ends in .safetensors, so that it cannot lead out of the folder.
  private static func isFileName(_ name: String) -> Bool {
    name.hasSuffix(".safetensors") && !name.hasPrefix(".") && name.utf8.count <= 255
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 < 0x20 }
  }
}
