import Dataset
import Foundation

/// What a training's log says of its course.
struct LearningCurve: Equatable {
  struct Point: Equatable {
    var step: Int
    /// Of training, since the model, in seconds.
    var seconds: Double
    var value: Double
  }

  /// The share of held-out questions answered right.
  var accuracy: [Point] = []
  var loss: [Point] = []
  /// The mean reward of the completions.
  var reward: [Point] = []
  /// Of all phases, in seconds.
  var seconds = 0.0

  /// Reads metrics.jsonl; nothing where there is none. Each phase counts its seconds anew.
  init(log path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return }
    var before = 0.0
    var last = 0.0
    for line in data.split(separator: 10) {
      guard let row = try? JSONSerialization.jsonObject(with: line) as? [String: Any], let step = row["step"] as? Int
      else { continue }
      if let elapsed = row["elapsed"] as? Double {
        if elapsed < last { before += last }
        last = elapsed
      }
      let at = { (name: String) in
        (row[name] as? Double).map { Point(step: step, seconds: before + last, value: $0) }
      }
      if let point = at("eval_accuracy") { accuracy.append(point) }
      if let point = at("loss") { loss.append(point) }
      if let point = at("reward") { reward.append(point) }
    }
    seconds = before + last
  }
}
