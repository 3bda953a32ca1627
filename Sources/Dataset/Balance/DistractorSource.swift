/// Where the wrong choices of a set's questions come from.
public enum DistractorSource: String, Sendable, CaseIterable {
  /// Their writer.
  case written
  /// Of questions on quantities and courses that are asked of many clips, from the set; see ``ValueBalance``.
  case values
  /// Of all questions that have enough others of their kind, from the set; see ``CorpusDistractors``.
  case corpus
}
