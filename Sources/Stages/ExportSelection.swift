import Dataset
import Store

/// The questions of one part of a set that an export takes, and their order. What is held in memory does not grow with the set,
/// but for 16 bytes a question and the names of the clips where the order is shuffled.
struct ExportSelection {
  /// A question and its clip.
  struct Item {
    var row: ExportRow
    var question: QuestionRecord
    /// The clip's number in its part, from 0, by id.
    var clipNumber: Int
  }

  /// The place of a question: where it comes in the order, and where it is found.
  private struct Place: Comparable {
    var rank: UInt64
    var clip: UInt32
    /// Its number among the clip's questions here.
    var number: UInt32

    static func < (one: Place, other: Place) -> Bool {
      (one.rank, one.clip, one.number) < (other.rank, other.clip, other.number)
    }
  }

  private static let page = 512
  let part: ExportPart
  private let store: RunStore
  private let options: ExportOptions
  /// In the order of the export, where that is shuffled; then `clips` has the clips' ids.
  private var places: [Place] = []
  private var clips: [String] = []

  init(_ store: RunStore, part: ExportPart, options: ExportOptions) throws {
    self.part = part
    self.store = store
    self.options = options
    if let seed = options.shuffleSeed { try shuffle(seed) }
  }

  /// The clips with the questions that are taken, by id.
  func cursor() -> ExportCursor {
    let (seed, isMeant) = (options.shuffleSeed, isMeant)
    let last = places.last?.rank
    return ExportCursor(store: store, split: part.split, limit: seed == nil ? options.limit : nil) { question in
      guard isMeant(question) else { return false }
      guard let seed else { return true }
      return last.map { Self.rank(of: question, seed) <= $0 } ?? false
    }
  }

  /// Calls `body` with each question in the export's order.
  func eachItem(_ body: (Item) throws -> Void) throws {
    if options.shuffleSeed != nil { return try eachShuffledItem(body) }
    var cursor = cursor()
    var clipNumber = 0
    while let rows = try cursor.next() {
      for row in rows {
        for question in row.questions { try body(Item(row: row, question: question, clipNumber: clipNumber)) }
        clipNumber += 1
      }
    }
  }

  /// Whether a question is one of the part's, and of those alone that the export is to take.
  private var isMeant: (QuestionRecord) -> Bool {
    let (part, only) = (part, options.only?.rawValue)
    return { part.holds($0) && (only == nil || $0.contribution == only) }
  }

  /// By the hash of seed and id, so that the order of two questions does not depend on what else is in the set.
  private static func rank(of question: QuestionRecord, _ seed: UInt64) -> UInt64 {
    stableHash("earshot export order 1", String(seed), question.id)
  }

  private mutating func shuffle(_ seed: UInt64) throws {
    var cursor = ExportCursor(store: store, split: part.split, limit: nil, isTaken: isMeant)
    while let rows = try cursor.next() {
      for row in rows {
        for (number, question) in row.questions.enumerated() {
          let rank = Self.rank(of: question, seed)
          places.append(Place(rank: rank, clip: UInt32(clips.count), number: UInt32(number)))
        }
        clips.append(row.clip.id)
      }
    }
    places.sort()
    if let limit = options.limit { places.removeLast(max(0, places.count - limit)) }
  }

  private func eachShuffledItem(_ body: (Item) throws -> Void) throws {
    for start in stride(from: 0, to: places.count, by: Self.page) {
      let page = places[start..<min(start + Self.page, places.count)]
      let wanted = Set(page.map(\.clip)).sorted()
      let rows = try store.exportRows(clips: wanted.map { clips[Int($0)] })
      let byID = Dictionary(rows.map { ($0.clip.id, $0) }, uniquingKeysWith: { first, _ in first })
      for place in page {
        // A run that changes the set meanwhile may have taken the question away.
        guard let row = byID[clips[Int(place.clip)]], let question = question(place, of: row) else {
          throw StagesError.unfinishedSet(store.path)
        }
        try body(Item(row: row, question: question, clipNumber: Int(place.clip)))
      }
      try Task.checkCancellation()
    }
  }

  private func question(_ place: Place, of row: ExportRow) -> QuestionRecord? {
    let chosen = row.questions.filter(isMeant)
    return chosen.indices.contains(Int(place.number)) ? chosen[Int(place.number)] : nil
  }
}

/// Goes over a split's clips by id, some hundred at a time.
struct ExportCursor {
  private let store: RunStore
  private let split: String
  private let isTaken: (QuestionRecord) -> Bool
  /// How many questions may still come.
  private var left: Int
  private var last = ""

  init(store: RunStore, split: String, limit: Int?, isTaken: @escaping (QuestionRecord) -> Bool) {
    self.store = store
    self.split = split
    self.isTaken = isTaken
    left = limit ?? .max
  }

  /// The next clips that have questions here, with these alone; nil after the last.
  mutating func next() throws -> [ExportRow]? {
    while left > 0 {
      try Task.checkCancellation()
      let rows = try store.exportRows(split: split, from: last, limit: 512)
      guard let end = rows.last else { return nil }
      last = end.clip.id
      let taken = rows.compactMap { take($0) }
      if !taken.isEmpty { return taken }
    }
    return nil
  }

  private mutating func take(_ row: ExportRow) -> ExportRow? {
    var row = row
    row.questions = Array(row.questions.filter(isTaken).prefix(left))
    left -= row.questions.count
    return row.questions.isEmpty ? nil : row
  }
}
