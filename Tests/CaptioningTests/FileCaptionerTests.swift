import Audio
import Testing

@testable import Captioning

struct FileCaptionerTests {
  private let clip = CaptionInput(clip: "c1", waveform: Waveform(samples: [], sampleRate: 16_000))

  @Test func allCaptionsOfAClipArePassedOnWithTheirOriginEachOnce() throws {
    let captioner = FileCaptioner(origin: "Clotho", source: "c.csv") { _ in
      ["A dog\tbarks.", "Rain.", "A dog barks.", " "]
    }

    let drafts = try captioner.captions(for: [clip])[0].get()

    #expect(
      drafts == [
        CaptionDraft(text: "A dog barks.", origin: "Clotho"), CaptionDraft(text: "Rain.", origin: "Clotho"),
      ])
    #expect(!captioner.needsAudio)
  }

  @Test func aClipThatHasNoneIsNamedWithTheFile() {
    let captioner = FileCaptioner(origin: "Clotho", source: "c.csv") { _ in [] }

    #expect(captioner.captions(for: [clip]) == [.failure(.notInFile(clip: "c1", source: "c.csv"))])
    #expect(
      "\(CaptioningError.notInFile(clip: "c1", source: "c.csv"))"
        == "c1: no caption of it in c.csv. Add one, or choose another captioner for the rest.")
  }

  @Test func captionsDependOnTheirTextsAlone() {
    let one = FileCaptioner(origin: "Clotho", source: "a.csv") { _ in ["Rain."] }
    let moved = FileCaptioner(origin: "Clotho", source: "b.csv") { _ in ["Rain."] }
    let other = FileCaptioner(origin: "Clotho", source: "b.csv") { _ in ["Wind."] }

    #expect(one.identity == moved.identity && one.inputs(of: clip) == moved.inputs(of: clip))
    #expect(one.inputs(of: clip) != other.inputs(of: clip))
  }
}
