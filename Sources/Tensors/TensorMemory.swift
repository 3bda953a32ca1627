import Glibc
import Synchronization

/// The memory of tensors. Large blocks lie in huge pages where the system has them, and freed ones are kept for the
/// next tensor of their size: a layer asks for the same sizes again and again, and new pages cost more time than what is
/// computed in them.
enum TensorMemory {
  /// The least size of a block that is kept, in bytes.
  static let large = 1 << 20
  /// The most that is kept, in bytes.
  static var limit: Int {
    get { mostKept.load(ordering: .relaxed) }
    set { mostKept.store(newValue, ordering: .relaxed) }
  }

  private static let mostKept = Atomic<Int>(192 << 20)

  /// The bytes of the blocks that are kept now.
  static var keptBytes: Int { kept.withLock { $0.size } }

  private static let kept = Mutex(KeptBlocks())

  /// Memory for `size` bytes at a 64-byte boundary.
  static func allocate(_ size: Int) -> UnsafeMutableRawPointer {
    guard size >= large else { return .allocate(byteCount: max(1, size), alignment: 64) }
    let size = rounded(size)
    if let block = kept.withLock({ $0.take(size) }) { return block.memory }
    let hugePage = 2 << 20
    guard size >= hugePage else { return .allocate(byteCount: size, alignment: 64) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: hugePage)
    madvise(memory, size, MADV_HUGEPAGE)
    return memory
  }

  /// Frees memory that was allocated for `size` bytes.
  static func free(_ memory: UnsafeMutableRawPointer, _ size: Int) {
    guard size >= large, size <= limit else { return memory.deallocate() }
    let block = MemoryBlock(memory: memory, size: rounded(size))
    for surplus in kept.withLock({ $0.keep(block, limit: limit) }) { surplus.memory.deallocate() }
  }

  /// The bytes of a block for `size`: sizes near each other share blocks.
  private static func rounded(_ size: Int) -> Int {
    let grain = large / 4
    return (size + grain - 1) / grain * grain
  }
}

/// Memory that no tensor owns.
///
/// @unchecked because whoever has the block is the only one to use its memory.
private struct MemoryBlock: @unchecked Sendable {
  let memory: UnsafeMutableRawPointer
  let size: Int
}

/// Freed blocks, the oldest first.
private struct KeptBlocks: Sendable {
  private var blocks: [MemoryBlock] = []
  private(set) var size = 0

  mutating func take(_ size: Int) -> MemoryBlock? {
    guard let index = blocks.lastIndex(where: { $0.size == size }) else { return nil }
    self.size -= size
    return blocks.remove(at: index)
  }

  /// Returns the blocks that are too many now.
  mutating func keep(_ block: MemoryBlock, limit: Int) -> [MemoryBlock] {
    blocks.append(block)
    size += block.size
    var surplus: [MemoryBlock] = []
    while size > limit {
      surplus.append(blocks.removeFirst())
      size -= surplus.last?.size ?? 0
    }
    return surplus
  }
}
