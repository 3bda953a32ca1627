import Tensors

/// A safetensors file, mapped into memory, whose header has been checked.
struct SafetensorsFile: Sendable {
  let header: SafetensorsHeader
  private let mapped: MappedFile

  init(path: String) throws(CheckpointError) {
    mapped = try MappedFile(path: path)
    header = try SafetensorsHeader(mapped.bytes, file: path)
  }

  var path: String { mapped.path }

  /// The size of the file.
  var byteCount: Int { mapped.bytes.count }

  /// The length of the header with its JSON, and the JSON itself.
  var headerBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: mapped.bytes[..<header.dataStart]) }

  /// The bytes of one of the file's tensors.
  func bytes(of tensor: StoredTensor) -> StoredBytes {
    let range = header.dataStart + tensor.range.lowerBound..<header.dataStart + tensor.range.upperBound
    return StoredBytes(UnsafeRawBufferPointer(rebasing: mapped.bytes[range]), owner: mapped)
  }
}
