import ArgumentParser
import Audio
import Captioning
import Chat
import Dataset
import Evaluation
import Experiments
import Foundation
import Judging
import Models
import Pipelines
import Reports
import Stages
import Store
import Training
import Transfer
import Web

/// What a user is told when a command ends badly: one line, and the status the process exits with.
struct Failure: Encodable {
  var text: String
  var status: Int32

  private enum CodingKeys: String, CodingKey {
    case text = "error"
    case status
  }

  /// The codes of sysexits.h that scripts can tell apart.
  enum Status {
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let missingInput: Int32 = 66
    static let endpoint: Int32 = 69
    static let unforeseen: Int32 = 70
    static let inputOutput: Int32 = 74
    static let locked: Int32 = 75
    static let key: Int32 = 77
    static let interrupted: Int32 = 130
  }

  /// Nil for errors that are the argument parser's own.
  init?(_ error: any Error) {
    switch error {
    case is CancellationError:
      self.init(text: "Stopped. Run the same command again to go on.", status: Status.interrupted)
    case let error as Stopped: self.init(text: error.description, status: Status.interrupted)
    case let error as PipelineError: self.init(text: "\(error)", status: Self.status(error))
    case let error as StoreError: self.init(text: "\(error)", status: Self.status(error))
    case let error as StagesError: self.init(text: "\(error)", status: Self.status(error))
    case let error as ChatError: self.init(text: "\(error)", status: Self.status(error))
    case let error as AudioError: self.init(text: "\(error)", status: Self.status(error))
    case let error as SchemaError: self.init(text: "\(error)", status: Status.badData)
    case let error as DatasetError: self.init(text: "\(error)", status: Self.status(error))
    case let error as WebError: self.init(text: "\(error)", status: Self.status(error))
    case let error as ModelError: self.init(text: error.description, status: Status.badData)
    case let error as ConversationError: self.init(text: "\(error)", status: Status.badData)
    case let error as TokenizerError: self.init(text: "\(error)", status: Status.badData)
    case let error as CheckpointError: self.init(text: "\(error)", status: Self.status(error))
    case let error as TrainingError: self.init(text: "\(error)", status: Self.status(error))
    case let error as TrainerFileError: self.init(text: "\(error)", status: Self.status(error))
    case let error as TrainingDataError: self.init(text: "\(error)", status: Self.status(error))
    case let error as JudgingError: self.init(text: "\(error)", status: Self.status(error))
    case let error as ExperimentError: self.init(text: "\(error)", status: Self.status(error))
    case let error as ReportError: self.init(text: "\(error)", status: Status.inputOutput)
    case let error as EvalFileError: self.init(text: "\(error)", status: Status.missingInput)
    case let error as TrainingFileError: self.init(text: "\(error)", status: Status.badData)
    case let error as MetricsError: self.init(text: "\(error)", status: Status.inputOutput)
    case let error as LossError: self.init(text: "\(error)", status: Status.badData)
    case let error as RewardError: self.init(text: "\(error)", status: Status.badData)
    case let error as OptimizerError: self.init(text: "\(error)", status: Status.badData)
    case let error as HubError: self.init(text: "\(error)", status: Self.status(error))
    case let error as EvaluationError: self.init(text: "\(error)", status: Status.badData)
    case let error as LintError: self.init(text: "\(error)", status: error.status)
    case let error as CompareError: self.init(text: "\(error)", status: error.status)
    case let error as CaptioningError:
      if case .noCaptionFile = error {
        self.init(text: "\(error)", status: Status.missingInput)
      } else {
        self.init(text: "\(error)", status: Status.badData)
      }
    case let error as TransferError: self.init(text: "\(error)", status: Status.endpoint)
    case let error as CocoaError: self.init(file: error.userInfo[NSFilePathErrorKey], error)
    case let error as POSIXError: self.init(file: error.userInfo[NSFilePathErrorKey], error)
    // The parser gives its own errors another status; it would give 1 to any other.
    case _ where error is ExitCode || Earshot.exitCode(for: error) != .failure: return nil
    default:
      self.init(
        text: "\(Self.oneLine("\(error)")). This should not happen; if it comes again, please report it.",
        status: Status.unforeseen)
    }
  }

  private init(file: Any?, _ error: any Error) {
    let reason = Self.oneLine(error.localizedDescription)
    self.init(
      text: (file.map { "\($0): " } ?? "") + reason + " Check the path, its permissions and the free space.",
      status: Status.inputOutput)
  }

  private static func oneLine(_ text: String) -> String {
    text.split { $0.isNewline }.joined(separator: " ")
  }

  private init(text: String, status: Int32) {
    self.text = text
    self.status = status
  }

  private static func status(_ error: PipelineError) -> Int32 {
    switch error {
    case .missingFile: Status.missingInput
    case .unreadable, .cannotCreateRun: Status.inputOutput
    case .runLocked: Status.locked
    default: Status.badData
    }
  }

  private static func status(_ error: StoreError) -> Int32 {
    switch error {
    case .notFound, .noSuchQuestion: Status.missingInput
    case .locked: Status.locked
    case .diskFull, .readOnly, .unreadableLog, .query: Status.inputOutput
    case .notADatabase, .newerVersion, .damaged: Status.badData
    }
  }

  private static func status(_ error: StagesError) -> Int32 {
    switch error {
    case .noAudioFolder, .audioIsNoFolder, .noAudioFiles, .noManifest, .noReferenceAudio, .audioMoved, .noImport:
      Status.missingInput
    case .unknownFormat, .destinationInUse, .nothingImported, .noSounds, .otherKindOfRun, .importsItself: Status.badData
    case .audioChanged, .notScanned, .unfinishedSet, .contaminated, .noSuchQuestions, .faultyExport: Status.badData
    case .soundsNotHandled, .unmarkedExport: Status.usage
    case .keyMissing: Status.key
    case .endpointFailing, .budgetSpent, .batchRefused, .batchLost, .doesNotHear: Status.endpoint
    case .noPrice: Status.usage
    case .audioFolderUnreadable, .cannotWrite, .diskFull: Status.inputOutput
    }
  }

  private static func status(_ error: ChatError) -> Int32 {
    switch error {
    case .badBaseURL: Status.badData
    case _ where error.isAuthentication: Status.key
    default: Status.endpoint
    }
  }

  private static func status(_ error: DatasetError) -> Int32 {
    switch error {
    case .noSuchSet: Status.missingInput
    case .unreadableFile: Status.inputOutput
    default: Status.badData
    }
  }

  private static func status(_ error: WebError) -> Int32 {
    switch error {
    case .couldNotListen: Status.endpoint
    case .couldNotOpenLog: Status.inputOutput
    }
  }

  static func status(_ error: AudioError) -> Int32 {
    switch error {
    case .missing: Status.missingInput
    case .diskFull, .notWritten, .notPermitted: Status.inputOutput
    default: Status.badData
    }
  }
}

/// The end of a run that was asked to stop, with the command that goes on from there.
struct Stopped: Error, CustomStringConvertible {
  /// The words of the command.
  var command: [String]

  var description: String {
    "Stopped; what is done is kept. To go on: \(command.map(Self.quoted).joined(separator: " "))"
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.,:=@%+\/\-]+/) != nil
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
