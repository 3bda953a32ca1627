import Dataset
import Foundation
import Pipelines
import Store

/// Puts each clip into train, dev or test by its recording, so that no recording is in two of them, be it under two names
/// and in two encodings. Splits that imported sets give are kept where the file does not say otherwise.
struct SplitStage: Stage {
  let name = "split"
  let scope = StageScope.set
  private let assignment: SplitAssignment
  private let keepsGiven: Bool

  init(_ section: Section, ofImport: Bool = false) throws {
    keepsGiven = try StageCatalogue.keepsGiven(section, ofImport: ofImport)
    let given = try Split.allCases.map { try section.optionalDouble($0.rawValue, in: 0...1) }
    let shares = given.allSatisfy { $0 == nil } ? [0.8, 0.1, 0.1] : given.map { $0 ?? 0 }
    guard let assignment = try? SplitAssignment(train: shares[0], dev: shares[1], test: shares[2]) else {
      throw section.badValue("train", wanted: "a share that adds up to 1 with those of dev and test")
    }
    self.assignment = assignment
  }

  var parts: [String: String] {
    var parts = [
      "version": "2", "fractions": "train \(assignment.train), dev \(assignment.dev), test \(assignment.test)",
    ]
    if keepsGiven { parts["given"] = "kept" }
    return parts
  }

  func run(_ context: StageContext) async throws -> String {
    let clips = try context.store.recordings()
    var groups = RecordingGroups()
    for clip in clips { groups.join(clip.recordings) }
    let first = Dictionary(clips.map { ($0.clip, $0.recordings.prefix(1)) }, uniquingKeysWith: { $1 })
    for (clip, survivor) in try context.store.audioSurvivors() {
      groups.join([clip, survivor].flatMap { first[$0, default: []] })
    }
    let given = try keepsGiven ? GivenSplits(context.store) : nil
    let ofGroup = given?.byGroup(clips, groups) ?? [:]
    var counts: [Split: Int] = [:]
    let splits = clips.map { clip in
      let group = groups.group(of: clip.recordings.first ?? clip.clip)
      let split = given?.ofClip[clip.clip] ?? ofGroup[group] ?? assignment.split(of: group)
      counts[split, default: 0] += 1
      return (clip.clip, split.rawValue)
    }
    try context.store.commit(splits: splits, context.place)
    if let given, given.moved > 0 {
      context.progress.note(
        stage: name,
        "\(counted(given.moved, "question")) with another split than others of the same clip; all of it is held back")
    }
    return Split.allCases.map { "\($0) \(counts[$0, default: 0])" }.joined(separator: ", ") + " clips"
  }
}
