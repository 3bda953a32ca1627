/// What a result is of: all that could change a byte of it.
public struct Manifest: Sendable, Equatable, Codable {
  /// The test set.
  public struct DataSet: Sendable, Equatable, Codable {
    /// The file's name, without its folder.
    public var file: String
    /// The format that was named; nil where each row told its own.
    public var format: String?
    public var items: Int
    /// Of them, those that were to be asked; fewer where a limit was set.
    public var asked: Int
    /// Those that items were chosen by; nil for all.
    public var tasks: [String]?
    /// Of the file, in hexadecimal digits.
    public var sha256: String
    /// Of the file of captions, where one was given.
    public var captionsSHA256: String?

    public init(
      file: String, format: String?, items: Int, asked: Int, tasks: [String]? = nil, sha256: String,
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
  /// Who answered, and how: see ``Answerer/identity``.
  public var answerer: [String: String]
  public var data: DataSet
  /// A raw value of ``Hearing``.
  public var hearing: String
  /// In how many orders the choices were shown.
  public var orders: Int
  /// How an answer is found in an output.
  public var extraction: String
  /// What becomes of items that cannot be heard: `left-out` or `wrong`.
  public var unheard: String
  /// The seed of noise and of exchanged sounds.
  public var seed: UInt64

  /// What differs, each by its name with both values, this one's first.
  public func differences(from other: Manifest) -> [String] {
    let (own, others) = (fields, other.fields)
    return Set(own.keys).union(others.keys).sorted().compactMap { name in
      guard own[name] != others[name] else { return nil }
      return "\(name) \(own[name] ?? "none") -> \(others[name] ?? "none")"
    }
  }

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
