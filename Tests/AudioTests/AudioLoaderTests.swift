import Audio
import Testing

@Suite struct AudioLoaderTests {
  private let tone: [Float] = (0..<32_000).map { Float($0 % 100) / 200 }

  private func write(_ samples: [Float], rate: Int = 16_000, to path: String) throws {
    try WAVWriter.write(Waveform(samples: samples, sampleRate: rate), to: path)
  }

  @Test func aSoundIsReadAsItIs() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    let loader = AudioLoader(maximumSamples: 480_000)

    let loaded = try loader.load(AudioReference(path: folder.path + "/a.wav"))

    #expect(loaded.samples == (try AudioReader.decode(path: folder.path + "/a.wav", maximumSeconds: 60).samples))
    #expect(loader.cutCount == 0)
  }

  @Test func otherRatesAreResampled() throws {
    let folder = try TemporaryFolder()
    try write(tone, rate: 8_000, to: folder.path + "/a.wav")

    let loaded = try AudioLoader(maximumSamples: 480_000).load(AudioReference(path: folder.path + "/a.wav"))

    #expect(loaded.samples.count == 64_000)
  }

  @Test func aStretchIsCutOutOfTheFile() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    let loader = AudioLoader(maximumSamples: 480_000)
    let whole = try loader.load(AudioReference(path: folder.path + "/a.wav")).samples

    let part = try loader.load(AudioReference(path: folder.path + "/a.wav", start: 0.5, duration: 1)).samples
    let rest = try loader.load(AudioReference(path: folder.path + "/a.wav", start: 1.5)).samples

    #expect(part == Array(whole[8_000..<24_000]))
    #expect(rest == Array(whole[24_000...]))
    let behind = AudioReference(path: folder.path + "/a.wav", start: 2.5)
    #expect(throws: AudioError.endsBefore(path: folder.path + "/a.wav", frame: 40_000)) { try loader.load(behind) }
    let far = AudioReference(path: folder.path + "/a.wav", start: 1e300)
    #expect(throws: AudioError.endsBefore(path: folder.path + "/a.wav", frame: Int.max)) { try loader.load(far) }
  }

  @Test func whatTheModelCannotHearIsCutAndCountedOnce() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    let loader = AudioLoader(maximumSamples: 16_000, memory: 0)
    let reference = AudioReference(path: folder.path + "/a.wav")

    let first = try loader.load(reference)
    let second = try loader.load(reference)

    #expect(first.samples.count == 16_000)
    #expect(second == first)
    #expect(loader.cutCount == 1)
  }

  @Test func silenceHasTheLengthOfTheSound() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    let loader = AudioLoader(maximumSamples: 480_000)

    let silence = try loader.load(AudioReference(path: folder.path + "/a.wav", isSilenced: true))

    #expect(silence.samples == [Float](repeating: 0, count: 32_000))
    #expect(try loader.load(AudioReference(path: folder.path + "/a.wav")).key != silence.key)
  }

  @Test func aKeyNamesTheSamplesAndNotTheFile() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    try write(tone, to: folder.path + "/b.wav")
    try write(tone.reversed(), to: folder.path + "/c.wav")
    let loader = AudioLoader(maximumSamples: 480_000)

    let keys = try ["a", "b", "c"].map { try loader.load(AudioReference(path: "\(folder.path)/\($0).wav")).key }

    #expect(keys[0] == keys[1])
    #expect(keys[0] != keys[2])
  }

  @Test func soundsStayInMemoryWhileThereIsRoom() throws {
    let folder = try TemporaryFolder()
    try write(tone, to: folder.path + "/a.wav")
    try write(tone, to: folder.path + "/b.wav")
    // Room for one of them.
    let loader = AudioLoader(maximumSamples: 480_000, memory: 200_000)
    let (a, b) = (AudioReference(path: folder.path + "/a.wav"), AudioReference(path: folder.path + "/b.wav"))
    let first = try loader.load(a)
    _ = try loader.load(b)
    for name in ["a", "b"] { try write([0.5], to: "\(folder.path)/\(name).wav") }

    #expect(try loader.load(a) == first)
    #expect(try loader.load(b).samples.count == 1)
  }
}
