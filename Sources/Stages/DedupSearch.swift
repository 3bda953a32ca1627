import Dataset
import Pipelines
import Store
import Tensors

/// The search for duplicates over the whole set, from the store and back to it.
///
/// Signatures are kept as they are made, and pairs before clusters are made of them, so that a search that was killed goes
/// on from there. It blocks, and is for a thread of its own.
struct DedupSearch: Sendable {
  /// Why a question is out, where it is this search that says so.
  static let codes = [ReasonCode.repeatedOfSound, .templateCap, .sameMeaning].map(\.rawValue)
  private static let page = 8_192

  let settings: DedupSettings
  let context: StageContext

  init(_ settings: DedupSettings, _ context: StageContext) {
    self.settings = settings
    self.context = context
  }

  /// Whether the store's clusters are those of the set as it is, by these settings and with what is known of the sounds.
  func isCurrent() throws -> Bool {
    try context.store.duplicateSearch() == name(of: try context.store.soundGroups())
  }

  /// Searches, and replaces what the last search said. One that is not `isWhole` is made again by the next run.
  func run(isWhole: Bool = true) throws {
    let sounds = try context.store.soundGroups()
    try context.store.cleanSignatures(settings: settings.near.signatureKey)
    let set = try read(sounds)
    let pairs = try pairs(of: set)
    let clusters = try set.search.clusters(settings.limits, pairs: pairs) { try meanings(of: $0, in: set) }
      .map { set.record($0) }
    try context.store.commit(
      clusters: clusters, codes: Self.codes, of: name(of: sounds) + (isWhole ? "" : ", in part"), context.place)
  }

  /// Names what a search is made with. The questions are no part of it: the store forgets the name when one changes.
  private func name(of sounds: [String: String]) -> String {
    let parts = settings.parts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    let clips = sounds.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    return ContentID.make(domain: "earshot duplicate search 1", parts + [""] + clips)
  }

  /// Reads the questions a page at a time, and keeps the signatures that are new.
  private func read(_ sounds: [String: String]) throws -> SearchedSet {
    var set = SearchedSet(search: DuplicateSearch(settings.near))
    var last: (clip: String, ordinal: Int)?
    while true {
      let page = try context.store.duplicateCandidates(
        context.place, codes: Self.codes, after: last, limit: Self.page)
      guard let end = page.last else { return set }
      last = (end.clip, end.ordinal)
      let first = set.ids.count
      set.add(page, sounds: sounds, meaning: settings.meaning, threads: context.threads)
      let new = page.enumerated().filter { $0.element.signature?.count != settings.near.bands }
      try context.store.commit(
        signatures: new.map { ($0.element.id, Array(set.search.texts.signature(ofQuestion: first + $0.offset))) },
        settings: settings.near.signatureKey)
    }
  }

  /// The clusters of the questions of one sound, by their vectors; a question without one is like none.
  private func meanings(of group: [Int], in set: SearchedSet) throws -> [DuplicateCluster] {
    guard let meaning = settings.meaning else { return [] }
    let keys = group.map { set.meanings[$0] }
    let vectors = try context.store.embeddings(of: keys).mapValues(CosinePairs.normalised)
    guard let dimension = vectors.values.map(\.count).max() else { return [] }
    var clusters = MeaningClusters()
    CosinePairs.find(
      count: group.count, dimension: dimension, threshold: Float(meaning.similarity),
      rows: { range in
        range.flatMap { place in
          vectors[keys[place]].flatMap { $0.count == dimension ? $0 : nil } ?? [Float](repeating: 0, count: dimension)
        }
      },
      found: { clusters.add(first: $0, second: $1, similarity: Double($2)) })
    return clusters.clusters(of: group)
  }

  private func pairs(of set: SearchedSet) throws -> [NearPair] {
    let input = ContentID.make(
      domain: "earshot duplicate pairs 1", [settings.near.signatureKey, "\(settings.near.similarity)"] + set.ids)
    if let known = try context.store.duplicatePairs(of: input) { return set.pairs(known) }
    let pairs = set.search.texts.nearPairs(threads: context.threads)
    try context.store.commit(pairs: pairs.map { set.record($0) }, of: input)
    return pairs
  }
}

/// Questions by their numbers in the search.
private struct SearchedSet {
  var search: DuplicateSearch
  var ids: [String] = []
  /// The keys of the questions' vectors; empty where meanings are not compared.
  var meanings: [String] = []

  mutating func add(
    _ page: [DuplicateCandidate], sounds: [String: String], meaning: MeaningSettings?, threads: Int
  ) {
    if let meaning {
      meanings += page.map { meaning.key(of: MeaningSettings.text(stem: $0.stem, correct: $0.correct)) }
    }
    search.add(
      page.map { question in
        // The questions of one clip were held against each other already, those of clips that sound alike were not.
        let cluster = sounds[question.clip]
        return DuplicateSearch.Question(
          stem: question.stem, choices: [question.correct] + question.distractors, answer: question.correct,
          sound: cluster.map { "cluster " + $0 } ?? question.clip, isCompared: cluster != nil,
          signature: question.signature)
      }, threads: threads)
    ids += page.map(\.id)
  }

  func record(_ cluster: DuplicateCluster) -> DuplicateClusterRecord {
    DuplicateClusterRecord(
      kind: cluster.kind.rawValue, survivor: ids[cluster.members[0].question],
      members: cluster.members.map {
        .init(question: ids[$0.question], similarity: $0.similarity, code: $0.code?.rawValue)
      })
  }

  func record(_ pair: NearPair) -> DuplicatePairRecord {
    let first = search.texts.firstQuestion
    return DuplicatePairRecord(
      first: ids[Int(first[Int(pair.first)])], second: ids[Int(first[Int(pair.second)])],
      similarity: Double(pair.similarity))
  }

  func pairs(_ records: [DuplicatePairRecord]) -> [NearPair] {
    var numbers: [String: UInt32] = [:]
    for (text, question) in search.texts.firstQuestion.enumerated() { numbers[ids[Int(question)]] = UInt32(text) }
    return records.compactMap { record in
      guard let first = numbers[record.first], let second = numbers[record.second] else { return nil }
      return NearPair(first: first, second: second, similarity: Float(record.similarity))
    }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }
}
