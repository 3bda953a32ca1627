import Dataset
import Foundation
import Judging
import Models
public import Pipelines
import Stages
import Training

extension Experiment {
  private static let sections = ["train", "data", "sets", "arms", "evaluate", "expect"]
  /// Stands for the rows of an arm's sets, which a phase cannot name; no path is empty.
  static let ownSet = ""

  /// Reads an experiment file: `train` and `data` as in a training file, a section for each phase, and `sets`, `arms`,
  /// `evaluate` and `expect`. `audio` takes the place of the audio that its set is made of. Throws for what it does not
  /// know.
  public init(_ file: PipelineFile, audio: [SetAudio] = []) throws {
    let phases = try Self.phaseNames(file)
    training = try Self.training(file, phases: phases)
    name = file.name
    start = Self.start(file, training)
    sets = try SetAudio.sets(of: audio, in: try Self.sets(file.section("sets")))
    arms = try Self.arms(file.section("arms"), phases: phases, sets: sets.map(\.name))
    evaluation = try ExperimentEvaluation(
      file.section("evaluate"), sets: sets.map(\.name), prompt: try Self.data(file).prompt)
    expectations = try Self.expectations(
      file.section("expect"), arms: arms.map(\.name), hearings: evaluation.hearings.map(\.rawValue))
  }

  private static func phaseNames(_ file: PipelineFile) throws -> [String] {
    let methods = ["sft", "dpo", "grpo"]
    let named = file.sectionNames.filter { !sections.contains($0) && file.section($0).has("method") }
    try file.checkSections(known: sections + methods + named)
    return file.sectionNames.filter { !sections.contains($0) }
  }

  /// The phases with all settings but their rows.
  private static func training(_ file: PipelineFile, phases: [String]) throws -> TrainingSettings {
    let settings = try TrainingSettings(file: file, phases: phases, data: fallback(file))
    if settings.output != nil {
      throw file.section("train").conflict("output", with: "an experiment, which trains in its own folder")
    }
    return settings
  }

  private static func fallback(_ file: PipelineFile) -> DataSettings {
    DataSettings(set: ownSet, prompt: file.path("../prompts/ask-omni-r1.md"))
  }

  /// What holds for all phases that say nothing else.
  private static func data(_ file: PipelineFile) throws -> DataSettings {
    try DataSettings(file.section("data"), default: fallback(file))
  }

  private static func start(_ file: PipelineFile, _ training: TrainingSettings) -> Start {
    let isNano = (try? file.section("train").optionalString("model")) == "nano"
    return isNano && !FileManager.default.fileExists(atPath: training.model) ? .nano : .model(training.model)
  }

  private static func sets(_ section: Section) throws -> [QuestionSet] {
    let names = try section.names(wanted: "the sets of questions")
    let sets = try names.map { try QuestionSet(name: $0, section.section($0)) }
    try section.finish()
    return sets
  }

  private static func arms(_ section: Section, phases: [String], sets: [String]) throws -> [ExperimentArm] {
    let names = try section.names(wanted: "the trainings to compare")
    let arms = try names.map { try ExperimentArm(name: $0, section.section($0), phases: phases, sets: sets) }
    try section.finish()
    return arms
  }

  private static func expectations(_ section: Section, arms: [String], hearings: [String]) throws -> [Expectation] {
    let expectations = try section.keys.flatMap { arm in
      guard arms.contains(arm) else { throw section.badValue(arm, wanted: "the bounds of one of the arms") }
      let own = section.section(arm)
      return try own.keys.flatMap { try Expectation.all(arm: arm, hearing: $0, own, hearings: hearings) }
    }
    try section.finish()
    return expectations
  }
}

/// Whether a text is safe as the name of a folder.
func isFolderName(_ text: String) -> Bool { text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,99}/) != nil }

extension Section {
  /// The keys of a section whose keys are names of folders.
  fileprivate func names(wanted: String) throws -> [String] {
    guard !keys.isEmpty else {
      throw PipelineError.missingValue(key: name, wanted: wanted, at: place(of: name))
    }
    if let bad = keys.first(where: { !isFolderName($0) }) {
      throw PipelineError.badName(bad, at: place(of: bad))
    }
    return keys
  }
}

