import Glibc

/// Finds the files of a model.
package enum ModelFolder {
  static let singleFile = "model.safetensors"
  static let indexFile = "model.safetensors.index.json"

  /// Refuses what is no model's folder, with a word on what it is instead.
  static func check(_ folder: String) throws(CheckpointError) {
    var status = stat()
    guard stat(folder, &status) == 0 else { throw .folder(folder, .missing) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      let name = folder.split(separator: "/").last.map(String.init) ?? folder
      throw .folder(folder, name.hasSuffix(".gguf") ? .otherWeights(name) : .notAFolder)
    }
    guard !fileExists("\(folder)/config.json") else { return }
    let names = try fileNames(in: folder)
    guard !names.isEmpty else { throw .folder(folder, .empty) }
    if let gguf = names.first(where: { $0.hasSuffix(".gguf") }) { throw .folder(folder, .otherWeights(gguf)) }
    throw .folder(folder, .noConfiguration)
  }

  /// The weights, whole: one file, else those of the index.
  static func weightFiles(in folder: String) throws(CheckpointError) -> [SafetensorsFile] {
    // The order in which transformers looks for them.
    if fileExists("\(folder)/\(singleFile)") { return [try SafetensorsFile(path: "\(folder)/\(singleFile)")] }
    guard fileExists("\(folder)/\(indexFile)") else { throw try noWeights(in: folder) }
    let index = try ShardIndex(path: "\(folder)/\(indexFile)")
    var files: [SafetensorsFile] = []
    for name in index.fileNames {
      let file = try SafetensorsFile(path: "\(folder)/\(name)")
      try index.check(file, name: name)
      files.append(file)
    }
    return files
  }

  /// The names in a folder, in alphabetical order.
  package static func fileNames(in folder: String) throws(CheckpointError) -> [String] {
    guard let stream = opendir(folder) else { throw .file(folder, .unreadable(reason: systemText(errno))) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  private static func noWeights(in folder: String) throws(CheckpointError) -> CheckpointError {
    let names = try fileNames(in: folder)
    let other =
      names.first { $0.hasSuffix(".gguf") }
      ?? names.first { name in
        [".bin", ".pt", ".pth", ".ckpt"].contains { name.hasSuffix($0) } && name != "training_args.bin"
      }
    return .folder(folder, other.map { .otherWeights($0) } ?? .noWeights)
  }
}
