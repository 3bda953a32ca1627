import Dataset
import Store

/// A part of a set, with files of its own in an export: a split, or what of it needs its sound and what does not.
struct ExportPart: Equatable {
  var split: String
  /// Nil for all, or for what is not weak.
  var contribution: AudioContribution?
  /// Whether the weak ones have a file of their own.
  var isDivided = false

  /// As files and the card have it, in letters that the Hugging Face hub allows for splits.
  var name: String { contribution == .weak ? "\(split)_weak" : split }

  /// The parts of these splits.
  static func all(of splits: [Split], isDivided: Bool) -> [ExportPart] {
    splits.flatMap { split in
      [ExportPart(split: split.rawValue, isDivided: isDivided)]
        + (isDivided ? [ExportPart(split: split.rawValue, contribution: .weak, isDivided: true)] : [])
    }
  }

  func holds(_ question: QuestionRecord) -> Bool {
    !isDivided || (question.contribution == AudioContribution.weak.rawValue) == (contribution == .weak)
  }
}
