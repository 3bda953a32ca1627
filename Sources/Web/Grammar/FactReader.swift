/// Finds the sentences of the acoustic captioner in a text, wherever they stand.
struct FactReader {
  private let bytes: [UInt8]
  private var facts = RecordingFacts()

  /// The first statement of each fact in `text`.
  static func facts(in text: String) -> RecordingFacts {
    var reader = FactReader(bytes: Array(text.utf8))
    reader.readAll()
    return reader.facts
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  private mutating func readAll() {
    var place = 0
    var isInsideWord = false
    while place < bytes.count {
      let byte = bytes[place]
      let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z") || byte >= 0x80
      let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
      let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      if !isInsideWord, isUpper || isDigit, let end = readSentence(at: place) {
        place = end
        isInsideWord = false
      } else {
        isInsideWord = isLetter || isDigit
        place += 1
      }
    }
  }

  /// The end of the sentence at `place`, where it is one of the patterns.
  private mutating func readSentence(at place: Int) -> Int? {
    let readers: [(inout SentenceCursor, inout RecordingFacts) -> Bool] =
      switch bytes[place] {
      case UInt8(ascii: "I"): [Self.duration, Self.level, Self.course, Self.character]
      case UInt8(ascii: "T"): [Self.labels, Self.pitch, Self.centroid, Self.silence, Self.events]
      case UInt8(ascii: "S"): [Self.silence, Self.events]
      case UInt8(ascii: "A"): [Self.tempo]
      default: [Self.events]
      }
    for read in readers {
      var cursor = SentenceCursor(bytes, at: place)
      if read(&cursor, &facts) { return cursor.position }
    }
    return nil
  }

  /// The statement of `value`, which the cursor has just read from `start`.
  private static func stated<Value>(
    _ value: Value, from start: Int, in cursor: SentenceCursor
  ) -> RecordingFacts.Stated<Value> {
    .init(value: value, evidence: String(decoding: cursor.bytes[start..<cursor.position], as: UTF8.self))
  }
}

extension FactReader {
  private static func labels(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    guard cursor.take("The recording is labelled "),
      let labels = cursor.takeList({ $0.take("\"") ? $0.takeText(until: UInt8(ascii: "\"")) : nil }), cursor.take(".")
    else { return false }
    facts.labels = facts.labels ?? stated(labels, from: start, in: cursor)
    return true
  }

  private static func duration(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    guard cursor.take("It lasts "), let duration = cursor.takeSeconds(), cursor.take(".") else { return false }
    facts.duration = facts.duration ?? stated(duration, from: start, in: cursor)
    return true
  }

  private static func level(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    guard cursor.take("Its average level is "), let average = cursor.takeDecimal(decimals: 1),
      cursor.take(" dBFS and its peak is "), let peak = cursor.takeDecimal(decimals: 1), cursor.take(" dBFS.")
    else { return false }
    facts.level = facts.level ?? stated(.init(average: average, peak: peak), from: start, in: cursor)
    return true
  }

  private static func course(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    let course: RecordingFacts.Course
    if cursor.take("Its loudness stays even.") {
      course = .even
    } else if cursor.take("It dips in loudness and then recovers.") {
      course = .dipping
    } else if cursor.take("It grows louder by ") {
      guard let change = cursor.takeWhole(), cursor.take(" dB from start to end.") else { return false }
      course = .rising(change)
    } else if cursor.take("It fades by ") {
      guard let change = cursor.takeWhole(), cursor.take(" dB from start to end.") else { return false }
      course = .falling(change)
    } else if cursor.take("It swells and then fades, loudest at ") {
      guard let loudest = cursor.takeSeconds(), cursor.take(".") else { return false }
      course = .swelling(loudest)
    } else if cursor.take("Its loudness goes up and down, loudest at ") {
      guard let loudest = cursor.takeSeconds(), cursor.take(".") else { return false }
      course = .fluctuating(loudest)
    } else {
      return false
    }
    facts.course = facts.course ?? stated(course, from: start, in: cursor)
    return true
  }

  private static func events(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    let events: RecordingFacts.Events
    if cursor.take("No separate sound event stands out.") {
      events = .init(count: 0, starts: [])
    } else if cursor.take("One sound event is heard, starting at ") {
      guard let only = cursor.takeSeconds(), cursor.take(".") else { return false }
      events = .init(count: 1, starts: [only])
    } else if let count = cursor.takeCount(), cursor.take(" separate sound events are heard, ") {
      if cursor.take("the first at ") {
        guard let first = cursor.takeSeconds(), cursor.take(" and the last at "), let last = cursor.takeSeconds(),
          cursor.take(".")
        else { return false }
        events = .init(count: count, starts: [first, last])
      } else {
        guard cursor.take("starting at "), let starts = cursor.takeList({ $0.takeDecimal(decimals: 2) }),
          starts.count == count, cursor.take(" seconds.")
        else { return false }
        events = .init(count: count, starts: starts)
      }
    } else {
      return false
    }
    facts.events = facts.events ?? stated(events, from: start, in: cursor)
    return true
  }

