import Dataset
import Pipelines
import Training

extension StageCatalogue {
  /// The stages of a pipeline that takes its questions from sets, in the order they run.
  static let importNames = ["import", "dedup", "contamination", "split", "balance", "export"]

  /// The stages of such a file. Splits and places of answers stay as the sets have them, unless the file says otherwise.
  static func importStages(of file: PipelineFile) throws -> [any Stage] {
    try file.checkSections(known: importNames + TrainingSettings.sections + TrainingSettings.methods)
    let sections = Dictionary(uniqueKeysWithValues: importNames.map { ($0, file.section($0)) })
    func section(_ name: String) -> Section { sections[name] ?? file.section(name) }
    let source = try ImportStage(section("import"))
    let stages: [any Stage] = [
      source, try DedupStage(section("dedup")), try ContaminationStage(section("contamination")),
      try SplitStage(section("split"), ofImport: true), try BalanceStage(section("balance"), ofImport: true),
      try ExportStage(
        section("export"), run: file.name, sounds: source.settings.hasSounds ? nil : SoundHandling.absent),
    ]
    for name in importNames { try section(name).finish() }
    return stages
  }

  /// Whether a section says that what sets give is kept.
  static func keepsGiven(_ section: Section, ofImport: Bool) throws -> Bool {
    ofImport ? try section.choice("given", of: ["keep", "redo"], default: "keep") == "keep" : false
  }
}
