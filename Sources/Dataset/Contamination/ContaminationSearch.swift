/// Looks for a set's questions and sounds among the items of test sets. Used by one thread.
///
///     var search = ContaminationSearch(index)
///     for question in questions { search.add(stem: …, choices: …) }
///     let matches = search.matches()
public struct ContaminationSearch {
  private let index: ContaminationIndex
  private var hash: MinHash
  private var similarity: TrueSimilarity
  private var keys: [UInt32]
  private var found: [Int: [ContaminationMatch]] = [:]
  /// Runs of words that questions share with items.
  private var runs: [(question: Int, run: UInt64, item: UInt32, words: String)] = []
  private var questionsOfRun: [UInt64: Int] = [:]
  private var count = 0

  public init(_ index: ContaminationIndex) {
    self.index = index
    hash = MinHash(index.settings.near)
    similarity = TrueSimilarity(shingle: index.settings.near.shingle)
    keys = Array(repeating: 0, count: index.settings.near.bands)
  }

  /// Adds a question, and returns its number.
  @discardableResult public mutating func add(stem: String, choices: [String]) -> Int {
    var text: [UInt8] = []
    PlainBytes.append(stem: stem, choices: choices, to: &text)
    let question = count
    count += 1
    text.withUnsafeBufferPointer { text in
      findSimilar(text, question)
      findRuns(text, question)
    }
    return question
  }

  /// For each question with matches, by number: those by its words. A run of words that more questions have than a phrase
  /// may is none.
  public func matches() -> [Int: [ContaminationMatch]] {
    var matches = found
    for run in runs where questionsOfRun[run.run] ?? 0 <= index.settings.phrase {
      let match = match(.words, run.item, detail: run.words)
      let isKnown = matches[run.question]?.contains { $0.file == match.file && $0.line == match.line } ?? false
      if !isKnown { matches[run.question, default: []].append(match) }
    }
    return matches
  }

  /// The items whose sound may be the one of these names and columns; `seconds` is its length.
  public static func soundMatches(
    _ index: ContaminationIndex, files: [String], seconds: Double?, columns: [String: String]
  ) -> [ContaminationMatch] {
    let lowered = Dictionary(columns.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
    let sounds = SoundMembers.identities(audio: files, seconds: seconds) { lowered[$0] }
    var matches: [ContaminationMatch] = []
    for sound in sounds {
      for item in index.items(of: sound) {
        guard let other = index.items[Int(item)].sounds.first(where: { $0.meets(sound) }) else { continue }
        let match = ContaminationMatch(
          kind: kind(of: sound), file: index.fileOfItem[Int(item)], item: index.items[Int(item)].id,
          line: index.items[Int(item)].line, detail: other.text)
        if !matches.contains(match) { matches.append(match) }
      }
    }
    return matches
  }

  private static func kind(of sound: SoundIdentity) -> ContaminationMatch.Kind {
    switch sound {
    case .youTube: .youTube
    case .freesound: .freesound
    case .fileName: .fileName
    }
  }

  private mutating func findSimilar(_ text: UnsafeBufferPointer<UInt8>, _ question: Int) {
    keys.withUnsafeMutableBufferPointer { hash.keys(of: text, into: $0) }
    var seen = Set<UInt32>()
    for (band, key) in keys.enumerated() { seen.formUnion(index.candidates(band, key)) }
    guard !seen.isEmpty else { return }
    similarity.take(text)
    for item in seen.sorted() {
      let value = index.withText(item) { similarity.similarity(to: $0) }
      guard value >= index.settings.near.similarity else { continue }
      found[question, default: []].append(
        match(.question, item, detail: index.items[Int(item)].question, similarity: value))
    }
  }

  private mutating func findRuns(_ text: UnsafeBufferPointer<UInt8>, _ question: Int) {
    var counted = Set<UInt64>()
    for run in WordRuns.all(in: text, length: index.settings.words) {
      let items = index.items(withRun: run.hash)
      guard !items.isEmpty else { continue }
      if counted.insert(run.hash).inserted { questionsOfRun[run.hash, default: 0] += 1 }
      for item in items {
        let words = String(decoding: text[run.start..<run.end], as: UTF8.self).replacing("\n", with: " ")
        runs.append((question, run.hash, item, words))
      }
    }
  }

  private func match(
    _ kind: ContaminationMatch.Kind, _ item: UInt32, detail: String, similarity: Double? = nil
  ) -> ContaminationMatch {
    ContaminationMatch(
      kind: kind, file: index.fileOfItem[Int(item)], item: index.items[Int(item)].id,
      line: index.items[Int(item)].line, detail: detail, similarity: similarity)
  }
}
