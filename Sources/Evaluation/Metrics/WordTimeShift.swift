/// How far the times of transcripts lie from those of their references: Qwen-Audio's score for speech recognition with
/// word time stamps (AAS), the shifts of start and end of a matched unit added, over all matched units.
public struct WordTimeShift: Sendable, Equatable {
  /// The most units of a transcript that are aligned; 30 seconds hold a hundred or so.
  public static let mostUnits = 4_000

  /// Seconds, over the starts and the ends of all matched units.
  public private(set) var total = 0.0
  /// Units that an alignment with the fewest edits pairs with an equal one.
  public private(set) var matched = 0
  /// Transcripts left out, as they or their references have no stamps, or too many.
  public private(set) var unreadable = 0

  /// Nothing compared yet.
  public init() {}

  /// Counts a transcript against its reference. One that could not be read is left out, and counted as that.
  public mutating func add(_ hypothesis: WordTimes?, reference: WordTimes?) {
    guard let hypothesis, let reference, hypothesis.units.count <= Self.mostUnits,
      reference.units.count <= Self.mostUnits
    else {
      unreadable += 1
      return
    }
    for (said, meant) in Self.matches(reference.units, hypothesis.units).reversed() {
      total += abs(meant.start - said.start) + abs(meant.end - said.end)
      matched += 1
    }
  }

  /// Seconds a matched unit; nil where none is matched.
  public var mean: Double? { matched == 0 ? nil : total / Double(matched) }

  /// The pairs of equal units, from the last back. Where alignments tie, pairs come before insertions, and these before
  /// deletions, as in the package that Qwen-Audio's script aligns by (edit-distance).
  private static func matches(_ reference: [WordTimes.Unit], _ hypothesis: [WordTimes.Unit])
    -> [(said: WordTimes.Unit, meant: WordTimes.Unit)]
  {
    let codes = UnitCodes(
      reference: reference.map { CodePoints($0.text.unicodeScalars) },
      hypothesis: hypothesis.map { CodePoints($0.text.unicodeScalars) })
    let steps = steps(codes)
    let width = hypothesis.count + 1
    var pairs: [(said: WordTimes.Unit, meant: WordTimes.Unit)] = []
    var (row, column) = (reference.count, hypothesis.count)
    while row > 0, column > 0 {
      let step = steps[row * width + column]
      if step != .insertion { row -= 1 }
      if step != .deletion { column -= 1 }
      if step == .pair, codes.reference[row] == codes.hypothesis[column] {
        pairs.append((hypothesis[column], reference[row]))
      }
    }
    return pairs
  }

  private enum Step: UInt8 { case pair, insertion, deletion }

  /// The last step of a best alignment of each two beginnings, row by row for the reference.
  private static func steps(_ codes: UnitCodes) -> [Step] {
    let width = codes.hypothesis.count + 1
    var steps = [Step](repeating: .pair, count: (codes.reference.count + 1) * width)
    var above = Array(0..<width)
    for (row, code) in codes.reference.enumerated() {
      var costs = [row + 1]
      costs.reserveCapacity(width)
      for (column, other) in codes.hypothesis.enumerated() {
        let (pair, insertion, deletion) = (
          above[column] + (code == other ? 0 : 1), costs[column] + 1, above[column + 1] + 1
        )
        let least = min(pair, insertion, deletion)
        steps[(row + 1) * width + column + 1] = least == pair ? .pair : least == insertion ? .insertion : .deletion
        costs.append(least)
      }
      above = costs
    }
    return steps
  }
}
