import Foundation
import Pipelines
import Testing

@testable import Stages
@testable import Store

/// The pipeline files that come with prices and models, with neither.
@Suite struct RecipeTests {
  @Test(arguments: ["avqa-gpt", "vggs-gpt", "own-folder"])
  func theRecipesRehearseForNothing(name: String) async throws {
    let run = try TestRun()
    for number in 0..<24 { try run.write("\(number).wav", run.tone(200 + 10 * Float(number), seconds: 0.3)) }
    let file = try PipelineFile(
      path: "\(TestRun.project)/pipelines/\(name).yaml",
      overrides: [
        "scan.audio=\(run.audio)", "scan.manifest=~", "caption.with=acoustic", "write.endpoint=builtin",
        "write.model=stand-in",
      ])
    let pipeline = Run(folder: RunFolder(path: run.folder + "/run"), stages: try StageCatalogue.stages(of: file))

    try await pipeline.execute(in: run.store, until: nil, progress: run.notes)

    let status = try run.store.status()
    #expect(status.accepted > 0 && status.done["write"] == 24)
    #expect(!status.rejections.contains { $0.code == "E_SCHEMA" })
  }
}
