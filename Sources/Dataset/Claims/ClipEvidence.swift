/// What is known of a clip, against which its questions are held.
public struct ClipEvidence: Sendable, Equatable {
  /// All captions that the writer saw: what it may quote.
  public var captions: [String]
  /// Those in free text; what acoustic measurements say in sentences is not among them.
  public var told: [String]
  public var labels: [String]
  /// Nil where nothing was measured.
  public var measured: ClipMeasurements?

  public init(captions: [String], told: [String]? = nil, labels: [String] = [], measured: ClipMeasurements? = nil) {
    self.captions = captions
    self.told = told ?? captions
    self.labels = labels
    self.measured = measured
  }

  /// How far the captions can be trusted.
  public var trust: CaptionTrust { CaptionTrust(captions: told, measured: measured) }

  /// Whether what a question says of the clip is borne out.
  public func verdict(on question: WrittenQuestion) -> Verdict {
    finding(in: question).map { Verdict(code: $0.code, detail: $0.detail) } ?? .accepted
  }

  /// Whether wrong choices that a question's writer did not give are wrong of the clip, as far as is known of it: no
  /// caption says one and no label, and the measurements bear none out.
  public func denies(distractorsOf question: WrittenQuestion) -> Bool {
    var alone = question
    alone.distractors = []
    guard finding(in: question) == finding(in: alone) else { return false }
    let events = CaptionEvents(captions: told, labels: labels)
    return !question.distractors.contains(where: events.support)
  }

  /// What is wrong with what a question says of the clip.
  func finding(in question: WrittenQuestion) -> Finding? {
    measured.flatMap { MeasuredClaims($0).finding(in: question) }
      ?? CaptionClaims(captions: told, labels: labels).finding(in: question)
  }
}
