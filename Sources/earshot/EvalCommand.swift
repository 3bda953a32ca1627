import ArgumentParser
import Dataset
import Evaluation
import Foundation
import Judging
import Models
import Stages
import Tensors

struct EvalCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Ask a model the questions of a test set, and score its answers.",
    discussion: """
      Test sets are read as published (MMAU, MMAR, AIR-Bench, AVQA, AudioMCQ), and so are JSON lines of our own; \
      docs/evaluation.md describes them. The result is a folder for each hearing: every answer, the scores by every \
      rule, and what they were made with. A run that was stopped goes on when the command is given again; one that is \
      done does nothing.
      """)

  @OptionGroup var model: ModelOptions
  @OptionGroup var samplingOptions: SamplingOptions
  @OptionGroup var asking: EvalOptions
  @OptionGroup var remote: EndpointOptions
  @OptionGroup var cascade: CascadeOptions

  @Flag(help: "Print the scores as JSON.")
  var json = false

  func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    if let threads = model.threads { Parallel.threads = threads }
    let plan = try EvalPlan(asking)
    for note in plan.set.notes { printNote(note) }
    let asked = try plan.hearings.map { ($0, try plan.questions($0, seed: samplingOptions.seed)) }
    var results: [EvaluationResult] = []
    try await remote.withJudge { judge in
      try await cascade.withDescriber(requests: remote.requests) { describer in
        try await withAnswerer(plan) { results = try await evaluate(asked, plan, Panel($0, describer, judge)) }
      }
    }
    for result in results {
      if let path = try result.writeSubmission(testSet: asking.data) { printNote("\(path): to submit") }
    }
    if json {
      printResult(jsonLine(results.map(EvalSummary.init), pretty: true))
    } else {
      let screen = EvalScreen(rule: plan.rule)
      for result in results { printResult(screen.text(result)) }
    }
  }

  func validate() throws {
    guard remote.endpoint != nil else { return }
    if asking.way != .generate { throw ValidationError("--way \(asking.way.rawValue) is for local models.") }
    if model.adapter != nil { throw ValidationError("--adapter is for local models.") }
    if model.weights != nil { throw ValidationError("--weights is for local models.") }
  }

  private func withAnswerer(_ plan: EvalPlan, _ body: (any Answerer) async throws -> Void) async throws {
    guard let access = try remote.access() else { return try await body(try localAnswerer(plan)) }
    let settings = try samplingOptions.settings(model: model.model)
    try await access.withClient { client in
      try await body(
        EndpointAnswerer(client: client, settings: settings, prompts: plan.prompts, kinds: plan.set.kinds))
    }
  }

  private func localAnswerer(_ plan: EvalPlan) throws -> any Answerer {
    let folder = try ModelLocation.resolve(model.model)
    let opened = try AudioLanguageModel(folder: folder, adapter: model.adapter, weights: model.weights)
    let identity = ["model": ModelLocation.name(ofFolder: folder), "weights": model.weights?.rawValue ?? "as stored"]
    return try asking.way.answerer(
      opened, prompts: plan.prompts, kinds: plan.set.kinds, sampling: try samplingOptions.sampling(for: opened),
      maximumTokens: samplingOptions.maxTokens, batch: asking.batch, identity: identity)
  }

  private func evaluate(
    _ asked: [(Hearing, EvaluationRun.Questions)], _ plan: EvalPlan, _ panel: Panel
  ) async throws -> [EvaluationResult] {
    var results: [EvaluationResult] = []
    for (hearing, questions) in asked {
      let folder = plan.folder(hearing)
      let captions = CaptionLog(asking.restart ? nil : folder)
      let result = try await evaluate(
        EvaluationRun(
          questions, settings: plan.settings(hearing, samplingOptions.seed),
          answerer: panel.answerer(keeping: captions, in: folder), judge: panel.judge, folder: folder,
          program: Version.current), hearing)
      if !result.wasComplete { try captions.finish(folder, ids: questions.items.map(\.id)) }
      results.append(result)
    }
    return results
  }

  private func evaluate(_ run: EvaluationRun, _ hearing: Hearing) async throws -> EvaluationResult {
    let progress = EvalProgress(hearing: hearing.rawValue, json: json)
    let earlier: EvaluationRun.Earlier = asking.restart ? .setAside : .refuse
    do {
      let note: @Sendable (String) -> Void = { progress.note($0) }
      let result = try await Interruption.watching(note: note) {
        try await run.run(earlier: earlier) { progress.show($0, of: $1) }
      }
      progress.finish(result)
      return result
    } catch is CancellationError {
      progress.interrupt()
      throw Stopped(command: CommandLine.arguments.filter { $0 != "--restart" })
    }
  }
}

/// Who takes part in an evaluation.
private struct Panel {
  private let own: any Answerer
  private let describer: (any Answerer)?
  let judge: EndpointJudge?

  init(_ own: any Answerer, _ describer: (any Answerer)?, _ judge: EndpointJudge?) {
    (self.own, self.describer, self.judge) = (own, describer, judge)
  }

  /// Who answers; in a cascade, from captions that are kept in the folder of the result.
  func answerer(keeping captions: CaptionLog, in folder: ResultFolder) -> any Answerer {
    guard let describer else { return own }
    return CascadeAnswerer(describer: describer, answerer: own, known: captions.known) {
      try captions.append($0, $1, in: folder)
    }
  }
}
