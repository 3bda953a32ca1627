/// Rows of hidden states, each with the tokens that are asked for after it.
struct ChosenPairs {
  /// The rows, each once.
  let places: [Int]
  /// The index in `places` of each pair's row.
  let rowOf: [Int]
  let tokens: [Int]

  init(rows: [Int], tokens: [Int]) {
    precondition(rows.count == tokens.count, "\(rows.count) rows for \(tokens.count) tokens")
    var indices: [Int: Int] = [:]
    var places: [Int] = []
    rowOf = rows.map { row in
      if let index = indices[row] { return index }
      indices[row] = places.count
      places.append(row)
      return places.count - 1
    }
    self.places = places
    self.tokens = tokens
  }

  /// The most rows that are computed together.
  static let rowsAtOnce = 256

  /// The rows `selection`, of `places`, in portions.
  func chunks(_ selection: [Int], of hidden: Tensor) -> [ChosenChunk] {
    stride(from: 0, to: selection.count, by: Self.rowsAtOnce).map { start in
      let indices = Array(selection[start..<min(start + Self.rowsAtOnce, selection.count)])
      return ChosenChunk(indices: indices, hidden: hidden.rows(at: indices.map { places[$0] }), of: self)
    }
  }
}

/// Rows that are computed together.
struct ChosenChunk {
  struct Choice {
    let token: Int
    /// In the chunk.
    let row: Int
    /// Among all pairs.
    let pair: Int
  }

  /// Of the rows, in the places of the pairs.
  let indices: [Int]
  /// `[rows, hidden]`
  let hidden: Tensor
  /// What is asked for, by token.
  private let choices: [Choice]

  init(indices: [Int], hidden: Tensor, of pairs: ChosenPairs) {
    (self.indices, self.hidden) = (indices, hidden)
    let rows = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
    choices = pairs.tokens.indices.compactMap { pair in
      rows[pairs.rowOf[pair]].map { Choice(token: pairs.tokens[pair], row: $0, pair: pair) }
    }.sorted { ($0.token, $0.pair) < ($1.token, $1.pair) }
  }

  var rows: Int { indices.count }

  /// What is asked for of these tokens.
  func choices(of tokens: Range<Int>) -> ArraySlice<Choice> {
    choices[firstChoice(from: tokens.lowerBound)..<firstChoice(from: tokens.upperBound)]
  }

  private func firstChoice(from token: Int) -> Int {
    var range = 0..<choices.count
    while !range.isEmpty {
      let middle = (range.lowerBound + range.upperBound) / 2
      range = choices[middle].token < token ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }
}
