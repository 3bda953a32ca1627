import Audio
import Dataset
import Foundation
import Testing

@testable import Judging

@Suite struct ItemSoundsTests {
  private func item(
    _ id: String, audio: String?, answer: String = "a", recording: String? = nil
  ) -> BenchmarkItem {
    BenchmarkItem(
      id: id, kind: .choice, audio: audio, question: "Which?", choices: ["a", "b"], answer: answer,
      answerIndex: answer == "a" ? 0 : 1, recording: recording)
  }

  @Test func noItemHearsItsOwnRecordingOrFileOrAnswer() {
    let items = (0..<60).map { number in
      item("\(number)", audio: "\(number / 2).wav", answer: number % 3 == 0 ? "a" : "b", recording: "r\(number / 6)")
    }

    let places = SwapPartners(items, seed: 3).places

    for (own, partner) in zip(items, places) {
      let other = items[partner ?? 0]
      #expect(partner != nil)
      #expect(own.recording != other.recording && own.audio != other.audio)
    }
    // A permutation: each sound is heard as often as before.
    #expect(Set(places.compactMap { $0 }).count == items.count)
    // 40 of 60 have one answer, so that at least 20 of them cannot hear the other's.
    let same = zip(items, places).count { item, place in item.answer == items[place ?? 0].answer }
    #expect(same == 20, "\(same)")
  }

  @Test func answersDifferWhereTheyCan() {
    let items = (0..<400).map { item("\($0)", audio: "\($0).wav", answer: $0 % 2 == 0 ? "a" : "b") }

    let places = SwapPartners(items, seed: 0).places

    let same = zip(items, places).count { item, place in item.answer == items[place ?? 0].answer }
    #expect(same == 0, "\(same)")
  }

  @Test func exchangesFollowFromTheSeed() {
    let items = (0..<30).map { item("\($0)", audio: "\($0).wav") }

    #expect(SwapPartners(items, seed: 1).places == SwapPartners(items, seed: 1).places)
    #expect(SwapPartners(items, seed: 1).places != SwapPartners(items, seed: 2).places)
  }

  @Test func aRecordingOfMostItemsHearsTheOthersSeveralTimes() {
    let items = (0..<10).map { item("\($0)", audio: "\($0).wav", recording: $0 < 8 ? "big" : "small") }

    let places = SwapPartners(items, seed: 0).places

    for (place, partner) in places.enumerated() {
      #expect(partner.map { ($0 < 8) != (place < 8) } == true)
    }
  }

  @Test func itemsWithoutAPartnerAreNamed() {
    let items = [item("x", audio: "1.wav", recording: "r"), item("y", audio: "2.wav", recording: "r")]

    let heard = ItemSounds(items, missing: [], hearing: .swap).heard

    #expect(heard.allSatisfy { $0 == .missing("No item of another recording has a sound to hear in its place.") })
  }

  @Test(arguments: [Hearing.audio, .silence, .noise, .swap]) func aMissingSoundIsNeverHeardAsSilence(hearing: Hearing)
    throws
  {
    let folder = try TemporaryFolder()
    let file = folder.path + "/set.jsonl"
    try """
    {"id": "x", "task": "choice", "audio": "gone.wav", "question": "Which?", "choices": ["a", "b"], "answer": "a"}
    {"id": "y", "task": "choice", "audio": "set.jsonl", "question": "Which?", "choices": ["a", "b"], "answer": "a"}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let set = try BenchmarkFile.read(path: file)

    let heard = ItemSounds(set.items, missing: set.missing, hearing: hearing).heard

    #expect(heard[0] == .missing("\(folder.path)/gone.wav: there is no such file."))
    #expect(ItemSounds(set.items, missing: set.missing, hearing: .none).heard[0] == .heard(nil, captions: []))
  }

  @Test func silenceAndNoiseHaveTheSoundsLength() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.wav"
    let samples = (0..<5_000).map { Float($0 % 50) / 100 }
    try WAVWriter.write(Waveform(samples: samples, sampleRate: 16_000), to: path)
    let reader = SoundReader(maximumSamples: 4_000)
    func read(_ content: Sound.Content) throws -> (samples: [Float], isCut: Bool) {
      try reader.read(Sound(AudioReference(path: path), content: content))
    }

    let (recorded, silence) = (try read(.recorded), try read(.silence))
    let (noise, other) = (try read(.noise(seed: 1)), try read(.noise(seed: 2)))

    #expect(recorded.isCut && silence.isCut && noise.isCut)
    #expect(recorded.samples.count == 4_000 && silence.samples.count == 4_000 && noise.samples.count == 4_000)
    #expect(silence.samples.allSatisfy { $0 == 0 })
    let power = noise.samples.reduce(0) { $0 + Double($1 * $1) } / 4_000
    #expect(abs(power.squareRoot() - 0.05) < 0.002)
    #expect(noise.samples.prefix(9).elementsEqual(try read(.noise(seed: 1)).samples.prefix(9)))
    #expect(!noise.samples.prefix(9).elementsEqual(other.samples.prefix(9)))
  }

  @Test func captionsOfAFileAreFoundByIdAndByFile() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/captions.jsonl"
    try """
    {"id": "x", "caption": "A bell."}
    {"clip": "two.wav", "captions": ["A dog.", "A bark."]}
    {"id": "unknown", "caption": "Rain."}
    """.write(toFile: file, atomically: true, encoding: .utf8)
    let items = [item("x", audio: "one.wav"), item("y", audio: "clips/two.wav"), item("z", audio: "three.wav")]

    let captions = try ItemCaptions.read(path: file, for: items)
    let heard = ItemSounds(items, missing: [], hearing: .captions, captions: captions).heard

    #expect(heard[0] == .heard(nil, captions: ["A bell."]))
    #expect(heard[1] == .heard(nil, captions: ["A dog.", "A bark."]))
    #expect(heard[2] == .missing("It has no caption."))
    #expect(throws: JudgingError.noCaptions(path: file)) {
      try ItemCaptions.read(path: file, for: [item("other", audio: "other.wav")])
    }
  }
}
