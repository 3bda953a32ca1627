import Audio
import Dataset
import Models

/// Finds the rows that a run would stumble over, before its first step: sounds that cannot be opened, that end before
/// their stretch begins or are too short to hear, and prompts that leave no room for their answers.
///
/// Opens every file once and reads no further than its header, so that what only the samples tell shows later.
final class RowCheck {
  private let model: AudioLanguageModel
  private var headers: [String: Result<Header, AudioError>] = [:]
  private var first: (id: String, obstacle: TrainingDataError.Obstacle)?
  private var failures = 0
  private var rows = 0

  private struct Header {
    var sampleRate: Int
    var frames: Int
  }

  init(model: AudioLanguageModel) { self.model = model }

  /// Throws where there are such rows, naming the first and how many there are.
  func check(_ data: [PhaseData], of phases: [TrainingPhase]) throws {
    for (data, phase) in zip(data, phases) {
      try check(data.train, answer: phase.answer(to:))
      for case let set? in [data.dev, data.test] { try check(set) { _ in .sampled(phase.completionTokens) } }
    }
    if let first { throw TrainingDataError.unusableRow(id: first.id, first.obstacle, count: failures, of: rows) }
  }

  private func check(_ set: TrainingSet, answer: (TrainingExample) -> Answer) throws {
    rows += set.count
    for index in 0..<set.count {
      let example = try set.example(index, epoch: 0)
      guard let obstacle = try obstacle(example, answer: answer(example)) else { continue }
      failures += 1
      first = first ?? (example.id, obstacle)
    }
  }

  private func obstacle(
    _ example: TrainingExample, answer: Answer
  ) throws -> TrainingDataError.Obstacle? {
    var audioTokens: [Int] = []
    if let sound = example.audio {
      guard let encoder = model.encoder else { return .prompt(.noAudioTower(name: sound.path)) }
      let samples: Int
      switch sampleCount(of: sound) {
      case .failure(let error): return .audio(error)
      case .success(let count): samples = min(count, encoder.maximumSamples)
      }
      audioTokens = [encoder.rowCount(samples: samples)]
      if audioTokens[0] == 0 { return .prompt(.tooShort(name: sound.path, samples: samples)) }
    }
    let limit = model.configuration.decoder.maximumPositions
    // No text has more tokens than bytes, so most rows need no tokens to be seen to fit.
    guard example.textBytes + 256 + audioTokens.reduce(0, +) + answer.most(\.utf8.count) > limit else { return nil }
    let tokens = try model.template.render(
      example.messages, tokenizer: model.tokenizer, audioTokenCounts: audioTokens, trustingText: false
    ).count
    let length = answer.most { model.tokenizer.encode($0, parsingSpecialTokens: false).count }
    return tokens + length > limit ? .tooLong(prompt: tokens, answer: length, limit: limit) : nil
  }

  /// The samples of a sound at 16 kHz, as its file's header has it.
  private func sampleCount(of sound: AudioReference) -> Result<Int, AudioError> {
    header(of: sound.path).flatMap { header in
      let rate = Double(header.sampleRate)
      let start = ((sound.start ?? 0) * rate).rounded()
      guard start < Double(header.frames) else {
        return .failure(.endsBefore(path: sound.path, frame: Int(exactly: start) ?? Int.max))
      }
      let rest = Double(header.frames) - start
      let frames = sound.duration.map { min(max(1, ($0 * rate).rounded()), rest) } ?? rest
      return .success(Int(min((frames * Double(Waveform.modelRate) / rate).rounded(.up), 1e15)))
    }
  }

  private func header(of path: String) -> Result<Header, AudioError> {
    if let known = headers[path] { return known }
    let header: Result<Header, AudioError>
    do throws(AudioError) {
      let reader = try AudioReader(path: path)
      header = .success(Header(sampleRate: reader.sampleRate, frames: reader.frames))
    } catch {
      header = .failure(error)
    }
    headers[path] = header
    return header
  }
}

/// What stands behind a prompt.
private enum Answer {
  /// Up to so many tokens.
  case sampled(Int)
  /// One of these, and an end.
  case texts([String])

  /// The most tokens, where `count` tells those of a text.
  func most(_ count: (String) -> Int) -> Int {
    switch self {
    case .sampled(let tokens): tokens
    case .texts(let texts): (texts.map(count).max() ?? 0) + 1
    }
  }
}

extension TrainingPhase {
  fileprivate func answer(to example: TrainingExample) -> Answer {
    use == .rewarding ? .sampled(completionTokens) : .texts([example.target, example.rejected].compactMap { $0 })
  }
}

extension TrainingExample {
  /// Of the messages' texts.
  fileprivate var textBytes: Int {
    messages.reduce(0) { sum, message in
      message.parts.reduce(sum) { sum, part in
        if case .text(let text) = part { sum + text.utf8.count } else { sum }
      }
    }
  }
}
