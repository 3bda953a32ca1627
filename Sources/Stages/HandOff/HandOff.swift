public import Dataset
import Foundation

/// What goes with an export for a big trainer, so that training starts with one command: the rewards, the settings, the
/// launch.
///
///     try HandOff.of(.msSwift)?.write(to: "out", questions: 4_000)   // beside out/data, the export
public struct HandOff: Sendable {
  /// A file of the folder.
  struct Part: Sendable {
    var path: String
    var bytes: [UInt8]
    var isProgram = false

    static let rewards = Part(path: "rewards.py", bytes: PackageResources.rewards_py)
  }

  /// Formats of trainers that a folder can be made for.
  public static let formats: [ExportFormat] = [.trl, .msSwift, .verl, .r1AQA]

  let parts: [Part]
  /// What to install and call.
  let guide: String

  /// Nil for a format that is no such trainer's.
  public static func of(_ format: ExportFormat) -> HandOff? {
    switch format {
    case .trl: trl
    case .msSwift: msSwift
    case .verl: verl
    case .r1AQA: r1AQA
    default: nil
    }
  }

  /// Writes the files into `folder`, in which `data` is the export. Those of an earlier hand-off are replaced.
  public func write(to folder: String, questions: Int) throws {
    for part in parts + [Part(path: "README.md", bytes: Array(readme(questions).utf8))] {
      let path = "\(folder)/\(part.path)"
      let file = try LineFile(path: path + ".partial")
      try file.append(part.bytes)
      try file.close()
      if part.isProgram, chmod(path + ".partial", 0o755) != 0 { throw LineFile.failure(path) }
      guard rename(path + ".partial", path) == 0 else { throw LineFile.failure(path) }
    }
  }

  private func readme(_ questions: Int) -> String {
    """
    # Ready to train

    \(counted(questions, "question")) in `data`, whose own README tells how they were made.

    \(guide)

    The method is Omni-R1's (arXiv 2505.09439): GRPO with one reward, whether the answer is right; learning rate, batch, steps and
    the strength of the KL penalty, which it does not tell, are R1-AQA's (arXiv 2503.11197). `rewards.py` has the rules by which
    Earshot rewards answers in its own trainings; `EARSHOT_REWARDS=accuracy:exact,format:think-answer=0.5` chooses others of them.

    """
  }
}
