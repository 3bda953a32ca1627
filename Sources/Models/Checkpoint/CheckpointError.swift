/// Why a model's folder cannot be used or written; every description is one line.
public enum CheckpointError: Error, Equatable, Sendable {
  /// The folder as a whole.
  case folder(String, FolderProblem)
  /// A file that cannot be read or is of no use, whatever is in it.
  case file(String, FileProblem)
  /// A configuration or an index that is not JSON.
  case json(file: String, JSONProblem)
  /// One setting of a configuration; `key` is its path, as in "text_config.hidden_size".
  case setting(file: String, key: String, SettingProblem)
  /// The header of a safetensors file.
  case header(file: String, HeaderProblem)
  /// The index of the parts of a checkpoint.
  case index(file: String, IndexProblem)
  /// The tokenizer gives the audio token another id than the configuration, or none; `tokenizer` is its file.
  case audioToken(Int, file: String, tokenizerHas: Int?, tokenizer: String)
  /// One tensor, by the name that the file has for it.
  case tensor(name: String, file: String, TensorProblem)
  /// An adapter, by its folder or one of its files.
  case adapter(file: String, AdapterProblem)

  public enum FolderProblem: Equatable, Sendable {
    case missing
    case notAFolder
    case empty
    case noConfiguration
    /// Weights of another kind; the name of one such file.
    case otherWeights(String)
    case noWeights
    /// The folder to write exists and has files in it.
    case notEmpty
    /// The weights to quantise are quantised already.
    case alreadyQuantized
  }

  public enum FileProblem: Equatable, Sendable {
    case missing
    case unreadable(reason: String)
    case notAFile
    case tooLarge(limit: Int)
    case notWritten(reason: String)
    case diskFull
  }

  public enum JSONProblem: Error, Equatable, Sendable {
    case ended
    case unexpected(offset: Int)
    case tooDeep(offset: Int)
    case notUTF8(offset: Int)
    case duplicateKey(String)
    case notAnObject
  }

  public enum SettingProblem: Equatable, Sendable {
    case missing
    /// A value of another kind; `needed` as in "a whole number".
    case wrongKind(needed: String)
    case outOfRange(value: String, range: String)
    /// A value that other programs may know.
    case unsupported(value: String, supported: String)
    /// Two settings that exclude each other.
    case notDivisible(value: Int, by: String, divisor: Int)
  }

  public enum HeaderProblem: Equatable, Sendable {
    case tooShort(bytes: Int)
    case longerThanFile(length: UInt64, bytes: Int)
    case tooLarge(length: UInt64)
    case notJSON(JSONProblem)
    case incomplete(tensor: String)
    case gap(from: Int, to: Int)
    case trailing(bytes: Int)
    case overlap(tensor: String, other: String)
  }

  public enum IndexProblem: Equatable, Sendable {
    case noWeightMap
    case badFileName(tensor: String, file: String)
    case missingTensor(String, file: String)
    case unlistedTensor(String, file: String)
    case tooManyFiles(Int)
  }

  public enum TensorProblem: Equatable, Sendable {
    case unknownType(String)
    case unsupportedType(String)
    case badShape
    case badOffsets(begin: Int, end: Int)
    case outside(end: Int, bytes: Int)
    case wrongSize(bytes: Int, needed: Int)
    case wrongShape([Int], needed: [Int])
    case missing(others: Int)
    case unexpected(others: Int)
    case twice(other: String)
    case withoutScales
    case needlessScales
    case unknownLayout(String)
    case notFinite(index: Int)
    case notAMatrix
    /// Values to write that are none.
    case wouldNotBeFinite(index: Int)
    /// Values that a quantised matrix cannot hold.
    case tooLargeToQuantize
  }
}
