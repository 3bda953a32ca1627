import Dataset
import Foundation
import Store

/// What an export holds, counted while it is written.
struct ExportStatistics {
  /// The names of its files, in their order.
  let parts: [String]
  private(set) var questions: [String: Int] = [:]
  private(set) var wording = WordingTally()
  private(set) var positions: [Int] = []
  private(set) var skills: [String: Int] = [:]
  private(set) var difficulties: [String: Int] = [:]
  private(set) var choiceCounts: [Int: Int] = [:]
  /// Questions by the number of their words, in steps of five.
  private(set) var stemWords: [Int: Int] = [:]
  private(set) var contributions: [String: Int] = [:]
  private(set) var writers: [String: Int] = [:]
  private(set) var clips: [String: Int] = [:]
  private(set) var seconds: [String: Double] = [:]
  private(set) var labels: [String: Int] = [:]
  private(set) var licences: [String: Int] = [:]
  private(set) var lengths: [Float] = []

  init(parts: [String]) { self.parts = parts }

  var total: Int { questions.values.reduce(0, +) }

  mutating func count(_ question: ExportedQuestion, in part: String) {
    questions[part, default: 0] += 1
    while positions.count <= question.answerIndex { positions.append(0) }
    positions[question.answerIndex] += 1
    skills[question.skill.isEmpty ? "not given" : question.skill, default: 0] += 1
    if !question.difficulty.isEmpty { difficulties[question.difficulty, default: 0] += 1 }
    choiceCounts[question.choices.count, default: 0] += 1
    if let contribution = question.audioContribution { contributions[contribution.rawValue, default: 0] += 1 }
    writers[question.provenance.model, default: 0] += 1
    stemWords[question.question.split(separator: " ").count / 5 * 5, default: 0] += 1
    wording.add(question.question)
  }

  mutating func count(_ clip: ClipRecord, in part: String) {
    clips[part, default: 0] += 1
    seconds[part, default: 0] += clip.seconds
    lengths.append(Float(clip.seconds))
    for label in clip.labels { labels[label, default: 0] += 1 }
    if let licence = Self.licence(of: clip.metadata) { licences[licence, default: 0] += 1 }
  }

  /// As the manifest's column of either spelling has it.
  private static func licence(of metadata: [String: String]) -> String? {
    let names = ["license", "licence"]
    return metadata.filter { names.contains($0.key.lowercased()) && !$0.value.isEmpty }.min { $0.key < $1.key }?.value
  }

  /// By count, then by name.
  static func counts(_ table: [String: Int]) -> [DatasetCard.Count] {
    table.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { DatasetCard.Count($0.key, $0.value) }
  }
}