extension QuestionSet {
  init(name: String, _ section: Section) throws {
    let pipeline = try section.optionalPath("pipeline")
    let run = try section.optionalPath("run")
    let train = try section.paths("train")
    let given = [("pipeline", pipeline != nil), ("run", run != nil), ("train", train != nil)].filter(\.1).map(\.0)
    guard let source = given.first else {
      throw section.badValue(
        "pipeline", wanted: "a pipeline file; or give 'run', or 'train' and 'test' with files of rows")
    }
    if given.count > 1 { throw section.conflict(given[1], with: "'\(source)', which has the set's rows") }
    self.name = name
    if let pipeline {
      self.source = .pipeline(file: pipeline, overrides: try Self.overrides(section))
    } else if let run {
      self.source = .run(run)
    } else {
      self.source = .files(
        train: train ?? [], dev: try section.paths("dev") ?? [], test: try section.paths("test") ?? [])
    }
  }

  /// `audio` and `set` of a set that a pipeline makes, as the command line would give them.
  private static func overrides(_ section: Section) throws -> [String] {
    let folder = try section.optionalPath("audio", words: ["synth"])
    return [folder.map(SetAudio.override)].compactMap { $0 } + (try section.strings("set"))
  }
}

extension ExperimentArm {
  init(name: String, _ section: Section, phases known: [String], sets: [String]) throws {
    self.name = name
    phases = try section.choices("phases", of: known, default: [])
    let wanted = try section.optionalString("sets").map {
      $0.split(separator: "+").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    self.sets = wanted ?? sets
    if self.sets.isEmpty || !Set(self.sets).isSubset(of: sets) || Set(self.sets).count != self.sets.count {
      throw section.badValue("sets", wanted: "one or more of \(sets.joined(separator: ", ")), with + between them")
    }
    hears =
      section.has("hears") ? AudioMode(rawValue: try section.choice("hears", of: AudioMode.words, default: "")) : nil
    rows = AudioContribution(
      rawValue: try section.choice("rows", of: ["all"] + AudioContribution.allCases.map(\.rawValue), default: "all"))
    if phases.isEmpty {
      for key in ["sets", "hears", "rows"] where section.has(key) {
        throw section.conflict(key, with: "an arm without phases, which is not trained")
      }
    }
  }
}

extension AudioMode {
  fileprivate static var words: [String] { allCases.map(\.rawValue) }
}

extension ExperimentEvaluation {
  init(_ section: Section, sets known: [String], prompt fallback: String) throws {
    sets = try section.choices("sets", of: known, default: known)
    tasks = try section.strings("tasks")
    let words = Hearing.allCases.map(\.rawValue)
    let given = try section.choices("hearings", of: words, default: ["audio", "silence", "none"])
    hearings = given.compactMap(Hearing.init(rawValue:))
    let ways = AnsweringWay.allCases.map(\.rawValue)
    way =
      AnsweringWay(rawValue: try section.choice("way", of: ways, default: AnsweringWay.generate.rawValue)) ?? .generate
    prompt = try section.optionalPath("prompt") ?? fallback
    orders = try section.int("orders", in: 1...24, default: 1)
    limit = try section.optionalInt("limit", in: 1...10_000_000)
    maximumTokens = try section.int("max_tokens", in: 1...4096, default: 64)
    if hearings.isEmpty {
      throw section.badValue("hearings", wanted: "one or more of \(words.joined(separator: ", "))")
    }
    try section.finish()
  }
}

extension Expectation {
  /// The bounds that a section has for one hearing of an arm.
  static func all(arm: String, hearing: String, _ section: Section, hearings: [String]) throws -> [Expectation] {
    guard hearings.contains(hearing) else {
      throw section.badValue(hearing, wanted: "bounds under one of the hearings that are evaluated")
    }
    let bounds = section.section(hearing)
    let least = try bounds.optionalDouble("at_least", in: 0...100).map { Bound.atLeast($0 / 100) }
    let near = try bounds.optionalDouble("near_chance", in: 0...100).map { Bound.nearChance(within: $0 / 100) }
    return [least, near].compactMap { bound in bound.map { Expectation(arm: arm, hearing: hearing, bound: $0) } }
  }
}
