import Evaluation
import Foundation
import Judging
import Models
import Stages

/// What is to be asked, read and checked before a model is opened.
struct EvalPlan {
  let hearings: [Hearing]
  let prompts: AskPrompts
  let set: TestSet
  /// The rule whose scores come first.
  let rule: AnswerRule
  private let options: EvalOptions

  init(_ options: EvalOptions) throws {
    self.options = options
    for path in [options.data, options.captions].compactMap(\.self)
    where !FileManager.default.fileExists(atPath: path) { throw EvalFileError.missing(path) }
    hearings = try options.hearings()
    prompts = AskPrompts(try options.prompt.map { try QuestionPrompt(path: $0) })
    set = try TestSet(
      path: options.data, format: options.format, audioFolders: options.audioRoot, limit: options.limit,
      tasks: options.task, prompts: prompts, way: options.way, extraction: options.extract,
      countsUnheard: options.missing == .wrong)
    rule = options.rule ?? set.rule
  }

  func questions(_ hearing: Hearing, seed: UInt64) throws -> EvaluationRun.Questions {
    try set.questions(hearing, seed: seed, captions: options.captions)
  }

  func settings(_ hearing: Hearing, _ seed: UInt64) -> EvaluationRun.Settings {
    set.settings(hearing, orders: options.orders, seed: seed)
  }

  func folder(_ hearing: Hearing) -> ResultFolder {
    let name = (options.data as NSString).lastPathComponent
    let usual = "runs/eval-" + (name as NSString).deletingPathExtension
    return ResultFolder(path: (options.output ?? usual) + "/" + hearing.rawValue)
  }
}

/// A file of the command line that is not there.
enum EvalFileError: Error, CustomStringConvertible {
  case missing(String)

  var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file. Check the path."
    }
  }
}
