public import Dataset

/// Keeps what a run is trained on apart from what it is measured by, over all phases.
public enum HeldOutCheck {
  /// Takes rows out of the training sets that share a sound, clip or recording with what any phase held out of its own
  /// training rows, and notes it.
  ///
  /// Throws where a dev or test file shares one with the training rows of any phase, and a dev file with a test file: which
  /// of the two is to go without is for the user to say.
  public static func separated(_ data: [PhaseData], phases: [String]) throws -> [PhaseData] {
    var data = data
    let shares = names(in: data.filter(\.devIsShare).compactMap(\.dev))
    for index in data.indices {
      let count = data[index].train.count
      data[index].train.remove { !$0.placeNames.isDisjoint(with: shares) }
      let removed = count - data[index].train.count
      guard removed > 0 else { continue }
      data[index].notes.append(
        "\(phases[index]): \(removed) of \(count) training rows are left out: their sounds are held out in another phase."
      )
      guard data[index].train.count > 0 else {
        throw TrainingDataError.nothingUsable(
          files: [], phase: phases[index], reason: "their sounds are held out in another phase")
      }
    }
    let train = data.map(\.train)
    let test = data.compactMap(\.test)
    try refuse(train, "train", data.filter { !$0.devIsShare }.compactMap(\.dev), "dev")
    try refuse(train, "train", test, "test")
    try refuse(data.compactMap(\.dev), "dev", test, "test")
    return data
  }

  private static func names(in sets: [TrainingSet]) -> Set<String> {
    sets.reduce(into: []) { names, set in for row in set.questions { names.formUnion(row.placeNames) } }
  }

  private static func refuse(_ sets: [TrainingSet], _ part: String, _ others: [TrainingSet], _ other: String) throws {
    guard let shared = SharedPlaces(names(in: sets), with: names(in: others)) else { return }
    throw TrainingDataError.sharedSounds(count: shared.count, first: shared.first, parts: [part, other])
  }

  /// What training and dev rows have in common with `places`, which are asked elsewhere; nil where that is nothing.
  public static func shared(by data: [PhaseData], with places: Set<String>) -> SharedPlaces? {
    SharedPlaces(names(in: data.flatMap { [$0.train] + ($0.dev.map { [$0] } ?? []) }), with: places)
  }
}
