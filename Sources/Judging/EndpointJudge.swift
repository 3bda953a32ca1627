public import Chat
public import Dataset
public import Evaluation

/// Has a chat endpoint's model compare open answers with their references, each twice: the reference first, then the
/// answer first.
public struct EndpointJudge: Sendable {
  /// An answer to be judged, and the verdicts on it that are there already.
  public struct Case: Sendable {
    public var item: BenchmarkItem
    public var answer: String
    public var known: [AnswerLine.Verdict]

    public init(item: BenchmarkItem, answer: String, known: [AnswerLine.Verdict] = []) {
      self.item = item
      self.answer = answer
      self.known = known
    }
  }

  /// All that could change a verdict.
  public let identity: [String: String]
  private let exchange: EndpointExchange
  private let prompt: JudgePrompt

  public init(client: ChatClient, settings: EndpointSettings, prompt: JudgePrompt = .airBench) {
    exchange = EndpointExchange(client: client, settings: settings)
    self.prompt = prompt
    var identity = settings.identity
    identity["endpoint"] = client.endpoint.identity
    identity["prompt"] = prompt.name
    identity["prompt-digest"] = prompt.digest
    self.identity = identity
  }

  /// Asks for the verdicts that are not known yet, telling each as it comes with the case's place, from several
  /// threads. An answer that was never given needs no judge and gets none, nor does an item without a reference.
  ///
  /// Throws, once those under way have come, where the endpoint will answer nothing any more, and what `onVerdict`
  /// throws.
  public func judge(
    _ cases: [Case], onVerdict: @escaping @Sendable (Int, AnswerLine.Verdict, Reply.Usage?) throws -> Void
  ) async throws {
    let open = cases.enumerated().flatMap { place, one in
      one.needsJudge
        ? [false, true].filter { swapped in !one.known.contains { $0.isPaid && $0.swapped == swapped } }
          .map { (place: place, swapped: $0) } : []
    }
    try await exchange.forEach(open.count) { number in
      let (place, swapped) = open[number]
      let reply = try await exchange.reply(to: try messages(for: cases[place], swapped: swapped))
      var verdict = AnswerLine.Verdict(swapped: swapped, output: reply.output, problem: reply.problem)
      verdict.scores = reply.output.flatMap { JudgeScores.read($0) }.map { swapped ? $0.reversed() : $0 }
      try onVerdict(place, verdict, reply.usage)
    }
  }

  private func messages(for one: Case, swapped: Bool) throws -> [ChatMessage] {
    let reference = one.item.references.first ?? ""
    let fields = JudgeFields(
      sound: one.item.soundDescription ?? "", question: one.item.question, first: swapped ? one.answer : reference,
      second: swapped ? reference : one.answer)
    return try prompt.messages(fields).map { ChatMessage($0) }
  }
}

extension EndpointJudge.Case {
  fileprivate var needsJudge: Bool {
    !item.references.isEmpty && answer.contains { !$0.isWhitespace }
  }
}

extension AnswerLine.Verdict {
  /// Whether the judge said something, which is never asked for again, whether it can be read or not.
  fileprivate var isPaid: Bool { output != nil }
}

/// The two scores of a verdict.
enum JudgeScores {
  /// Those on the first line that is not blank, where it holds two numbers from 1 to 10 and no others; commas, slashes
  /// ("8/10") and words may stand beside them. Nil for anything else.
  static func read(_ verdict: String) -> [Double]? {
    let line = verdict.split(whereSeparator: \.isNewline).first { $0.contains { !$0.isWhitespace } } ?? ""
    let plain = String(line).replacing("/10", with: " ")
    let words = plain.split { !($0.isASCII && $0.isNumber) && $0 != "." }.map { $0.drop { $0 == "." } }
    let numbers = words.compactMap { Double($0.last == "." ? $0.dropLast() : $0) }
    guard numbers.count == 2, numbers.allSatisfy({ (1...10).contains($0) }) else { return nil }
    return numbers
  }
}
