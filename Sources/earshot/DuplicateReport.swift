import Foundation

/// What `earshot duplicates` prints.
struct DuplicateReport: Encodable {
  /// More members of a cluster are counted, not shown.
  static let mostMembers = 10

  struct Count: Encodable {
    var kind: String
    var clusters: Int
    /// Questions that go.
    var out: Int
  }

  struct Question: Encodable {
    var id: String
    var sound: String?
    var stem: String
    var choices: [String]
    /// To the cluster's first question, 0...1.
    var similarity: Double
    /// Why it goes; null where it stays.
    var code: String?
  }

  struct Cluster: Encodable {
    var kind: String
    var members: Int
    var out: Int
    /// The survivor first.
    var questions: [Question]
  }

  /// Of a file: its questions.
  var questions: Int?
  var counts: [Count]
  var clusters: [Cluster]
  /// Of a run: the clips that are one recording.
  var recordings: RecordingReport?

  var text: String {
    let total = counts.reduce(0) { $0 + $1.out }
    var lines: [String] = []
    if let questions { lines.append("\(Quantity.count(questions, "questions")), \(total) of them out") }
    lines += counts.map { "\(Self.name($0.kind)): \($0.out) out, in \(Quantity.count($0.clusters, "clusters"))" }
    if counts.isEmpty { lines.append("No question repeats another.") }
    if let summary = recordings?.summary { lines.append(summary) }
    return ([lines.joined(separator: "\n")] + clusters.map(Self.text) + (recordings?.texts ?? []))
      .joined(separator: "\n\n")
  }

  private static func text(_ cluster: Cluster) -> String {
    let title = "\(name(cluster.kind)), \(cluster.members) questions, \(cluster.out) out"
    let rows = cluster.questions.map { question in
      let similarity = String(format: "%5.1f%%", question.similarity * 100)
      return "  \(similarity)  \((question.code ?? "stays").padding(toLength: 14, withPad: " ", startingAt: 0))  "
        + "\(question.id)\(question.sound.map { "  \($0)" } ?? "")\n          "
        + "\(question.stem)  [\(question.choices.joined(separator: " | "))]"
    }
    let rest = cluster.members - cluster.questions.count
    let more = rest > 0 ? ["  and \(rest) more"] : []
    return resultText(([title] + rows + more).joined(separator: "\n"))
  }

  private static func name(_ kind: String) -> String {
    switch kind {
    case "clip": "asked twice of a clip"
    case "sound": "asked twice of a sound"
    case "wording": "nearly one wording"
    case "stem": "one stem"
    case "meaning": "one meaning"
    default: kind
    }
  }
}
