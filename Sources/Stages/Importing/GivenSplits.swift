import Dataset
import Store

/// The splits that imported sets give their clips.
struct GivenSplits {
  let ofClip: [String: Split]
  /// Questions whose rows say another split than others of the same clip.
  let moved: Int

  init(_ store: RunStore) throws {
    let given = try store.givenSplits()
    ofClip = Dictionary(
      given.compactMap { clip in Split(rawValue: clip.split).map { (clip.clip, $0) } }, uniquingKeysWith: { $1 })
    moved = given.reduce(0) { $0 + $1.moved }
  }

  /// What a clip without a split takes from those it shares a recording with: the one that is held back most.
  func byGroup(_ clips: [ClipRecordings], _ groups: RecordingGroups) -> [String: Split] {
    var splits: [String: Split] = [:]
    let order = Split.allCases
    for clip in clips {
      guard let split = ofClip[clip.clip] else { continue }
      let group = groups.group(of: clip.recordings.first ?? clip.clip)
      let held = max(order.firstIndex(of: split) ?? 0, splits[group].flatMap(order.firstIndex) ?? 0)
      splits[group] = order[held]
    }
    return splits
  }
}
