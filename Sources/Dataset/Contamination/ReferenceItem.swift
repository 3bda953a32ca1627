/// An item of a test set that questions must not be taken from.
public struct ReferenceItem: Sendable, Equatable {
  /// As the file has it, else its line.
  public var id: String
  public var line: Int
  /// Empty where the row has none.
  public var question: String
  public var choices: [String]
  /// The path of its sound, as the row names it.
  public var audio: String?
  public var sounds: [SoundIdentity]

  public init(
    id: String, line: Int, question: String, choices: [String], audio: String? = nil, sounds: [SoundIdentity] = []
  ) {
    self.id = id
    self.line = line
    self.question = question
    self.choices = choices
    self.audio = audio
    self.sounds = sounds
  }
}
