import Chat
import Dataset
import Foundation
public import Store

/// The whole chain that led to a question: file, samples, captions, request, raw answer, verdict, duplicates.
public struct Explanation: Sendable, Encodable {
  public struct Caption: Sendable, Encodable {
    public var captioner: String
    public var text: String
    public var facts: String?
    public var model: String?
    public var revision: String?
    /// The prompt's name, and the SHA-256 of its file.
    public var prompt: String?
    public var promptSHA256: String?
    /// As JSON.
    public var sampling: String?
    public var meanLogProbability: Double?
    public var origin: String?
    /// What a reader should know of the text, such as that it was cut off.
    public var remark: String?
    public var requestKey: String?

    init(_ record: CaptionRecord, text: String, in store: RunStore) throws {
      captioner = record.captioner
      self.text = text
      facts = record.facts
      model = record.source.model
      revision = record.source.revision
      promptSHA256 = record.source.prompt
      prompt = try record.source.prompt.flatMap { try store.prompt(hash: $0)?.name }
      sampling = record.source.sampling
      meanLogProbability = record.meanLogProbability
      origin = record.source.origin
      remark = record.detail
      requestKey = record.request
    }
  }

  public var id: String
  public var question: String
  public var correct: String
  public var distractors: [String]
  public var evidence: String
  /// As shown, where the question is in the set.
  public var choices: [String]?
  public var answerIndex: Int?
  public var split: String?
  /// "accepted", or the stage and reason code that put it out.
  public var verdict: String
  public var detail: String?
  public var duplicateOf: String?
  public var similarity: Double?
  /// "strong" or "weak", and the shares of answers that were right without the sound and with it, where judges were
  /// asked.
  public var audioContribution: String?
  public var judged: [String: Double]?
  public var clip: String
  public var samplesSHA256: String
  public var seconds: Double
  public var labels: [String]
  /// How far the captions can be trusted, 0...1, and what they say against each other or the measurements.
  public var trust: Double?
  public var contradictions: [String]
  /// Every file and stretch that the clip was found in.
  public var sources: [String]
  /// The set, file and line that the question was imported from.
  public var importedFrom: String?
  public var captions: [Caption]
  public var requestKey: String?
  public var request: String?
  public var responseStatus: Int?
  public var response: String?
  /// The other questions of the same answer, with what became of them.
  public var siblings: [String]

  public init(of id: String, in store: RunStore) throws {
    let record = try store.question(id: id)
    guard let found = try store.clips([record.clip]).first else { throw StoreError.noSuchQuestion(id: id) }
    self.id = id
    question = record.stem
    correct = record.correct
    distractors = record.distractors
    evidence = record.evidence
    choices = record.choices
    answerIndex = record.answerIndex
    split = found.split
    verdict = Self.verdict(record)
    detail = record.verdict?.detail
    duplicateOf = record.verdict?.survivor
    similarity = record.verdict?.similarity
    let dependence = try store.dependence(of: id)
    audioContribution = dependence?.contribution
    judged = dependence.map { record in
      [
        "blind": record.blind, "silent": record.silent, "swapped": record.swapped, "heard": record.heard,
        "margin": record.margin, "votes": Double(record.votes), "judges": Double(record.judges),
      ].compactMapValues(\.self)
    }
    clip = found.id
    samplesSHA256 = found.sha256
    seconds = found.seconds
    labels = found.labels
    trust = found.trust
    contradictions = try store.contradictions(of: found.id)
    sources = try store.sources(of: clip).map {
      $0.startFrame == 0 ? $0.path : "\($0.path) from frame \($0.startFrame), \($0.frames) frames"
    }
    importedFrom = try store.importPlace(of: id).map { "\($0.set), \($0.path):\($0.line)" }
    captions = try store.captions(of: clip).compactMap { caption in
      try caption.text.map { try Caption(caption, text: $0, in: store) }
    }
    let key = try store.writing(of: clip)?.request
    let response = try key.flatMap { try store.response(to: $0) }
    requestKey = key
    request = try key.flatMap { try store.request(key: $0) }.map { String(decoding: $0.body, as: UTF8.self) }
    responseStatus = response?.status
    self.response = response.map { String(decoding: $0.body, as: UTF8.self) }
    siblings = try store.allQuestions(of: clip).filter { $0.id != id }
      .map { "\($0.id)  \(Self.verdict($0))  \($0.stem)" }
  }

  private static func verdict(_ record: QuestionRecord) -> String {
    if let verdict = record.verdict { return "\(verdict.code) by \(verdict.stage)" }
    return record.answerIndex == nil ? "not yet balanced" : "accepted"
  }
}
