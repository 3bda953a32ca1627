import Judging
import Models
import Pipelines
import Store

/// Asks a judge on this machine what it has not answered yet; each answer is kept as it comes.
struct ModelJudging: Sendable {
  let judge: JudgeSettings
  let model: JudgeModel
  let questions: DependenceQuestions
  let context: StageContext

  func ask() async throws {
    var asks = JudgeAsks(questions, judge, in: context.store)
    var opened: AudioLanguageModel?
    let sounds = judge.hears == [.none] ? nil : try JudgeSounds(context.store)
    while let page = try asks.nextPage() {
      try Task.checkCancellation()
      guard !page.isEmpty else { continue }
      let (ready, settings) = (opened, model)
      let usable = try await onThread { try ready ?? settings.open() }
      opened = usable
      for sample in 0..<judge.samples {
        try await ask(page.filter { $0.sample == sample }, sample: sample, usable, sounds)
      }
    }
  }

  private func ask(
    _ page: [JudgeAsk], sample: Int, _ opened: AudioLanguageModel, _ sounds: JudgeSounds?
  ) async throws {
    var (asks, keys): ([Ask], [String]) = ([], [])
    for ask in page {
      var sound: Sound?
      if let heard = ask.heard {
        guard let found = try sounds?.sound(heard) else { continue }
        sound = found
      }
      asks.append(Ask(item: questions.items[ask.question], order: ask.order, sound: sound))
      keys.append(ask.key)
    }
    let (context, answered) = (context, keys)
    try await model.answerer(opened, sample: sample).answer(asks) { place, reply in
      guard !reply.isUnheard else {
        return context.progress.note(stage: context.place.name, reply.problem ?? "a sound cannot be heard")
      }
      try context.store.keep([
        JudgeReplyRecord(key: answered[place], request: nil, reply: try EndpointJudging.text(reply))
      ])
      context.progress.advanced(stage: context.place.name, by: 1)
    }
  }
}
