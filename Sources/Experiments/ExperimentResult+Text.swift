public import Evaluation
import Reports

extension ExperimentResult {
  /// Two arms, and what lies between them.
  public struct Difference: Sendable {
    public var first: String
    public var second: String
    /// The first less the second.
    public var comparison: RunComparison
  }

  /// Every later arm against every earlier one, under the first hearing.
  public var differences: [Difference] {
    guard let hearing = experiment.evaluation.hearings.first else { return [] }
    return arms.enumerated().flatMap { place, arm in
      arms[..<place].compactMap { earlier in
        comparison(arm, earlier, hearing).map { Difference(first: arm.name, second: earlier.name, comparison: $0) }
      }
    }
  }

  /// A sentence for each of ``differences``, whichever way it falls.
  public var orderings: [String] {
    differences.map { difference in
      let (points, interval) = (difference.comparison.difference.difference, difference.comparison.difference.interval)
      let verdict =
        interval.contains(0)
        ? "no difference is shown" : points > 0 ? "\(difference.first) is better" : "\(difference.second) is better"
      let text = Quantity.points.text(Estimate(points, low: interval.low, high: interval.high))
      return "\(difference.first) against \(difference.second): \(text) points: \(verdict)"
    }
  }

  /// The table of scores for a terminal.
  public var scoreGrid: TextGrid {
    let table = ExperimentReport(result: self).scores
    var grid = TextGrid(table.columns.map(\.name), numeric: Set(table.columns.indices.dropFirst()))
    for row in table.rows {
      grid.add(
        row.cells.map { cell in
          switch cell {
          case .text(let text): text
          case .number(let estimate): Quantity.percent.text(estimate)
          case .missing: "–"
          }
        })
    }
    return grid
  }
}
