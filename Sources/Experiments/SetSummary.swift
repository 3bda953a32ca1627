import Foundation
import Pipelines
import Stages
import Store

/// What a set holds, and what it took to make.
public struct SetSummary: Sendable, Equatable {
  public var name: String
  /// Rows of each part.
  public var train: Int
  public var dev: Int
  public var test: Int
  /// Of a run of Earshot's; nil for files.
  public var clips: Int?
  public var seconds: Double?
  public var requests: Int?
  public var tokens: Int?
  /// US dollars, where the pipeline gives prices.
  public var cost: Double?

  init(_ set: QuestionSet, _ files: QuestionFiles, in folder: ExperimentFolder) throws {
    name = set.name
    (train, dev, test) = (Self.rows(files.train), Self.rows(files.dev), Self.rows(files.test))
    let run: RunFolder? =
      switch set.source {
      case .pipeline: RunFolder(path: folder.set(set.name))
      case .run(let path): RunFolder(path: path)
      case .files: nil
      }
    guard let run, FileManager.default.fileExists(atPath: run.database) else { return }
    let store = try RunStore(reading: run.database)
    let status = try store.status()
    (clips, seconds) = (status.clips, status.seconds)
    requests = status.usage.answered + status.usage.failed
    tokens = status.usage.promptTokens + status.usage.completionTokens
    cost = try store.cost()
  }

  private static func rows(_ paths: [String]) -> Int {
    paths.reduce(0) { count, path in
      let data = FileManager.default.contents(atPath: path) ?? Data()
      return count + data.split(separator: UInt8(ascii: "\n")).count
    }
  }
}
