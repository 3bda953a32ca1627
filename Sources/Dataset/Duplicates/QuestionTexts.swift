/// The texts of a set's questions, stem and choices, each different text once; a question is known by its number.
///
/// 12 bytes a question, and for each different text its length, 16 bytes and its keys.
public struct QuestionTexts: Sendable {
  public let settings: NearSettings
  /// For each question the number of its text, in the order of the texts' first questions.
  public private(set) var textOfQuestion: [UInt32] = []
  /// For each text its first question.
  public private(set) var firstQuestion: [UInt32] = []
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var numbers: [UInt64: UInt32] = [:]
  /// `settings.bands` for each text.
  private(set) var keys: [UInt32] = []

  public init(_ settings: NearSettings) { self.settings = settings }

  public var questions: Int { textOfQuestion.count }
  public var texts: Int { firstQuestion.count }

  /// A question's words: what is compared.
  public struct Words: Sendable {
    public var stem: String
    public var choices: [String]
    /// The question's keys, where they are known from an earlier search with the same `signatureKey`.
    public var signature: [UInt32]?

    public init(stem: String, choices: [String], signature: [UInt32]? = nil) {
      self.stem = stem
      self.choices = choices
      self.signature = signature
    }
  }

  /// Adds questions; the order in which they come is the one in which the first stays.
  public mutating func add(_ questions: [Words], threads: Int) {
    let size = 512
    let settings = settings
    let chunks = inParallel((questions.count + size - 1) / size, threads: threads) { chunk in
      Chunk(questions[(chunk * size)..<min((chunk + 1) * size, questions.count)], settings)
    }
    for chunk in chunks {
      for index in 0..<chunk.hashes.count { add(chunk, index) }
    }
  }

  private mutating func add(_ chunk: Chunk, _ index: Int) {
    let text = chunk.bytes[chunk.starts[index]..<chunk.starts[index + 1]]
    var hash = chunk.hashes[index]
    while let number = numbers[hash] {
      if isText(number, equalTo: text) {
        textOfQuestion.append(number)
        return
      }
      hash &+= 1
    }
    numbers[hash] = UInt32(texts)
    firstQuestion.append(UInt32(textOfQuestion.count))
    textOfQuestion.append(UInt32(texts - 1))
    bytes.append(contentsOf: text)
    starts.append(bytes.count)
    keys.append(contentsOf: chunk.keys[(index * settings.bands)..<((index + 1) * settings.bands)])
  }

  private func isText(_ number: UInt32, equalTo other: ArraySlice<UInt8>) -> Bool {
    bytes[starts[Int(number)]..<starts[Int(number) + 1]].elementsEqual(other)
  }

  /// The keys of a question's text.
  public func signature(ofQuestion question: Int) -> ArraySlice<UInt32> {
    let text = Int(textOfQuestion[question])
    return keys[(text * settings.bands)..<((text + 1) * settings.bands)]
  }

  func withText<Result>(_ number: UInt32, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[starts[Int(number)]..<starts[Int(number) + 1]]))
    }
  }
}

/// Some questions' texts and keys, made by one thread.
private struct Chunk: Sendable {
  var bytes: [UInt8] = []
  var starts: [Int] = [0]
  var hashes: [UInt64] = []
  var keys: [UInt32]

  init(_ questions: ArraySlice<QuestionTexts.Words>, _ settings: NearSettings) {
    keys = Array(repeating: 0, count: questions.count * settings.bands)
    for question in questions {
      PlainBytes.append(stem: question.stem, choices: question.choices, to: &bytes)
      starts.append(bytes.count)
    }
    var minHash = MinHash(settings)
    bytes.withUnsafeBufferPointer { bytes in
      keys.withUnsafeMutableBufferPointer { keys in
        for (index, question) in questions.enumerated() {
          let text = UnsafeBufferPointer(rebasing: bytes[starts[index]..<starts[index + 1]])
          let own = UnsafeMutableBufferPointer(
            rebasing: keys[(index * settings.bands)..<((index + 1) * settings.bands)])
          hashes.append(Self.hash(text))
          if let known = question.signature, known.count == settings.bands {
            _ = own.update(from: known)
          } else {
            minHash.keys(of: text, into: own)
          }
        }
      }
    }
  }

  /// FNV-1a. Equal hashes are looked at, so a bad one costs time alone.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(text.count)
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return hash
  }
}
