/// The way loudness or pitch goes over a clip, as a text says it.
enum CourseClaim: String, Equatable {
  case steady, rising, falling, risingThenFalling, fallingThenRising, wandering

  /// A course or contour of the acoustic measurements.
  init?(measured name: String) {
    switch name {
    case "steady": self = .steady
    case "rising": self = .rising
    case "falling": self = .falling
    case "swelling", "arching": self = .risingThenFalling
    case "dipping": self = .fallingThenRising
    case "fluctuating", "varying": self = .wandering
    default: return nil
    }
  }

  /// What a text says of a course; nil where it says nothing plain, or denies something.
  init?(reading text: String) {
    let words = Dataset.words(in: text).map { String(decoding: $0.utf8, as: UTF8.self) }
    let stems = words.map(ContentWords.stem)
    let isDenied = words.contains { ["not", "no", "never", "without", "t", "neither", "nor"].contains($0) }
    if isDenied {
      guard stems.contains(where: { ["chang", "change", "vary"].contains($0) }) else { return nil }
      self = .steady
      return
    }
    if stems.contains(where: Self.wanderWords.contains) || Self.upAndDown.match(in: Dataset.words(in: text)) != nil {
      self = .wandering
      return
    }
    if stems.contains("arch") {
      self = .risingThenFalling
      return
    }
    guard let course = Self.course(of: Self.moves(words, stems)) else { return nil }
    self = course
  }

  private enum Move { case up, down, level }

  /// Each move once, in their order; "fades in" is one up, "louder and louder" one.
  private static func moves(_ words: [String], _ stems: [String]) -> [Move] {
    var moves: [Move] = []
    for (place, stem) in stems.enumerated() {
      let next = place + 1 < words.count ? words[place + 1] : ""
      let move: Move? =
        if stem == "fad" || stem == "fade" {
          next == "in" ? .up : .down
        } else if upWords.contains(stem) {
          .up
        } else if downWords.contains(stem) {
          .down
        } else if levelWords.contains(stem) {
          .level
        } else {
          nil
        }
      if let move, moves.last != move { moves.append(move) }
    }
    return moves
  }

  private static func course(of moves: [Move]) -> CourseClaim? {
    // "stays level" is steady; "rises steadily" and "a constant rise" are moves.
    let real = moves.filter { $0 != .level }
    switch real {
    case []: return moves.isEmpty ? nil : .steady
    case [.up]: return .rising
    case [.down]: return .falling
    case [.up, .down]: return .risingThenFalling
    case [.down, .up]: return .fallingThenRising
    default: return .wandering
    }
  }

  private static let upAndDown = MetaPhrase("up and down")
  private static let upWords = stems(
    "rise rises rising rose increase increases increasing grow grows growing climb climbs climbing ascend ascends "
      + "ascending up upward upwards higher louder crescendo build builds building swell swells swelling intensify "
      + "intensifies recover recovers recovering return returns returning strengthens")
  private static let downWords = stems(
    "fall falls falling fell decrease decreases decreasing drop drops dropping descend descends descending down downward "
      + "downwards lower quieter softer decrescendo diminuendo diminish diminishes die dies dying dip dips dipping sag sags "
      + "sagging recede recedes receding sink sinks weaken weakens subside subsides decay decays taper tapers lessens")
  private static let levelWords = stems(
    "steady steadily constant constantly even evenly stable same unchanged consistent level flat uniform monotone hold "
      + "holds stay stays remain remains")
  private static let wanderWords = stems(
    "fluctuate fluctuates fluctuating vary varies varying wander wanders wandering irregular irregularly erratic "
      + "erratically unpredictable unpredictably waver wavers changing fluctuation")

  private static func stems(_ list: String) -> Set<String> {
    Set(list.split(separator: " ").map { ContentWords.stem(String($0)) })
  }

  /// Whether a claim cannot be true of what was measured. A part of a longer course is not false: of what swells one may
  /// say that it grows, where the end is louder than the start.
  ///
  /// - Parameter change: from start to end, positive for up; nil where it is not known.
  func isContradicted(by measured: CourseClaim, change: Double?) -> Bool {
    if self == measured { return false }
    let isMoving = measured == .risingThenFalling || measured == .fallingThenRising || measured == .wandering
    switch self {
    case .rising: return !(isMoving && (change ?? 0) >= 3)
    case .falling: return !(isMoving && (change ?? 0) <= -3)
    case .wandering: return measured == .steady || measured == .rising || measured == .falling
    case .steady, .risingThenFalling, .fallingThenRising: return true
    }
  }

  /// For a message.
  var words: String {
    switch self {
    case .steady: "steady"
    case .rising: "rising"
    case .falling: "falling"
    case .risingThenFalling: "rising, then falling"
    case .fallingThenRising: "falling, then rising"
    case .wandering: "going up and down"
    }
  }
}
