import Audio
import Testing

@testable import Captioning

struct ManifestCaptionerTests {
  private func clip(_ metadata: [String: String]) -> CaptionInput {
    CaptionInput(clip: "c1", waveform: Waveform(samples: [], sampleRate: 16_000), metadata: metadata)
  }

  @Test func theColumnIsPassedOnAsOneLine() {
    let captioner = ManifestCaptioner(column: "text")

    let results = captioner.captions(for: [clip(["text": " A dog\r\n barks.\u{7} ", "caption": "x"])])

    #expect(results == [.success([CaptionDraft(text: "A dog barks.")])])
    #expect(!captioner.needsAudio)
  }

  @Test func aClipWithoutCaptionIsNamed() {
    let results = ManifestCaptioner().captions(for: [clip([:]), clip(["caption": " \n"])])

    #expect(results == [.failure(.noCaption(clip: "c1", column: "caption")), results[0]])
    #expect(
      "\(CaptioningError.noCaption(clip: "c1", column: "caption"))"
        == "c1: the manifest has no caption in column 'caption'. Fill the column in or choose another captioner.")
  }

  @Test func theColumnIsPartOfTheIdentity() {
    #expect(ManifestCaptioner(column: "a").identity != ManifestCaptioner(column: "b").identity)
  }
}
