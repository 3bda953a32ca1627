import Tensors

/// A prompt and the completions behind it.
public struct TokenGroup: Sendable, Hashable {
  /// The prompt's tokens, the audio token once for every row of audio.
  public var prompt: [Int]
  /// At least one, none empty.
  public var completions: [[Int]]

  public init(prompt: [Int], completions: [[Int]]) {
    self.prompt = prompt
    self.completions = completions
  }

  /// The rows of one pass.
  var rowCount: Int { prompt.count + completions.reduce(0) { $0 + $1.count - 1 } }
}

/// Groups laid out for one pass through the decoder, without any padding.
///
/// A prompt's rows are there once, followed by those of its completions, each of which sees the prompt and itself: a tree
/// of attention, with positions that begin anew behind the prompt for each completion. That is exactly what computing each
/// completion behind a prompt of its own gives. The last token of a completion is predicted but never seen, so it has no
/// row.
struct PackedBatch {
  /// Of each row.
  private(set) var tokens: [Int] = []
  private(set) var positions: [Int] = []
  /// The number by which dropout knows the row: that of its group among all of a step, and its place in there.
  private(set) var numbers: [Int] = []
  /// Who sees whom.
  private(set) var blocks: [AttentionBlock] = []
  /// The rows that predict a token of a completion, in rising order.
  private(set) var predictingRows: [Int] = []
  /// Who sees whom where the queries are those of ``predictingRows`` alone.
  private(set) var predictingBlocks: [AttentionBlock] = []
  /// For each token of each completion, in order: which of ``predictingRows`` predicts it.
  private(set) var predictors: [Int] = []
  /// The tokens of all completions.
  private(set) var targets: [Int] = []
  /// For each group, the part of ``targets`` that each of its completions is.
  private(set) var completions: [[Range<Int>]] = []

  /// `first` is the place of the first group among those of the step.
  init(_ groups: [TokenGroup], first: Int = 0) {
    for (place, group) in groups.enumerated() {
      append(group)
      numbers += Self.numbers(group: first + place, count: group.rowCount)
    }
  }

  /// Numbers for `count` rows that belong to a group.
  static func numbers(group: Int, count: Int) -> [Int] { (0..<count).map { group << 20 | $0 } }

  private mutating func append(_ group: TokenGroup) {
    precondition(!group.prompt.isEmpty && !group.completions.isEmpty, "a group without a prompt or completions")
    let prompt = tokens.count..<tokens.count + group.prompt.count
    tokens += group.prompt
    positions += 0..<group.prompt.count
    blocks.append(AttentionBlock(queries: prompt, keys: prompt, isCausal: true))
    let firstPredicting = predictingRows.count
    predictingRows.append(prompt.upperBound - 1)
    predictingBlocks.append(
      AttentionBlock(queries: firstPredicting..<firstPredicting + 1, keys: prompt, isCausal: false))
    var ranges: [Range<Int>] = []
    for completion in group.completions { ranges.append(append(completion, behind: prompt, from: firstPredicting)) }
    completions.append(ranges)
    let rows = prompt.upperBound..<tokens.count
    guard !rows.isEmpty else { return }
    blocks.append(AttentionBlock(queries: rows, keys: prompt, isCausal: false))
    predictingBlocks.append(
      AttentionBlock(queries: firstPredicting + 1..<predictingRows.count, keys: prompt, isCausal: false))
  }

  /// Adds the rows of one completion; returns its part of the targets.
  private mutating func append(_ completion: [Int], behind prompt: Range<Int>, from first: Int) -> Range<Int> {
    precondition(!completion.isEmpty, "a completion without tokens")
    let rows = tokens.count..<tokens.count + completion.count - 1
    let predicting = predictingRows.count..<predictingRows.count + rows.count
    tokens += completion.dropLast()
    positions += prompt.count..<prompt.count + rows.count
    predictingRows += rows
    if !rows.isEmpty {
      blocks.append(AttentionBlock(queries: rows, keys: rows, isCausal: true))
      predictingBlocks.append(AttentionBlock(queries: predicting, keys: rows, isCausal: true))
    }
    let start = targets.count
    targets += completion
    predictors += [first] + predicting
    return start..<targets.count
  }
}
