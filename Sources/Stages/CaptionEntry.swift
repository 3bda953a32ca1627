import Captioning
import Dataset
import Foundation
import Pipelines
import Store

/// One of the captioners that a pipeline asks for, under the name that its captions go by.
struct CaptionEntry: Sendable {
  enum Work: Sendable {
    /// On as many threads as there are.
    case local(any Captioner)
    /// Captions that exist already; `prepared` makes it a local one.
    case file(CaptionFile)
    /// From one thread, together with the others of the same model.
    case model(ModelCaptioner, AudioTextModel)
    case endpoint(CaptionEndpoint)
  }

  let name: String
  private(set) var work: Work
  /// What models are asked, where the captioner is one.
  private(set) var prompt: PromptRecord?

  static let kinds = ["acoustic", "manifest", "file", "endpoint"] + AudioTextModel.Family.allCases.map(\.rawValue)

  /// An entry's settings are in the subsection of its name; `captioner` there says which captioner it is, and may be
  /// left out where the name says it.
  init(_ name: String, in stage: Section, openModel: (AudioTextModel) throws -> any AudioTextGenerator) throws {
    self.name = name
    let section = stage.section(name)
    let kind = try section.string("captioner", default: name)
    switch kind {
    case "acoustic": work = .local(AcousticCaptioner())
    case "manifest":
      let column = try stage.string("column", default: "caption")
      work = .local(ManifestCaptioner(column: try section.string("column", default: column)))
    case "file": work = .file(try CaptionFile(section))
    case "endpoint":
      let asked = try CaptionPrompt(section)
      prompt = asked.record
      work = .endpoint(try CaptionEndpoint(section, prompt: asked))
    default:
      guard let family = AudioTextModel.Family(rawValue: kind) else {
        throw CaptioningError.unknownCaptioner(
          kind, entry: name, nearest: nearestName(to: kind, in: Self.kinds), known: Self.kinds)
      }
      let asked = try CaptionPrompt(section)
      prompt = asked.record
      work = try Self.model(family, section, asked, openModel)
    }
  }

  private static func model(
    _ family: AudioTextModel.Family, _ section: Section, _ prompt: CaptionPrompt,
    _ open: (AudioTextModel) throws -> any AudioTextGenerator
  ) throws -> Work {
    let batch = try section.int("batch", in: 1...256, default: 8)
    let weights = try section.choice(
      "weights", of: AudioTextModel.Weights.allCases.map(\.rawValue), default: AudioTextModel.Weights.stored.rawValue)
    let sampling = try sampling(section)
    let captions = try section.int("captions", in: 1...16, default: 1)
    guard captions == 1 || sampling.temperature > 0 else {
      throw section.badValue("captions", wanted: "1, as it must be with temperature 0, where all would be the same")
    }
    let window = try section.optionalDuration("window", in: 1...3600)
    let model = AudioTextModel(
      family: family, folder: try section.model("model"), weights: AudioTextModel.Weights(rawValue: weights) ?? .stored)
    let generator = try open(model)
    guard sampling.maxTokens <= generator.mostTokens else {
      throw section.badValue(
        "max_tokens",
        wanted:
          "at most \(generator.mostTokens), half of the positions that the model has for prompt, sound and caption")
    }
    let captioner = ModelCaptioner(
      name: family.rawValue, generator: generator,
      settings: ModelCaptioner.Settings(
        promptHash: prompt.record.hash, sampling: sampling, captions: captions, window: window),
      batch: batch
    ) { clip throws(CaptioningError) in
      do {
        return try prompt.turns(labels: clip.labels)
      } catch {
        throw CaptioningError.badPrompt(clip: clip.clip, reason: "\(error)")
      }
    }
    return .model(captioner, model)
  }

  private static func sampling(_ section: Section) throws -> CaptionSampling {
    let sampling = CaptionSampling(
      temperature: try section.double("temperature", in: 0...2, default: 0),
      topP: try section.optionalDouble("top_p", in: 0...1),
      topK: try section.optionalInt("top_k", in: 1...1_000_000),
      maxTokens: try section.int("max_tokens", in: 1...4096, default: 256),
      seed: try section.int("seed", in: 0...Int(Int32.max), default: 0))
    guard sampling.topP != 0 else { throw section.badValue("top_p", wanted: "a number above 0 and at most 1") }
    return sampling
  }

  /// Ready for work: files are read, and what would stop the work later is found now.
  func prepared(_ context: StageContext) throws -> CaptionEntry {
    var entry = self
    switch work {
    case .local, .model: break
    case .endpoint(let endpoint): try endpoint.access.checkKey()
    case .file(let file): entry.work = .local(try file.captioner(context))
    }
    return entry
  }

  /// Everything but the clips that could change the captions, for the stage's fingerprint.
  var part: String {
    var identity = identity
    if case .file(let file) = work { identity["file"] = file.digest }
    return identity.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  private var identity: [String: String] {
    switch work {
    case .local(let captioner): captioner.identity
    case .model(let captioner, _): captioner.identity
    case .file(let file): file.identity
    case .endpoint(let endpoint): endpoint.identity
    }
  }

  /// Digest of everything that the captions of a clip depend on.
  func key(of clip: ClipRecord) -> String {
    var parts = [name, clip.sha256]
    for (name, value) in identity.sorted(by: { $0.key < $1.key }) { parts += [name, value] }
    parts.append("labels")
    parts += clip.labels
    switch work {
    case .local(let captioner): parts += captioner.inputs(of: CaptionInput(clip))
    case .model(let captioner, _): parts += captioner.inputs(of: CaptionInput(clip))
    case .file, .endpoint: break
    }
    return ContentID.make(domain: "earshot caption 1", parts)
  }
}
