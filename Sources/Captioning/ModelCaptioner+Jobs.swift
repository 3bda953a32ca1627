extension ModelCaptioner {
  /// A clip, and one of those who are to caption it.
  public struct Job: Sendable {
    public var captioner: ModelCaptioner
    public var clip: CaptionInput

    public init(captioner: ModelCaptioner, clip: CaptionInput) {
      self.captioner = captioner
      self.clip = clip
    }
  }

  /// One result per job, in their order, by captioners of one generator.
  ///
  /// All that is asked about a sound is asked in a row, whoever asks, so that the model encodes the sound once. Throws
  /// as `captions(for:)` does.
  public static func captions(of jobs: [Job]) throws -> [Result<[CaptionDraft], CaptioningError>] {
    guard let generator = jobs.first?.captioner.generator else { return [] }
    let plans = jobs.map { job in Result { () throws(CaptioningError) in try job.captioner.plan(job.clip) } }
    let asked = questions(plans)
    let requests = asked.map(\.request)
    let batch = jobs.map(\.captioner.batch).max() ?? 1
    let answers = requests.isEmpty ? [] : try generator.generate(requests, batch: batch)
    guard answers.count == requests.count else {
      throw CaptioningError.wrongAnswers(model: generator.model, asked: requests.count, given: answers.count)
    }
    var ofJobs: [[Int: Result<GeneratedText, AudioTextError>]] = jobs.map { _ in [:] }
    for (question, answer) in zip(asked, answers) { ofJobs[question.job][question.place] = answer }
    return zip(jobs, zip(plans, ofJobs)).map { job, work in
      work.0.flatMap { plan in
        Result { () throws(CaptioningError) in
          try job.captioner.drafts(plan, plan.requests.indices.compactMap { work.1[$0] })
        }
      }
    }
  }

  /// A request of a job's plan, with what it is sorted by.
  private struct Question {
    var request: AudioTextRequest
    var job: Int
    /// Among the plan's requests.
    var place: Int
    /// The first job about the same clip.
    var clip: Int
    var samples: Range<Int>
  }

  /// The requests of all plans, sound by sound.
  private static func questions(_ plans: [Result<Plan, CaptioningError>]) -> [Question] {
    var clips: [String: Int] = [:]
    var questions: [Question] = []
    for case (let job, .success(let plan)) in plans.enumerated() {
      let clip = clips[plan.clip, default: job]
      clips[plan.clip] = clip
      for (place, request) in plan.requests.enumerated() {
        questions.append(
          Question(
            request: request, job: job, place: place, clip: clip,
            samples: plan.stretches[place % plan.stretches.count].samples))
      }
    }
    return questions.sorted {
      ($0.clip, $0.samples.lowerBound, $0.samples.upperBound, $0.job, $0.place)
        < ($1.clip, $1.samples.lowerBound, $1.samples.upperBound, $1.job, $1.place)
    }
  }
}
