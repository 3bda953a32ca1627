import Foundation

/// The README.md of an exported set, with the front matter that the Hugging Face hub reads.
public struct DatasetCard: Sendable, Equatable {
  /// A file of questions.
  public struct DataFile: Sendable, Equatable {
    /// Files of one configuration have the same columns; the first configuration named is what a user gets unasked.
    public var configuration: String
    public var split: String
    /// Relative to the folder of the card.
    public var path: String

    public init(configuration: String, split: String, path: String) {
      self.configuration = configuration
      self.split = split
      self.path = path
    }
  }

  /// What one split holds.
  public struct SplitCount: Sendable, Equatable {
    public var split: String
    public var clips: Int
    public var seconds: Double
    public var questions: Int

    public init(split: String, clips: Int, seconds: Double, questions: Int) {
      self.split = split
      self.clips = clips
      self.seconds = seconds
      self.questions = questions
    }
  }

  /// How many questions there are of something.
  public struct Count: Sendable, Equatable {
    public var name: String
    public var count: Int

    public init(_ name: String, _ count: Int) {
      self.name = name
      self.count = count
    }
  }

  public var name: String
  /// As the hub spells it (`cc-by-4.0`); nil where the user did not say.
  public var license: String?
  public var languages: [String]
  public var files: [DataFile]
  public var splits: [SplitCount]
  /// How often each position is right, from the first.
  public var positions: [Int]
  /// Questions by skill.
  public var kinds: [Count]
  /// Rejected clips and questions by reason code.
  public var rejected: [Count]
  /// How the set was made, a sentence each: captioners, writer, prompt, checks.
  public var making: [String]
  /// More of what is in it.
  public var statistics: [Block] = []
  /// Whose sounds the clips are: clips by licence.
  public var licences: [Count] = []
  /// Between what was left out and the limits.
  public var details: [Section] = []
  /// What to know before using it, a sentence each, after those that hold for every set.
  public var limits: [String]
  /// After the limits.
  public var closing: [Section] = []

  public init(
    name: String, license: String? = nil, languages: [String] = ["en"], files: [DataFile], splits: [SplitCount],
    positions: [Int], kinds: [Count], rejected: [Count], making: [String],
    limits: [String] = []
  ) {
    self.name = name
    self.license = license
    self.languages = languages
    self.files = files
    self.splits = splits
    self.positions = positions
    self.kinds = kinds
    self.rejected = rejected
    self.making = making
    self.limits = limits
  }

  /// The card's text. Data files that are not in `folder`, or are empty, are left out: the hub refuses a card that
  /// names them. Patterns with `*` are taken as they are.
  public func markdown(in folder: String) -> String {
    let there = files.filter { file in
      if file.path.contains("*") { return true }
      let path = URL(fileURLWithPath: folder).appendingPathComponent(file.path).path
      let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      return (size ?? 0) > 0
    }
    return (frontMatter(there) + body).joined(separator: "\n") + "\n"
  }
}
