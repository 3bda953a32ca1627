/// A model that listens and writes, as the captioners use one: an inference engine behind two names and one call.
public protocol AudioTextGenerator: Sendable {
  /// What the model is called, such as "Qwen2-Audio-7B-Instruct"; exports show it, so never a path.
  var model: String { get }

  /// What tells these weights, in this format, from all others; known before the weights are read.
  var revision: String { get }

  /// Seconds of the longest sound that the model hears as a whole.
  var longestSound: Double { get }

  /// The most tokens that an answer may have, so that the model has room for the prompt and the sound too.
  var mostTokens: Int { get }

  /// One result per request, in their order; up to `batch` are decoded together, which changes nothing but speed. The
  /// weights are read by the first call.
  ///
  /// Blocks, is parallel in itself, and is called from one thread at a time. A result depends on its request alone,
  /// never on the others it came with. Requests in a row about one sound share the work on it. It throws where no
  /// request at all can be answered.
  func generate(_ requests: [AudioTextRequest], batch: Int) throws -> [Result<GeneratedText, AudioTextError>]
}

/// A model to open for captioners.
public struct AudioTextModel: Sendable, Hashable {
  /// The families there are, by the names of their captioners.
  public enum Family: String, Sendable, CaseIterable {
    case qwen2Audio = "qwen2-audio"
    case qwen25Omni = "qwen2.5-omni"
  }

  /// How weights are held in memory; `stored` is as the files have them.
  public enum Weights: String, Sendable, CaseIterable {
    case stored, bfloat16, int8, int4
  }

  public var family: Family
  /// The folder with config.json and the weights, or the OWNER/NAME of a model that was pulled.
  public var folder: String
  public var weights: Weights

  public init(family: Family, folder: String, weights: Weights = .stored) {
    self.family = family
    self.folder = folder
    self.weights = weights
  }
}

/// Opens a model far enough to tell its name and revision; throws what a user should read where it is none.
public typealias OpenAudioTextModel = @Sendable (AudioTextModel) throws -> any AudioTextGenerator

/// A sound, and what a model is asked about it.
public struct AudioTextRequest: Sendable, Equatable {
  /// Equal for equal samples: what a model made of the sound may be kept under it from one request to the next.
  public var sound: String
  /// Mono, 16 kHz.
  public var samples: [Float]
  /// What is said, in order; the last turn is the user's, and the sound comes before its text.
  public var turns: [CaptionTurn]
  public var sampling: CaptionSampling

  public init(sound: String, samples: [Float], turns: [CaptionTurn], sampling: CaptionSampling) {
    self.sound = sound
    self.samples = samples
    self.turns = turns
    self.sampling = sampling
  }
}

/// One turn of a prompt.
public struct CaptionTurn: Sendable, Equatable {
  public enum Role: String, Sendable {
    case system, user, assistant
  }

  public var role: Role
  public var text: String

  public init(role: Role, text: String) {
    self.role = role
    self.text = text
  }
}

/// What a model wrote.
public struct GeneratedText: Sendable, Equatable {
  public enum Finish: Sendable, Equatable {
    /// At a token that ends an answer.
    case end
    /// At the most tokens allowed.
    case length
  }

  public var text: String
  /// How many were written.
  public var tokens: Int
  /// Mean over the tokens of the natural logarithm of their probabilities, before sampling bent them.
  public var meanLogProbability: Double
  public var finish: Finish

  public init(text: String, tokens: Int, meanLogProbability: Double, finish: Finish) {
    self.text = text
    self.tokens = tokens
    self.meanLogProbability = meanLogProbability
    self.finish = finish
  }
}

/// Why a model has no answer to one request; `reason` reads after a colon, without a full stop.
public struct AudioTextError: Error, Equatable, Sendable {
  public var reason: String

  public init(reason: String) {
    self.reason = reason
  }
}
