import Audio
import Tensors
import Testing

@testable import Models

/// Against transformers' feature extractor and audio towers, in float32; see Tests/Fixtures/models.
@Suite struct ReferenceEncoderTests {
  @Test(arguments: ["qwen2-audio", "qwen2.5-omni"])
  func spectrogramsEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let longest = name == "qwen2-audio" ? 480_000 : 4_800_000
    for clip in reference.clips {
      let frames = LogMel(bands: 128)(clip.sound, paddedTo: longest, frames: clip.frames)

      let expected = try reference.tensor("audio\(clip.frames).mel")
      let columns = Array(stride(from: 0, to: clip.frames, by: clip.melStride[1]))
      let found = stride(from: 0, to: 128, by: clip.melStride[0]).flatMap { band in
        columns.map { frames.values[band * clip.frames + $0] }
      }
      #expect(largestDifference(found, expected.values) <= 1e-4, "\(clip.frames) frames")
    }
  }

  @Test(arguments: ReferenceFile.hearing)
  func audioRowsEqualThoseOfTransformers(name: String) throws {
    let reference = try ReferenceFile(name)
    let encoder = try #require(try referenceModel(name).encoder)
    for clip in reference.clips {
      let rows = encoder([clip.sound])[0]

      try expect(rows, toEqual: clip, of: reference)
    }
  }

  @Test(arguments: ReferenceFile.hearing)
  func clipsEncodedTogetherEqualThoseOfTransformersEncodedAlone(name: String) throws {
    let reference = try ReferenceFile(name)
    let encoder = try #require(try referenceModel(name).encoder)

    let together = encoder(reference.clips.map(\.sound))

    for (clip, rows) in zip(reference.clips, together) { try expect(rows, toEqual: clip, of: reference) }
  }

  private func expect(_ rows: Tensor, toEqual clip: ReferenceFile.Clip, of reference: ReferenceFile) throws {
    try #require(rows.rows == clip.rows)
    let kept = largestDifference(
      rows.picked(rows: clip.kept), try reference.tensor("audio\(clip.frames).rows").values)
    let means = (0..<rows.rows).map { rows.picked(rows: [$0]).reduce(0, +) / Float(rows.columns) }
    let mean = largestDifference(means, try reference.tensor("audio\(clip.frames).means").values)
    #expect(kept <= 1e-4, "\(clip.frames) frames")
    #expect(mean <= 1e-4, "\(clip.frames) frames")
  }
}
