import Models

extension TrainerState {
  /// The version of the format of trainer_state.json.
  static let version = 1

  /// The text of trainer_state.json.
  ///
  /// Words are texts, as many readers of JSON take numbers for doubles; numbers have the shortest spelling that reads
  /// back as the same, or their bits where they have none.
  var text: String {
    let digests = [("data", self.digests.data), ("model", self.digests.model), ("settings", self.digests.settings)]
    let best: CheckpointJSON =
      self.best.map {
        .object([.init(name: "score", value: .exact($0.score)), .init(name: "step", value: .number("\($0.step)"))])
      } ?? .null
    let members: [(String, CheckpointJSON)] = [
      ("version", .number("\(Self.version)")),
      ("step", .number("\(step)")),
      ("phase", .string(phase)),
      ("consumed_examples", .number("\(consumedExamples)")),
      ("seed", .string("\(seed)")),
      ("best", best),
      ("digests", .object(digests.map { .init(name: $0.0, value: .string($0.1)) })),
      ("counters", .sorted(counters) { .number("\($0)") }),
      ("values", .sorted(values) { .exact($0) }),
      ("words", .sorted(words) { .array($0.map { .string("\($0)") }) }),
    ]
    return CheckpointJSON.object(members.map { .init(name: $0.0, value: $0.1) }).text() + "\n"
  }

  /// Reads trainer_state.json; what an earlier version did not have is empty.
  public init(file: String) throws(TrainerFileError) {
    let section = try withCheckpointErrors { () throws(CheckpointError) in try ConfigurationSection(file: file) }
    let reader = StateReader(section)
    let version = try reader.count("version", needed: 1...Int.max)
    guard version <= Self.version else { throw .newerState(file: file, version: version) }
    let digests = try reader.section("digests")
    self.init(
      digests: Digests(
        model: try digests.text("model"), data: try digests.text("data"), settings: try digests.text("settings")),
      step: try reader.count("step"), phase: try reader.text("phase"),
      consumedExamples: try reader.count("consumed_examples"), seed: try reader.word("seed"),
      best: try reader.optionalSection("best").map { best throws(TrainerFileError) in
        Best(score: try best.value("score"), step: try best.count("step"))
      })
    let counters = try reader.section("counters")
    for name in counters.names { self.counters[name] = try counters.count(name, needed: Int.min...Int.max) }
    let values = try reader.section("values")
    for name in values.names { self.values[name] = try values.value(name) }
    let words = try reader.section("words")
    for name in words.names { self.words[name] = try words.words(name) }
  }
}

/// Takes the members of trainer_state.json, which anybody may have edited.
private struct StateReader {
  private let members: ConfigurationSection

  init(_ members: ConfigurationSection) { self.members = members }

  var names: [String] {
    guard case .object(let list) = members.value else { return [] }
    return list.map(\.name)
  }

  private func error(_ name: String, needed: String) -> TrainerFileError {
    .state(file: members.file, key: (members.path + [name]).joined(separator: "."), needed: needed)
  }

  func optionalSection(_ name: String) throws(TrainerFileError) -> StateReader? {
    guard let value = members[name] else { return nil }
    guard case .object = value else { throw error(name, needed: "an object") }
    return StateReader(ConfigurationSection(value, file: members.file, path: members.path + [name]))
  }

  func section(_ name: String) throws(TrainerFileError) -> StateReader {
    guard let section = try optionalSection(name) else { throw error(name, needed: "an object") }
    return section
  }

  func text(_ name: String) throws(TrainerFileError) -> String {
    guard case .string(let text)? = members[name] else { throw error(name, needed: "a text") }
    return text
  }

  func count(_ name: String, needed range: ClosedRange<Int> = 0...Int.max) throws(TrainerFileError) -> Int {
    guard case .number(let spelling)? = members[name], let number = Int(spelling), range.contains(number) else {
      throw error(name, needed: range.lowerBound >= 0 ? "a count" : "a whole number")
    }
    return number
  }

  func word(_ name: String) throws(TrainerFileError) -> UInt64 {
    guard case .string(let text)? = members[name], let word = UInt64(text) else {
      throw error(name, needed: "a whole number below 2^64, as a text")
    }
    return word
  }

  func words(_ name: String) throws(TrainerFileError) -> [UInt64] {
    guard case .array(let elements)? = members[name] else { throw error(name, needed: "a list of texts") }
    var words: [UInt64] = []
    words.reserveCapacity(elements.count)
    for element in elements {
      guard case .string(let text) = element, let word = UInt64(text) else {
        throw error(name, needed: "a list of whole numbers below 2^64, as texts")
      }
      words.append(word)
    }
    return words
  }

  func value(_ name: String) throws(TrainerFileError) -> Double {
    switch members[name] {
    case .number(let spelling)?:
      if let value = Double(spelling), value.isFinite { return value }
    case .string(let text)? where text.hasPrefix("0x"):
      if let bits = UInt64(text.dropFirst(2), radix: 16) { return Double(bitPattern: bits) }
    default: break
    }
    throw error(name, needed: "a number, or its 64 bits as in \"0x7ff8000000000000\"")
  }
}

extension CheckpointJSON {
  /// A number that reads back to the bit.
  fileprivate static func exact(_ value: Double) -> CheckpointJSON {
    value.isFinite ? .number("\(value)") : .string("0x" + String(value.bitPattern, radix: 16))
  }

  fileprivate static func sorted<Value>(_ values: [String: Value], _ json: (Value) -> CheckpointJSON) -> CheckpointJSON
  {
    .object(values.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: json($0.value)) })
  }
}
