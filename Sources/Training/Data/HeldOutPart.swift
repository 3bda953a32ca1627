public import Dataset

/// Takes a part of a set out for watching a run, so that no sound is in both.
public enum HeldOutPart {
  /// The rows for training and a share of about `share` (0...1) for watching, each in the set's order.
  ///
  /// Rows of one clip, recording or audio file stay together; without a sound, rows with one question do. Which
  /// part they go to follows from the hash of their names.
  public static func split(
    _ questions: [ImportedQuestion], share: Double, salt: String = ""
  ) throws(DatasetError) -> (train: [ImportedQuestion], dev: [ImportedQuestion]) {
    let assignment = try SplitAssignment(train: 1 - share, dev: share, test: 0, salt: salt)
    var groups = RecordingGroups()
    for question in questions { groups.join(names(of: question)) }
    var (train, dev) = ([ImportedQuestion](), [ImportedQuestion]())
    for question in questions {
      let group = groups.group(of: names(of: question)[0])
      if assignment.split(of: group) == .dev { dev.append(question) } else { train.append(question) }
    }
    return (train, dev)
  }

  /// Never empty. Paths stand as they were given, so that the parts are the same wherever the set lies.
  private static func names(of question: ImportedQuestion) -> [String] {
    let sound = Set(question.groups.map { "group \($0)" } + (question.audio.map { ["file \($0)"] } ?? [])).sorted()
    return sound.isEmpty ? ["question \(question.question)"] : sound
  }
}
