import Testing

@testable import Audio

@Suite struct SampleHashTests {
  private let samples: [Float] = [0, 0.5, -1, 1.0 / 3, -0.0]

  /// From Python: hashlib.sha256(b'earshot-samples-1' + struct.pack('<q5f', 16000, 0, 0.5, -1, 1/3, 0)).hexdigest()
  @Test func theHashIsSHA256OfTheDocumentedBytes() {
    #expect(
      SampleHash.hexadecimal(of: Waveform(samples: samples, sampleRate: 16_000))
        == "195dc31074207cf0cc4b08ef3315ebfc95b5b25a35a683cba13a0751b618a0ad")
    #expect(
      SampleHash(sampleRate: 8000).hexadecimal() == "378aa85ccde968de55b4f52cf5010cbe7e30b26023c372c9284a812aa02da06f")
  }

  @Test func piecesHashLikeTheWhole() {
    var pieces = SampleHash(sampleRate: 16_000)
    pieces.update(Array(samples[0..<2]))
    pieces.update([])
    pieces.update(Array(samples[2...]))

    #expect(pieces.hexadecimal() == SampleHash.hexadecimal(of: Waveform(samples: samples, sampleRate: 16_000)))
    #expect(pieces.finalize().count == 32)
  }

  @Test func aSampleOrTheRateChangesTheHash() {
    let hash = SampleHash.hexadecimal(of: Waveform(samples: samples, sampleRate: 16_000))

    #expect(hash != SampleHash.hexadecimal(of: Waveform(samples: samples, sampleRate: 16_001)))
    #expect(hash != SampleHash.hexadecimal(of: Waveform(samples: samples + [0], sampleRate: 16_000)))
  }
}
