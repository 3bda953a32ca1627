public import Captioning
public import Pipelines
import Training

/// The stages there are, in the order they run.
public enum StageCatalogue {
  public static let names = [
    "scan", "caption", "write", "check", "dedup", "contamination", "split", "balance", "export",
  ]
  /// Stages that a pipeline has where its file has their section.
  public static let optionalNames = ["dependence"]

  /// The stages of a pipeline file, set up from their sections. A section that is not in the file has its defaults; only
  /// the stages that train, behind the others, are those that the file has.
  /// Throws for sections, keys and values that no stage knows. `openModel` opens the models of captioners that run one.
  public static func stages(
    of file: PipelineFile, openModel: OpenAudioTextModel = { try LocalModel($0) }
  ) throws -> [any Stage] {
    if TrainingSettings.isExperiment(file) { throw TrainingFileError.isExperiment(file: file.path) }
    if TrainingSettings.describes(file) { throw TrainingFileError.isTraining(file: file.path) }
    if file.has("import") { return try importStages(of: file) + (try trainingStages(of: file)) }
    try file.checkSections(known: names + optionalNames + TrainingSettings.sections + TrainingSettings.methods)
    let sections = Dictionary(uniqueKeysWithValues: (names + optionalNames).map { ($0, file.section($0)) })
    func section(_ name: String) -> Section { sections[name] ?? file.section(name) }
    let scan = try ScanStage(section("scan"))
    let caption = try CaptionStage(section("caption"), openModel: openModel)
    let write = try WriteStage(section("write"))
    let dependence = file.has("dependence") ? try DependenceStage(section("dependence")) : nil
    var stages: [any Stage] = [
      scan, caption, write,
      try CheckStage(section("check"), choices: write.choices, needsRationale: write.asksRationale, hears: write.hears),
      try DedupStage(section("dedup")),
      try ContaminationStage(section("contamination")),
    ]
    if let dependence { stages.append(dependence) }
    stages += [
      try SplitStage(section("split")),
      try BalanceStage(section("balance"), separatesWeak: dependence?.weak == .split),
      try ExportStage(section("export"), run: file.name),
    ]
    for name in names + optionalNames { try section(name).finish() }
    return stages + (try trainingStages(of: file))
  }

  private static func trainingStages(of file: PipelineFile) throws -> [any Stage] {
    guard let training = try PipelineTraining(file) else { return [] }
    return training.settings.phases.indices.map { TrainStage(training, phase: $0) }
  }
}
