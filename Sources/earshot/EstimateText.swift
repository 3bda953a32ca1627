import Evaluation
import Foundation
import Stages

/// An estimate as people read it.
struct EstimateText {
  let estimate: RunEstimate
  let isRehearsal: Bool

  init(_ estimate: RunEstimate, isRehearsal: Bool) {
    (self.estimate, self.isRehearsal) = (estimate, isRehearsal)
  }

  var text: String {
    var grid = TextGrid(["stage", "still to take", "requests", "tokens", "US dollars"])
    for line in estimate.lines {
      grid.add([
        line.stage, line.seconds.map(Self.time) ?? "-", line.requests.map(Self.count) ?? "",
        line.tokens.map(Self.count) ?? "",
        line.usd.map(Self.dollars) ?? (line.requests == nil ? "" : "no price"),
      ])
    }
    let all = [
      "\(Quantity.count(estimate.files, "files")), \(Quantity.count(estimate.taken)) of them looked at: "
        + "\(Self.count(estimate.clips)) clips, \(Self.time(estimate.audio)) of sound",
      grid.text, estimate.lines.map { "\($0.stage) goes by \($0.basis)" }.joined(separator: "; ") + ".",
      "In all: " + closing,
    ]
    return all.joined(separator: "\n")
  }

  private var closing: String {
    var parts = [Self.time(estimate.seconds)]
    if let usd = estimate.usd {
      let spent = estimate.spent.map { $0 > 0 && !isRehearsal ? ", $\(Quantity.fixed($0, 4)) spent so far" : "" } ?? ""
      parts.append(Self.dollars(usd) + spent)
    }
    let rest = "What follows on \(estimate.lines.last?.stage ?? "write") reads what is stored, and is not counted."
    return parts.joined(separator: ", ") + ". " + rest
      + (isRehearsal ? " The stand-in writes shorter than a model may; without --stand-in some real answers tell." : "")
  }

  /// "3 h 10 min (2 h 50 min to 3 h 30 min)"; one value where the ends look alike.
  private static func time(_ projection: Projection) -> String { shown(projection, Quantity.duration) }

  private static func count(_ projection: Projection) -> String {
    shown(projection) { Quantity.count(Int(min($0, 1e15).rounded())) }
  }

  private static func dollars(_ projection: Projection) -> String {
    shown(projection) { "$" + Quantity.fixed($0, $0 >= 1 ? 2 : 4) }
  }

  private static func shown(_ projection: Projection, _ format: (Double) -> String) -> String {
    let (low, middle, high) = (format(projection.low), format(projection.middle), format(projection.high))
    return low == high ? middle : "\(middle) (\(low) to \(high))"
  }
}
