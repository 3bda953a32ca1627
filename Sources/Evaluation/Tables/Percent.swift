import Foundation

/// Shares as tables show them, without the sign: "61.2".
func percent(_ share: Double) -> String { String(format: "%.1f", share * 100) }

/// A share with its 95 % interval: "61.2 (58.0-64.3)".
func percent(_ share: Double, _ interval: Interval?) -> String {
  interval.map { "\(percent(share)) (\(percent($0.low))-\(percent($0.high)))" } ?? percent(share)
}

/// A difference of shares in points, with its interval: "+3.1 (-0.2 to +6.0)".
func points(_ difference: Double, _ interval: Interval) -> String {
  "\(signed(difference)) (\(signed(interval.low)) to \(signed(interval.high)))"
}

private func signed(_ share: Double) -> String {
  let text = String(format: "%+.1f", share * 100)
  return text == "-0.0" || text == "+0.0" ? "0.0" : text
}

/// A probability as tests give it: "0.031", "<0.001".
func probability(_ value: Double) -> String { value < 0.001 ? "<0.001" : String(format: "%.3f", value) }

/// A score with two decimals: "7.18".
func fixed(_ value: Double) -> String { String(format: "%.2f", value) }

/// A difference of times, with its sign: "-0.012".
func seconds(_ difference: Double) -> String { String(format: "%+.3f", difference) }
