/// The vocabulary proper: tokens as they are spelled in the file, by id, and ids by spelling.
///
/// One array of bytes and one of positions, since a dictionary of 151,643 strings takes longer to fill than the file
/// takes to read.
struct TokenTable: Sendable {
  private var spellings: [UInt8] = []
  /// Where the spelling of each id is; nil where no token has the id.
  private var places: [Range<Int>?]
  /// Open addressing by the hash of the spelling; -1 is free.
  private var slots: [Int32]

  /// How many tokens there are.
  private(set) var count = 0

  /// A table for `capacity` tokens with ids below it.
  init(capacity: Int) {
    places = Array(repeating: nil, count: capacity)
    slots = Array(repeating: -1, count: (capacity * 2 + 2).nextPowerOfTwo)
  }

  /// The smallest number that is no id.
  var endID: Int { places.count }

  func contains(_ id: Int) -> Bool { places.indices.contains(id) && places[id] != nil }

  /// The spelling of `id` in UTF-8.
  func spelling(of id: Int) -> ArraySlice<UInt8>? {
    guard places.indices.contains(id), let place = places[id] else { return nil }
    return spellings[place]
  }

  func id(of spelling: some Collection<UInt8>) -> Int? {
    let id = slots[slot(of: spelling)]
    return id < 0 ? nil : Int(id)
  }

  /// Puts the token in; false if there is one of this spelling, or of this id.
  mutating func insert(_ spelling: some Collection<UInt8>, id: Int) -> Bool {
    let slot = slot(of: spelling)
    guard slots[slot] < 0, places[id] == nil else { return false }
    slots[slot] = Int32(id)
    places[id] = spellings.count..<spellings.count + spelling.count
    spellings.append(contentsOf: spelling)
    count += 1
    return true
  }

  /// The slot that holds `spelling`, or the free one where it belongs.
  private func slot(of spelling: some Collection<UInt8>) -> Int {
    let mask = slots.count - 1
    var slot = Self.hash(spelling) & mask
    while slots[slot] >= 0 {
      if let place = places[Int(slots[slot])], place.count == spelling.count,
        spellings[place].elementsEqual(spelling)
      {
        break
      }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private static func hash(_ spelling: some Collection<UInt8>) -> Int {
    // Swift's hasher is seeded anew in each process, so that no file can be made to collide.
    var hasher = Hasher()
    if spelling.withContiguousStorageIfAvailable({ hasher.combine(bytes: UnsafeRawBufferPointer($0)) }) == nil {
      Array(spelling).withUnsafeBytes { hasher.combine(bytes: $0) }
    }
    return hasher.finalize()
  }
}

extension Int {
  /// The smallest power of two that is not smaller.
  var nextPowerOfTwo: Int {
    var power = 1
    while power < self { power <<= 1 }
    return power
  }
}
