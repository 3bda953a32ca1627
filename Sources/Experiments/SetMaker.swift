import Foundation
import Pipelines
import Stages
import Store
import Training

/// Makes the sets of an experiment where they are not there yet, and finds their files.
struct SetMaker {
  let folder: ExperimentFolder
  let threads: Int
  let progress: any ProgressReporter

  /// The files of a set; those that a pipeline makes are made first, as far as they are not.
  func files(of set: QuestionSet) async throws -> QuestionFiles {
    switch set.source {
    case .files(let train, let dev, let test): return QuestionFiles(train: train, dev: dev, test: test)
    case .run(let path): return try Self.parts(of: path)
    case .pipeline(let file, let overrides):
      let run = RunFolder(path: folder.set(set.name))
      try await make(run, by: try PipelineFile(path: file, overrides: overrides))
      return try Self.parts(of: run.path)
    }
  }

  private func make(_ folder: RunFolder, by file: PipelineFile) async throws {
    var run = Run(folder: folder, stages: try StageCatalogue.stages(of: file))
    run.threads = threads
    let lock = try RunLock(folder)
    try await run.execute(in: try RunStore(path: folder.database), until: "export", progress: progress)
    _ = consume lock
  }

  private static func parts(of path: String) throws -> QuestionFiles {
    let settings = try DataSettings(set: path).withFiles()
    return QuestionFiles(train: settings.train, dev: settings.dev ?? [], test: settings.test ?? [])
  }
}
