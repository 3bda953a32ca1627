import Audio
import Chat
import Foundation
import Pipelines
import Stages
import Store
import Transfer

/// What a user is told when a command ends badly: one line, and the status the process exits with.
struct Failure {
  var text: String
  var status: Int32

  /// The codes of sysexits.h that scripts can tell apart.
  enum Status {
    static let badData: Int32 = 65
    static let missingInput: Int32 = 66
    static let endpoint: Int32 = 69
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
    default: return nil
    }
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
    case .diskFull, .readOnly, .query: Status.inputOutput
    case .notADatabase, .newerVersion, .damaged: Status.badData
    }
  }

  private static func status(_ error: StagesError) -> Int32 {
    switch error {
    case .noAudioFolder, .audioIsNoFolder, .noAudioFiles, .noManifest, .audioMoved: Status.missingInput
    case .unknownCaptioner, .unknownFormat, .destinationInUse: Status.badData
    case .keyMissing: Status.key
    case .endpointFailing: Status.endpoint
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

  private static func status(_ error: AudioError) -> Int32 {
    switch error {
    case .missing: Status.missingInput
    case .diskFull, .notWritten, .notPermitted: Status.inputOutput
    default: Status.badData
    }
  }
}

/// The end of a run that was asked to stop, with the command that goes on from there.
struct Stopped: Error, CustomStringConvertible {
  var command: String

  var description: String {
    "Stopped; what is done is kept. To go on: \(command)"
  }
}
