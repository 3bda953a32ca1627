import Dataset
import Foundation
import Models
import Pipelines
import Training

/// The training that a pipeline file asks for behind its export: `train`, and `sft`, `dpo`, `grpo`, which run in this
/// order on what the run exports.
struct PipelineTraining: Sendable {
  let settings: TrainingSettings
  private let modelFolder: String
  private let revision: String
  /// Of the files that the phases name themselves, and their prompts.
  private let sources: [PhaseSources]

  /// Stands for the folder of the run's own export, which a file cannot name; no path is empty.
  private static let ownSet = ""
  private static let prompt = "../prompts/ask-omni-r1.md"

  /// Nil where the file trains nothing.
  init?(_ file: PipelineFile) throws {
    let phases = TrainingSettings.methods.filter(file.has)
    guard !phases.isEmpty || TrainingSettings.sections.contains(where: file.has) else { return nil }
    settings = try TrainingSettings(
      file: file, phases: phases, data: DataSettings(set: Self.ownSet, prompt: file.path(Self.prompt)))
    if settings.output != nil {
      throw file.section("train").conflict("output", with: "a pipeline, which trains in its run's folder")
    }
    try Self.checkExport(file, settings.phases)
    modelFolder = try ModelLocation.resolve(settings.model)
    revision = try Checkpoint(folder: modelFolder).revision
    sources = try settings.phases.map(PhaseSources.init)
  }

  private static func checkExport(_ file: PipelineFile, _ phases: [TrainingPhase]) throws {
    let export = file.section("export")
    let needed = ExportFormat.jsonl.rawValue
    let reader = phases.first { $0.data.set == ownSet }
    guard let reader, !(try export.strings("formats", default: [needed]).contains(needed)) else { return }
    throw export.badValue("formats", wanted: "a list with \(needed), which '\(reader.name)' is trained on")
  }

  /// What the result of a phase depends on, beside the run's own set and the phases before. Settings stand for
  /// themselves.
  func parts(of index: Int) -> [String: String] {
    let phase = settings.phases[index]
    let source = sources[index]
    return [
      "version": "2", "model": revision, "seed": "\(settings.seed)", "weights": settings.part.identity,
      "settings": phase.identity(with: settings.part), "steps": phase.length, "data": source.data,
      "prompt \(source.promptFile)": source.promptDigest,
    ]
  }

  /// The phases up to one of them with their data, as it is now.
  func task(through index: Int, in run: RunFolder) throws -> TrainingTask {
    var settings = settings
    // The test rows are for what comes of the last phase.
    if index < settings.phases.count - 1 { settings.phases[index].watch.testLimit = 0 }
    for place in settings.phases.indices where settings.phases[place].data.set == Self.ownSet {
      settings.phases[place].data.set = run.exports + "/" + ExportFormat.jsonl.rawValue
    }
    // All phases are read: what a later one holds out is not trained on by an earlier one.
    var plan = try TrainingPlan(settings: settings, output: run.training)
    plan.settings.phases.removeLast(settings.phases.count - index - 1)
    plan.data.removeLast(plan.data.count - index - 1)
    return TrainingTask(plan: plan, modelFolder: modelFolder, revision: revision)
  }
}

/// What a phase reads beside the run's own set.
private struct PhaseSources: Sendable {
  var promptFile: String
  var promptDigest: String
  var data: String

  init(_ phase: TrainingPhase) throws {
    let settings = phase.data
    promptFile = (settings.prompt as NSString).lastPathComponent
    promptDigest = try QuestionPrompt(path: settings.prompt).digest
    var files = settings.train + (settings.dev ?? [])
    if let set = settings.set, !set.isEmpty {
      for folder in [set, set + "/export/jsonl"] { files += ["train", "dev"].map { "\(folder)/\($0).jsonl" } }
    }
    data = settings.identity + " " + (try files.map(Self.content).joined(separator: " "))
  }

  /// Of a file; the reader of the data says what is wrong where there is none.
  private static func content(of path: String) throws -> String {
    guard FileManager.default.fileExists(atPath: path) else { return "none" }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    return ContentID.make(domain: "earshot training rows 1", [String(decoding: bytes, as: UTF8.self)])
  }
}
