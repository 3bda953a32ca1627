/// What a result is of: all that could change a byte of it.
public struct Manifest: Sendable, Equatable, Codable {
  /// The test set.
  public struct DataSet: Sendable, Equatable, Codable {
    /// The file's name, without its folder.
    public var file: String
    /// The format that was named; nil where each row told its own.
    public var format: String?
    public var items: Int
    /// Of them, those that were to be asked; fewer where tasks or a limit were set.
    public var asked: Int
    /// Those that items were chosen by; nil for all.
    public var tasks: [String]?
    /// Of the file, in hexadecimal digits.
    public var sha256: String
    /// Of the file of captions, where one was given.
    public var captionsSHA256: String?

    public init(
      file: String, format: String? = nil, items: Int, asked: Int, tasks: [String]? = nil, sha256: String,
      captionsSHA256: String? = nil
    ) {
      self.file = file
      self.format = format
      self.items = items
      self.asked = asked
      self.tasks = tasks
      self.sha256 = sha256
      self.captionsSHA256 = captionsSHA256
    }
  }

  /// The version of the program.
  public var program: String
  /// Who answered, and how.
  public var answerer: [String: String]
  public var data: DataSet
  /// What was heard; ``elsewhere`` for predictions that were made elsewhere.
  public var hearing: String
  /// In how many orders the choices were shown.
  public var orders: Int
  /// How an answer is found in an output.
  public var extraction: String
  /// What becomes of items that could not be heard: `left-out` or `wrong`.
  public var unheard: String
  /// The seed of noise and of exchanged sounds.
  public var seed: UInt64

  /// The hearing of predictions of which nobody knows it.
  public static let elsewhere = "elsewhere"

  public init(
    program: String, answerer: [String: String], data: DataSet, hearing: String = Manifest.elsewhere, orders: Int = 1,
    extraction: String = Answered.Extraction.whole.rawValue, unheard: String = "wrong", seed: UInt64 = 0
  ) {
    self.program = program
    self.answerer = answerer
    self.data = data
    self.hearing = hearing
    self.orders = orders
    self.extraction = extraction
    self.unheard = unheard
    self.seed = seed
  }

  /// A setting that two runs have not in common.
  public struct Difference: Sendable, Equatable, Encodable {
    public var name: String
    public var first: String
    public var second: String
    /// Whether a difference of scores may come of how was asked and read, and not of who answered.
    public var isOfMethod: Bool
  }

  /// What differs, by name, this one's value first.
  public func differences(from other: Manifest) -> [Difference] {
    let (own, others) = (fields, other.fields)
    return Set(own.keys).union(others.keys).sorted().compactMap { name in
      guard own[name] != others[name] else { return nil }
      return Difference(
        name: name, first: own[name] ?? "none", second: others[name] ?? "none", isOfMethod: Self.isOfMethod(name))
    }
  }

  private static let methods: Set<String> = [
    "choice-form", "decoding", "extraction", "max-tokens", "min-p", "orders", "repetition-penalty", "temperature",
    "top-k", "top-p", "unheard", "way",
  ]

  private static func isOfMethod(_ name: String) -> Bool { methods.contains(name) || name.hasPrefix("prompt") }

  private var fields: [String: String] {
    var fields = answerer
    fields["program"] = program
    fields["data"] = data.file
    fields["data format"] = data.format
    fields["data sha256"] = String(data.sha256.prefix(12))
    fields["items"] = String(data.items)
    fields["asked items"] = String(data.asked)
    fields["tasks"] = data.tasks?.joined(separator: ", ")
    fields["captions sha256"] = data.captionsSHA256.map { String($0.prefix(12)) }
    fields["hearing"] = hearing
    fields["orders"] = String(orders)
    fields["extraction"] = extraction
    fields["unheard"] = unheard
    fields["seed of sounds"] = String(seed)
    return fields
  }
}