  private static func silence(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    var percent = 0
    if cursor.take("Silence takes up ") {
      guard let share = cursor.takeWhole(), cursor.take("% of it.") else { return false }
      percent = share
    } else if !cursor.take("There is no silence in it.") {
      return false
    }
    facts.silence = facts.silence ?? stated(percent, from: start, in: cursor)
    return true
  }

  private static func pitch(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    var pitch: RecordingFacts.Pitch?
    if cursor.take("The pitch stays steady near ") {
      guard let tone = cursor.takeTone() else { return false }
      pitch = .steady(tone)
    } else if cursor.take("The pitch rises from ") {
      guard let tones = cursor.takeTones(between: " to ") else { return false }
      pitch = .rising(tones.0, tones.1)
    } else if cursor.take("The pitch falls from ") {
      guard let tones = cursor.takeTones(between: " to ") else { return false }
      pitch = .falling(tones.0, tones.1)
    } else if cursor.take("The pitch rises and then falls, between ") {
      guard let tones = cursor.takeTones(between: " and ") else { return false }
      pitch = .arching(tones.0, tones.1)
    } else if cursor.take("The pitch falls and then rises, between ") {
      guard let tones = cursor.takeTones(between: " and ") else { return false }
      pitch = .dipping(tones.0, tones.1)
    } else if cursor.take("The pitch varies between ") {
      guard let tones = cursor.takeTones(between: " and ") else { return false }
      pitch = .varying(tones.0, tones.1)
    } else if !cursor.take("There is no clear pitch") {
      return false
    }
    guard cursor.take(".") else { return false }
    facts.pitch = facts.pitch ?? stated(pitch, from: start, in: cursor)
    return true
  }

  private static func centroid(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    guard cursor.take("The sound is "), cursor.takeText(until: UInt8(ascii: ",")) != nil,
      cursor.take(" with a spectral centroid of "), let hertz = cursor.takeWhole(), cursor.take(" Hz.")
    else { return false }
    facts.centroid = facts.centroid ?? stated(hertz, from: start, in: cursor)
    return true
  }

  private static func character(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    let character: RecordingFacts.Character
    if cursor.take("It is mostly tonal") {
      character = .tonal
    } else if cursor.take("It is a mix of tone and noise") {
      character = .mixed
    } else if cursor.take("It is mostly noise") {
      character = .noisy
    } else {
      return false
    }
    guard cursor.take(", with a spectral flatness of "), cursor.takeDecimal(decimals: 2) != nil, cursor.take(".")
    else { return false }
    facts.character = facts.character ?? stated(character, from: start, in: cursor)
    return true
  }

  private static func tempo(_ cursor: inout SentenceCursor, _ facts: inout RecordingFacts) -> Bool {
    let start = cursor.position
    guard cursor.take("A steady beat runs at about "), let beats = cursor.takeWhole(),
      cursor.take(" beats per minute.")
    else { return false }
    facts.tempo = facts.tempo ?? stated(beats, from: start, in: cursor)
    return true
  }
}

extension SentenceCursor {
  /// "2.4 seconds" as hundredths of a second.
  fileprivate mutating func takeSeconds() -> Int? {
    guard let seconds = takeDecimal(decimals: 2), take(" seconds") || take(" second") else { return nil }
    return seconds
  }

  /// "Two" to "Twelve", or digits.
  fileprivate mutating func takeCount() -> Int? {
    let words: [StaticString] = [
      "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    ]
    for (place, word) in words.enumerated() where take(word) {
      return place + 2
    }
    return takeWhole()
  }

  /// "440 Hz (A4)" or "440 Hz".
  fileprivate mutating func takeTone() -> RecordingFacts.Tone? {
    guard let hertz = takeWhole(), take(" Hz") else { return nil }
    guard take(" (") else { return .init(hertz: hertz) }
    guard let name = takeText(until: UInt8(ascii: ")")) else { return nil }
    return .init(hertz: hertz, note: NoteName.number(of: name))
  }

  fileprivate mutating func takeTones(
    between: StaticString
  ) -> (RecordingFacts.Tone, RecordingFacts.Tone)? {
    guard let first = takeTone(), take(between), let second = takeTone() else { return nil }
    return (first, second)
  }
}
