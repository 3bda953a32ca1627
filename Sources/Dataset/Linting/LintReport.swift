/// What a linter found in one set. Every share is 0...1.
public struct LintReport: Sendable, Equatable, Encodable {
  /// What one rule found.
  public struct Rule: Sendable, Equatable, Encodable {
    public var code: String
    public var severity: Finding.Severity
    /// What the rule is about, in a sentence.
    public var summary: String
    /// Items it found something in.
    public var items: Int
    public var share: Double
    public var examples: [Example]
  }

  public struct Example: Sendable, Equatable, Encodable {
    public var id: String
    public var line: Int
    public var detail: String
    public var question: String
    public var choices: [String]
    public var answer: String?
  }

  /// Where the right answers stand.
  public struct Positions: Sendable, Equatable, Encodable {
    /// How many answers stand at each place, of items with this many choices.
    public struct Group: Sendable, Equatable, Encodable {
      public var choices: Int
      public var counts: [Int]
    }

    /// Over all items.
    public var counts: [Int]
    public var groups: [Group]
    /// Over the groups that have 5 items or more a place; nil where there is none.
    public var chiSquare: Double?
    public var degrees: Int
    public var p: Double?
    /// The largest distance of a place's share from chance, over the same groups, and the place, from 0.
    public var largestDeviation: Double
    public var deviatingPlace: Int
    public var severity: Finding.Severity?
  }

  /// How often a way of guessing is right.
  public struct Cue: Sendable, Equatable, Encodable {
    public var name: String
    /// Items that the guess can be made of.
    public var items: Int
    public var right: Double
    public var share: Double
    public var chance: Double
    /// How probable a share as far from chance is.
    public var p: Double
    public var severity: Finding.Severity?
  }

  /// A text that is right more or less often than it is offered by chance.
  public struct Prior: Sendable, Equatable, Encodable {
    public var text: String
    public var offered: Int
    public var right: Int
    public var chance: Double
    public var p: Double
  }

  /// How much stems are alike.
  public struct Templates: Sendable, Equatable, Encodable {
    public var stems: Int
    /// Stems with numbers and quoted words taken out.
    public var templates: Int
    /// Of the templates, in bits; `evenness` is its share of the most that there could be.
    public var entropy: Double
    public var evenness: Double
    public var most: [Count]
    public var severity: Finding.Severity?
  }

  public struct Count: Sendable, Equatable, Encodable {
    public var text: String
    public var items: Int
    public var share: Double
  }

  /// What labels give away.
  public struct Leakage: Sendable, Equatable, Encodable {
    /// Items whose clip has labels.
    public var labelled: Int
    /// Items whose stem names a label of their clip.
    public var inStem: Int
    /// Items whose answer is a label of their clip, and those of them in which no other choice is a label of the set.
    public var answers: Int
    public var onlyLabel: Int
    public var severity: Finding.Severity?
  }

  /// How items are shared among the values of an attribute.
  public struct Balance: Sendable, Equatable, Encodable {
    public var attribute: String
    public var values: [Count]
    /// Entropy over the most there could be; 1 where all values are equally frequent.
    public var evenness: Double
  }

  public var file: String
  public var items: Int
  /// Rows that could not be read; they count among the items, and under their rules.
  public var refused: Int
  /// Items whose answer is withheld.
  public var withheld: Int
  /// Rows that are no questions with choices.
  public var others: Int
  /// Items with an error, and items with a warning and no error.
  public var withErrors: Int
  public var withWarnings: Int
  public var rules: [Rule]
  public var positions: Positions
  public var cues: [Cue]
  public var priors: [Prior]
  public var templates: Templates
  public var leakage: Leakage
  public var balance: [Balance]

  /// What is wrong with the set as a whole, by name.
  public var setProblems: [(name: String, severity: Finding.Severity)] {
    var found: [(String, Finding.Severity)] = []
    if let severity = positions.severity { found.append(("answer position", severity)) }
    for cue in cues { if let severity = cue.severity { found.append((cue.name, severity)) } }
    if let severity = templates.severity { found.append(("templates", severity)) }
    if let severity = leakage.severity { found.append(("label leakage", severity)) }
    return found
  }

  /// Whether an item or the set as a whole has an error.
  public var hasErrors: Bool { withErrors > 0 || setProblems.contains { $0.severity == .error } }
}
