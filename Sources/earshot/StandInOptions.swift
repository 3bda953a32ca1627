import ArgumentParser
import Web

/// What goes wrong with the stand-in's answers.
struct StandInFaultOptions: ParsableArguments {
  @Option(help: "Share answered with 429 and Retry-After.")
  var rateLimited = 0.0

  @Option(help: "Share answered with 500.")
  var serverError = 0.0

  @Option(help: "Share whose body is cut off on the wire.")
  var cutOff = 0.0

  @Option(help: "Share whose text is not the JSON asked for.")
  var wrongJson = 0.0

  @Option(help: "Share that stops at the token limit.")
  var truncated = 0.0

  @Option(help: "Share that is refused in words.")
  var refusal = 0.0

  @Option(help: ArgumentHelp("Share that meets this fault; can be given for each.", valueName: "name=share"))
  var fault: [FaultShare] = []

  @Option(help: "How often one request can meet a fault; from then on it is answered well.")
  var faultsPerRequest = 1

  @Option(help: "Another seed hits other requests.")
  var faultSeed: UInt64 = 0

  @Option(help: ArgumentHelp("What Retry-After asks for.", valueName: "seconds"))
  var retryAfter = 1

  @Option(help: ArgumentHelp("How long nothing comes at the fault 'pause'.", valueName: "seconds"))
  var pauseSeconds = 40.0

  @Option(help: ArgumentHelp("How long a body takes at the fault 'drip'.", valueName: "seconds"))
  var dripSeconds = 5.0

  @Option(help: ArgumentHelp("Every answer takes this long.", valueName: "seconds"))
  var latency = 0.0

  func validate() throws {
    let shares = named.map(\.share)
    guard shares.allSatisfy({ (0...1).contains($0) }), faults.total <= 1 + 1e-9 else {
      throw ValidationError("Rates must be between 0 and 1, and together at most 1.")
    }
    guard Set(named.map(\.fault)).count == named.count else {
      throw ValidationError("A fault is given twice.")
    }
    guard faultsPerRequest >= 0, retryAfter >= 0 else {
      throw ValidationError("--faults-per-request and --retry-after must not be negative.")
    }
    for (name, seconds) in [("latency", latency), ("pause-seconds", pauseSeconds), ("drip-seconds", dripSeconds)] {
      guard (0...3600).contains(seconds) else {
        throw ValidationError("--\(name) must be between 0 and 3600 seconds.")
      }
    }
  }

  /// All shares above zero, whichever option gave them.
  private var named: [FaultShare] {
    let options: [(StandInFault, Double)] = [
      (.rateLimited, rateLimited), (.serverError, serverError), (.cutOff, cutOff), (.wrongJSON, wrongJson),
      (.truncated, truncated), (.refusal, refusal),
    ]
    return options.filter { $0.1 != 0 }.map { FaultShare(fault: $0.0, share: $0.1) } + fault
  }

  var faults: StandInFaults {
    var faults = StandInFaults()
    for named in named { faults[named.fault] = named.share }
    faults.mostPerBody = faultsPerRequest
    faults.seed = faultSeed
    faults.retryAfterSeconds = retryAfter
    faults.pauseSeconds = pauseSeconds
    faults.dripSeconds = dripSeconds
    faults.latencySeconds = latency...latency
    return faults
  }
}

/// "reset=0.02" on the command line.
struct FaultShare: ExpressibleByArgument {
  var fault: StandInFault
  var share: Double

  init(fault: StandInFault, share: Double) {
    self.fault = fault
    self.share = share
  }

  init?(argument: String) {
    let words = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard words.count == 2, let fault = StandInFault(rawValue: String(words[0])), let share = Double(words[1]) else {
      return nil
    }
    self.init(fault: fault, share: share)
  }
}

/// How much the stand-in takes.
struct StandInLimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Requests a minute; what goes beyond is answered with 429.", valueName: "n"))
  var requestsPerMinute: Int?

  @Option(help: ArgumentHelp("Tokens a minute, prompts and answers together.", valueName: "n"))
  var tokensPerMinute: Int?

  @Option(help: ArgumentHelp("Answers worked on at a time; the rest waits, as with a local model.", valueName: "n"))
  var atOnce: Int?

  func validate() throws {
    guard [requestsPerMinute, tokensPerMinute, atOnce].compactMap(\.self).allSatisfy({ $0 > 0 }) else {
      throw ValidationError("--requests-per-minute, --tokens-per-minute and --at-once must be positive.")
    }
  }

  var limits: StandInLimits {
    StandInLimits(requestsPerMinute: requestsPerMinute, tokensPerMinute: tokensPerMinute, concurrentAnswers: atOnce)
  }
}

/// What the stand-in can do.
struct StandInAbilityOptions: ParsableArguments {
  @Option(help: "What becomes of a JSON schema: honoured, ignored, refused.")
  var jsonSchema = StandInCapabilities.Support.honoured

  @Option(help: "What becomes of JSON mode.")
  var jsonObject = StandInCapabilities.Support.honoured

  @Option(help: "What becomes of sounds.")
  var audio = StandInCapabilities.Support.honoured

  @Flag(inversion: .prefixedNo, help: "Give log-probabilities where they are asked for.")
  var logprobs = true

  @Option(help: "When one request gets different answers: repeatable (never), seeded (without a seed), free (always).")
  var sampling = StandInCapabilities.Sampling.repeatable

  var capabilities: StandInCapabilities {
    var capabilities = StandInCapabilities()
    capabilities.jsonSchema = jsonSchema
    capabilities.jsonObject = jsonObject
    capabilities.audio = audio
    capabilities.givesLogProbabilities = logprobs
    capabilities.sampling = sampling
    return capabilities
  }
}

/// How the stand-in's batches move on.
struct StandInBatchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Polls that move a batch on by a step.", valueName: "n"))
  var batchPolls = 1

  @Option(help: ArgumentHelp("Time that moves a batch on by a step, in place of polls.", valueName: "seconds"))
  var batchSeconds: Double?

  @Option(help: ArgumentHelp("Batches expire with this share of their requests answered.", valueName: "share"))
  var batchExpires: Double?

  func validate() throws {
    guard batchPolls > 0, (0...86_400).contains(batchSeconds ?? 0) else {
      throw ValidationError("--batch-polls must be positive, and --batch-seconds at most a day.")
    }
    guard (0...1).contains(batchExpires ?? 0) else {
      throw ValidationError("--batch-expires must be between 0 and 1.")
    }
  }

  var batches: StandInBatches {
    var batches = StandInBatches()
    batches.pace = batchSeconds.map(StandInBatches.Pace.seconds) ?? .polls(batchPolls)
    batches.expiresAfter = batchExpires
    return batches
  }
}
