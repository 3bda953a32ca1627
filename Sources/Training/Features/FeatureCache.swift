import Foundation
import Glibc
public import Tensors

/// The output of a frozen encoder, kept on the disk from one pass over the data to the next, and from run to run.
///
/// One file a clip, bit-equal to what was stored. A file that is cut off, altered or of another clip counts as none, so
/// the rows are computed anew; nothing need ever be repaired, and the folder may be deleted at any time. Several
/// threads and programs may share a folder.
public struct FeatureCache: Sendable {
  public let folder: String
  /// What may still be stored.
  private let room: FeatureRoom

  private static let magic: UInt64 = 0x3165_7261_6573_6645  // "Efseare1"
  /// Rows and columns that no encoder exceeds, and that arithmetic on sizes can hold.
  private static let most = 1 << 24

  /// A cache that takes at most `limit` bytes, what is there included, and leaves `spare` bytes of the disk free.
  public init(folder: String, limit: Int? = nil, spare: Int = 0) {
    self.folder = folder
    room = FeatureRoom(folder: folder, limit: limit, spare: spare)
  }

  /// The rows `[rows, width]` that were stored for `key`; nil where there are none, or none that can be trusted.
  public func rows(for key: FeatureKey) -> Tensor? {
    let descriptor = open("\(folder)/\(key.path)", O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var head = [UInt64](repeating: 0, count: 4)
    guard head.withUnsafeMutableBytes({ Self.read(descriptor, $0, at: 0) }) else { return nil }
    let words = head.map { UInt64(littleEndian: $0) }
    guard words[0] == Self.magic, words[1] <= UInt64(Self.most), words[2] <= UInt64(Self.most) else { return nil }
    let (rows, width) = (Int(words[1]), Int(words[2]))
    let name = key.bytes
    let (start, count) = (32 + (name.count + 63) / 64 * 64, rows * width)
    guard count <= (Int.max - start) / 4, Int(status.st_size) == start + 4 * count else { return nil }
    var stored = [UInt8](repeating: 0, count: name.count)
    guard stored.withUnsafeMutableBytes({ Self.read(descriptor, $0, at: 32) }), stored == name else { return nil }
    var isWhole = false
    let tensor = Tensor(shape: [rows, width]) { elements in
      let bytes = UnsafeMutableRawBufferPointer(elements)
      isWhole = Self.read(descriptor, bytes, at: start)
      if isWhole { isWhole = Self.checksum(UnsafeRawBufferPointer(bytes), rows: rows, width: width) == words[3] }
    }
    return isWhole ? tensor : nil
  }

  /// Keeps the rows `[rows, width]` for `key`, in place of what was there, as long as there is room.
  ///
  /// Training can go on where this fails: what is not there is computed anew.
  public func store(_ tensor: Tensor, for key: FeatureKey) throws(TrainerFileError) {
    precondition(tensor.shape.count == 2, "rows have two axes, not the shape \(tensor.shape)")
    guard room.take(4 * tensor.count + 64 + key.bytes.count) else { return }
    let path = "\(folder)/\(key.path)"
    let temporary = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? folder
    if !DurableFolder.isFolder(parent) { try DurableFolder.make(parent) }
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(path, code: errno) }
    let code = Self.write(tensor, key: key, to: descriptor)
    close(descriptor)
    // Not put on the disk first: a file that a crash of the machine leaves empty has a wrong checksum.
    guard code == 0, rename(temporary, path) == 0 else {
      let code = code == 0 ? errno : code
      unlink(temporary)
      throw .system(path, code: code)
    }
  }

  // MARK: The file: four words (magic, rows, width, checksum), the key, zeros to a multiple of 64 bytes, the elements

  private static func checksum(_ elements: UnsafeRawBufferPointer, rows: Int, width: Int) -> UInt64 {
    FeatureHash.of(elements, seed: UInt64(rows) << 32 ^ UInt64(width))
  }

  /// The error's code, 0 where all is written.
  private static func write(_ tensor: Tensor, key: FeatureKey, to descriptor: Int32) -> Int32 {
    let (rows, width) = (tensor.shape[0], tensor.shape[1])
    precondition(rows <= most && width <= most, "\(rows) rows of \(width)")
    return tensor.withUnsafeElements { elements in
      let bytes = UnsafeRawBufferPointer(elements)
      let words = [magic, UInt64(rows), UInt64(width), checksum(bytes, rows: rows, width: width)]
      var head = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } } + key.bytes
      head += [UInt8](repeating: 0, count: 32 + (key.bytes.count + 63) / 64 * 64 - head.count)
      let code = head.withUnsafeBytes { write(descriptor, $0) }
      return code == 0 ? write(descriptor, bytes) : code
    }
  }

  private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return count < 0 ? errno : ENOSPC }
      written += count
    }
    return 0
  }

  /// Whether all of `bytes` could be filled from `offset` on.
  private static func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
