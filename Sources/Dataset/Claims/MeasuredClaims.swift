/// Holds what a question says of measured quantities against the measurements.
public struct MeasuredClaims: Sendable {
  private let measured: ClipMeasurements

  public init(_ measured: ClipMeasurements) { self.measured = measured }

  /// A right answer that the measurements contradict, or else a wrong one that they bear out. Nil where the question asks
  /// for nothing that was measured, or its answer says nothing plain of it.
  public func finding(in question: WrittenQuestion) -> Finding? {
    guard let topic = MeasuredTopic(stem: question.stem) else { return nil }
    let judge = { (text: String) in agreement(text, topic, question.stem) }
    let wrong = question.distractors.filter { judge($0) == .exact }
    switch judge(question.correct) {
    case nil, .open?: return nil
    case .no?: return contradicted(question, topic)
    // Where another choice is what was measured, an answer that is nearly so is wrong.
    case .loose?: return wrong.isEmpty ? nil : contradicted(question, topic)
    case .exact?:
      return wrong.first.map {
        Finding(.trueDistractor, "Measured is \(value(topic)), and '\(shortened($0))' says so too.")
      }
    }
  }

  /// Whether a question asks for something that is measured.
  public static func areMade(in question: WrittenQuestion) -> Bool { MeasuredTopic(stem: question.stem) != nil }

  private enum Agreement { case exact, loose, no, open }

  private func contradicted(_ question: WrittenQuestion, _ topic: MeasuredTopic) -> Finding {
    Finding(.contradicted, "Measured is \(value(topic)), not '\(shortened(question.correct))'.")
  }

  /// Nil where a choice says nothing of the topic.
  private func agreement(_ text: String, _ topic: MeasuredTopic, _ stem: String) -> Agreement? {
    switch topic {
    case .eventCount: count(text)
    case .duration: duration(text, stem)
    case .tempo: tempo(text)
    case .loudness: course(text, measured.loudness, change: measured.level.changeDB)
    case .pitch: course(text, measured.pitchCourse, change: nil)
    case .loudestEvent: loudestEvent(text)
    case .loudestPart: loudestPart(text)
    }
  }

  /// Up to eight events are counted; of more, a listener is allowed one in ten.
  private func count(_ text: String) -> Agreement? {
    guard let number = NumberPhrase(text), number.unit == nil, number.end == nil, !number.isBound else { return nil }
    let distance = abs(number.value - Double(measured.events.count))
    if distance == 0 { return .exact }
    return measured.events.count > 8 && distance <= Double(measured.events.count) / 10 ? .loose : .no
  }

  /// A time is true where it is nearer than half of its last digit and 0.05 s, or 3 % of the whole: captions round to a
  /// tenth of a second.
  private func duration(_ text: String, _ stem: String) -> Agreement? {
    guard let number = NumberPhrase(text) else { return nil }
    guard let unit = number.unit ?? Self.unit(in: stem), unit.quantity == .time else { return nil }
    if let end = number.end {
      return (number.value * unit.scale...max(number.value, end) * unit.scale).contains(measured.seconds) ? .exact : .no
    }
    let digit = (0..<number.decimals).reduce(unit.scale) { place, _ in place / 10 }
    let distance = abs(number.value * unit.scale - measured.seconds)
    if distance <= max(min(digit, 1) / 2 + 0.05, 0.03 * measured.seconds) + 1e-9 { return .exact }
    return distance <= 0.08 * measured.seconds ? .loose : .no
  }

  /// Listeners tap along at half and at twice the tempo as well.
  private func tempo(_ text: String) -> Agreement? {
    guard let number = NumberPhrase(text), number.unit.map({ $0.quantity == .tempo }) ?? number.noun.isEmpty else {
      return nil
    }
    guard let beats = measured.tempo?.beatsPerMinute, beats > 0, number.value > 0 else { return .open }
    if let end = number.end { return (number.value...max(number.value, end)).contains(beats) ? .exact : .no }
    let isNear = { (other: Double) in abs(number.value - other) <= 0.04 * other + 0.5 }
    if isNear(beats) { return .exact }
    return isNear(beats / 2) || isNear(beats * 2) ? .loose : .no
  }

  private func course(_ text: String, _ course: CourseClaim?, change: Double?) -> Agreement? {
    guard let claim = CourseClaim(reading: text) else { return nil }
    guard let course else { return .open }
    if claim == course { return .exact }
    return claim.isContradicted(by: course, change: change) ? .no : .loose
  }

  /// "the second", "third event", "the last one"; events within 1 dB of the loudest are as loud.
  private func loudestEvent(_ text: String) -> Agreement? {
    let words = Dataset.words(in: text).map { String(decoding: $0.utf8, as: UTF8.self) }
    let last = words.contains("last") || words.contains("final") ? measured.events.count : nil
    guard let place = last ?? words.lazy.compactMap(NumberWords.ordinal).first else { return nil }
    guard let most = measured.events.map(\.peakDBFS).max(), measured.events.count > 1 else { return .open }
    guard measured.events.indices.contains(place - 1) else { return .no }
    let below = most - measured.events[place - 1].peakDBFS
    if below == 0 { return .exact }
    return below < 1 ? .loose : .no
  }

  /// "at the beginning", "in the middle", "near the end": thirds of the clip, with a tenth to either side.
  private func loudestPart(_ text: String) -> Agreement? {
    let words = Set(Dataset.words(in: text).map { String(decoding: $0.utf8, as: UTF8.self) })
    let parts: [(names: Set<String>, share: ClosedRange<Double>)] = [
      (["beginning", "start", "opening", "outset"], 0...1.0 / 3),
      (["middle", "halfway", "midpoint", "centre", "center"], 1.0 / 3...2.0 / 3),
      (["end", "ending", "close", "finish"], 2.0 / 3...1),
    ]
    let told = parts.filter { !$0.names.isDisjoint(with: words) }
    guard told.count == 1, let part = told.first else { return nil }
    guard measured.seconds > 0, measured.loudness != .steady else { return .open }
    let place = measured.level.loudestSeconds / measured.seconds
    if part.share.contains(place) { return .exact }
    return (part.share.lowerBound - 0.1...part.share.upperBound + 0.1).contains(place) ? .loose : .no
  }

  /// The unit that a stem asks an answer in.
  private static func unit(in stem: String) -> MeasureUnit? {
    Dataset.words(in: stem).lazy.compactMap { MeasureUnit(String(decoding: $0.utf8, as: UTF8.self)) }.first {
      $0.quantity == .time && $0.name != "hours"
    }
  }

  private func value(_ topic: MeasuredTopic) -> String {
    switch topic {
    case .eventCount: "\(measured.events.count) events"
    case .duration: "\((measured.seconds * 100).rounded() / 100) s"
    case .tempo: measured.tempo.map { "\($0.beatsPerMinute.rounded()) beats per minute" } ?? "no tempo"
    case .loudness: "a loudness \(measured.loudness?.words ?? "of no known course")"
    case .pitch: "a pitch \(measured.pitchCourse?.words ?? "that is not clear")"
    case .loudestEvent:
      "event \((measured.events.indices.max { measured.events[$0].peakDBFS < measured.events[$1].peakDBFS } ?? 0) + 1)"
    case .loudestPart: "the loudest moment at \((measured.level.loudestSeconds * 10).rounded() / 10) s"
    }
  }
}
