import Models
public import Pipelines
import Tensors
public import Training

extension TrainingSettings {
  /// The sections of a training file that are no phases.
  static let sections = ["train", "data"]
  static let methods = ["sft", "dpo", "grpo"]

  /// Whether a file is one of training, and not a pipeline from audio to questions, which may train too.
  public static func describes(_ file: PipelineFile) -> Bool {
    file.has("train") && !isExperiment(file) && !(StageCatalogue.names + ["import"]).contains(where: file.has)
  }

  /// Whether a file is one of an experiment, which has its phases as a training file has them.
  static func isExperiment(_ file: PipelineFile) -> Bool { file.has("arms") }

  /// Reads a training file: `train`, `data`, and a section for each phase, called by its method or with a `method`, in
  /// the order in which they run. Throws for what it does not know.
  public init(file: PipelineFile) throws {
    if Self.isExperiment(file) { throw TrainingFileError.isExperiment(file: file.path) }
    if !Self.describes(file), (StageCatalogue.names + ["import"]).contains(where: file.has) {
      throw TrainingFileError.isPipeline(file: file.path)
    }
    try self.init(
      file: file, phases: file.sectionNames.filter { !Self.sections.contains($0) }, data: DataSettings())
  }

  /// The same with the named phases alone, and with what `data` has where the file does not say.
  public init(file: PipelineFile, phases names: [String], data fallback: DataSettings) throws {
    let train = file.section("train")
    let data = file.section("data")
    self.init(
      name: file.name, model: try train.model("model"), output: try train.optionalPath("output"),
      part: try TrainedPart(train), seed: UInt64(try train.int("seed", in: 0...Int(Int32.max), default: 42)),
      threads: try train.optionalInt("threads", in: 1...1024), phases: [])
    adapterLayout = try AdapterLayout(train.section("lora"))
    featureBytes = try train.optionalDouble("feature_gigabytes", in: 0...1_000_000).map { Int($0 * 1e9) }
    let common = try DataSettings(data, default: fallback)
    for name in names {
      phases.append(try TrainingPhase(file.section(name), of: file, data: common, part: part))
    }
    try train.finish()
    try data.finish()
    guard !phases.isEmpty else {
      throw PipelineError.missingValue(
        key: "sft, dpo or grpo", wanted: "the settings of a phase", at: .file(file.path, line: nil))
    }
  }
}

extension TrainingPhase {
  /// A phase's section. Its `data` wins over the file's, setting by setting.
  init(_ section: Section, of file: PipelineFile, data common: DataSettings, part: TrainedPart) throws {
    let method = try Self.method(section, of: file)
    let parts = try Self.parts(method, section)
    if section.has("spec_augment"), !part.hearsAnew {
      throw section.conflict(
        "spec_augment", with: "an audio tower that is frozen, whose sounds are encoded once",
        advice: "Leave it out, or have the tower learn.")
    }
    self.init(
      name: section.name, method: parts.method,
      data: try DataSettings(section.section("data"), default: common), optimizer: parts.optimizer,
      watch: try WatchSettings(section))
    try section.finish()
    let place = file.section("data").place(of: "train")
    if data.train.isEmpty && data.set == nil {
      throw PipelineError.missingValue(
        key: "data.train", wanted: "the files to train on, or 'data.set' to the folder of a run", at: place)
    }
    if data.prompt.isEmpty {
      throw PipelineError.missingValue(key: "data.prompt", wanted: "a prompt file", at: place)
    }
  }

  private static func method(_ section: Section, of file: PipelineFile) throws -> String {
    if section.has("method") || TrainingSettings.methods.contains(section.name) {
      return try section.choice("method", of: TrainingSettings.methods, default: section.name)
    }
    let known = TrainingSettings.sections + TrainingSettings.methods
    let named = file.sectionNames.filter { $0 != section.name && !known.contains($0) && file.section($0).has("method") }
    try file.checkSections(known: known + named)
    return section.name
  }

  private static func parts(
    _ method: String, _ section: Section
  ) throws -> (method: Method, optimizer: OptimizerSettings) {
    switch method {
    case "dpo":
      return (.dpo(try DPOSettings(section)), try OptimizerSettings(section, rate: 1e-6, batch: 16))
    case "grpo":
      let settings = try GRPOSettings(section)
      return (.grpo(settings), try OptimizerSettings(section, rate: 1e-6, batch: 16))
    default:
      return (.sft(try SFTSettings(section)), try OptimizerSettings(section, rate: 2e-5, batch: 16))
    }
  }
}

extension TrainedPart {
  /// From `lora`, `frozen`, `also_trained` and `weights`; without `lora` the weights themselves learn.
  init(_ section: Section) throws {
    let names = WeightFormat.allCases.map(\.rawValue)
    let patterns = { (key: String) in try section.strings(key).map { NamePattern($0) } }
    let weights = try section.choice("weights", of: ["stored"] + names, default: "stored")
    let lora = section.section("lora")
    self.init(
      lowRank: section.has("lora") ? try LowRank(lora) : nil, frozen: try patterns("frozen"),
      alsoTrained: try patterns("also_trained"), frozenFormat: WeightFormat(rawValue: weights))
    if lowRank == nil, !alsoTrained.isEmpty {
      throw section.conflict("also_trained", with: "a training without lora, where all learns that is not frozen")
    }
    if lowRank == nil, frozen.isEmpty, section.has("weights") {
      throw section.conflict("weights", with: "a training in which every matrix learns, in float32")
    }
  }
}

extension TrainedPart.LowRank {
  init(_ section: Section) throws {
    self.init(
      rank: try section.int("rank", in: 1...4096, default: 16),
      alpha: try section.double("alpha", in: 1e-6...1e6, default: 32),
      dropout: try section.double("dropout", in: 0...0.99, default: 0.05),
      isRankStabilized: try section.bool("rslora", default: false))
    let given = try section.strings("targets")
    if !given.isEmpty { targets = given.map { NamePattern($0) } }
  }
}

extension AdapterLayout {
  init(_ section: Section) throws {
    let layouts = Self.allCases.map(\.rawValue)
    let word = try section.choice("peft_layout", of: layouts, default: Self.version5.rawValue)
    self = Self(rawValue: word) ?? .version5
  }
}
