/// Rows that attend to one chain of blocks.
struct AttentionSequence {
  let rows: Range<Int>
  let blocks: [KeyValueBlock]
  /// How many positions the first row sees.
  let seen: Int
  /// How many more each next row sees.
  let step: Int
}

/// Rows whose queries are multiplied with the same keys together.
struct AttentionTile {
  /// Part of the rows of one sequence.
  struct Part {
    let sequence: Int
    let rows: Range<Int>
  }

  /// Queries (rows times heads of a group) in a tile, so that their scores and sums stay in cache.
  static let queries = 64

  private(set) var parts: [Part] = []

  /// The number of rows.
  var count: Int { parts.reduce(0) { $0 + $1.rows.count } }

  /// Tiles that cover all rows: sequences that begin with the same block stand together, as many as fit in one.
  static func tiles(for sequences: [AttentionSequence], group: Int) -> [AttentionTile] {
    let capacity = max(1, queries / group)
    var tiles: [AttentionTile] = []
    for index in ordered(sequences) {
      let sequence = sequences[index]
      var rows = sequence.rows
      while !rows.isEmpty {
        var room = 0
        if let last = tiles.last, let other = last.parts.last {
          let sharing = sequences[other.sequence].blocks.first === sequence.blocks.first
          room = sharing ? capacity - last.count : 0
        }
        if room == 0 {
          tiles.append(AttentionTile())
          room = capacity
        }
        let part = rows.prefix(room)
        tiles[tiles.count - 1].parts.append(Part(sequence: index, rows: part))
        rows = part.upperBound..<rows.upperBound
      }
    }
    return tiles
  }

  /// The indices of the sequences, those with the same chain of blocks next to each other.
  private static func ordered(_ sequences: [AttentionSequence]) -> [Int] {
    var ranks: [ObjectIdentifier: Int] = [:]
    for block in sequences.lazy.flatMap(\.blocks) where ranks[ObjectIdentifier(block)] == nil {
      ranks[ObjectIdentifier(block)] = ranks.count
    }
    let keys = sequences.map { sequence in sequence.blocks.map { ranks[ObjectIdentifier($0)] ?? 0 } }
    return sequences.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
  }
}
