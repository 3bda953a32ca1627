import Pipelines

/// What a writer is given of a clip: what was said of it, the sound itself, or both.
struct WriteInputs: Sendable {
  let captions: Bool
  let audio: Bool
  /// Seconds of the longest clip that is sent.
  private let longest: Double

  init(_ section: Section) throws {
    let inputs = try section.choices("inputs", of: ["captions", "audio"], default: ["captions"])
    guard !inputs.isEmpty else { throw section.badValue("inputs", wanted: "captions, audio, or both") }
    captions = inputs.contains("captions")
    audio = inputs.contains("audio")
    longest = try section.duration("longest", in: 0.1...3600, default: 180)
    if !audio, section.has("longest") {
      throw section.conflict("longest", with: "'inputs' without audio")
    }
  }

  /// What of them could change an answer. Captions alone are not named: it was all there was.
  var parts: [String: String] {
    audio ? ["inputs": captions ? "captions, audio" : "audio", "longest": "\(longest) s"] : [:]
  }

  /// Why a clip's sound is not sent; nil where it may be.
  func problem(seconds: Double) -> String? {
    seconds <= longest ? nil : "\(rounded(seconds)) s, with at most \(rounded(longest)) s sent (write.longest)"
  }

  private func rounded(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
}
