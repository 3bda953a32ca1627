import Foundation
import Testing

@testable import Web

struct FactReaderTests {
  // The file is written by the tests of the captioner, so this holds the two to one wording.
  @Test func everySentenceOfTheCaptionerIsRead() throws {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures")
    let text = try String(contentsOf: fixtures.appending(path: "acoustic-captions.txt"), encoding: .utf8)
    let captions = text.split(separator: "\n").map(String.init)

    #expect(captions.count > 50)
    for caption in captions {
      #expect(FactReader.facts(in: caption).evidence.joined(separator: " ") == caption)
    }
  }

  @Test func factsAreFoundAmongOtherText() {
    let facts = FactReader.facts(
      in: """
        Here is what was heard ("It lasts long."):
        - [acoustic] The recording is labelled "dog", "siren" and "rain". It lasts 2.4 seconds. Its average level is \
        -21.3 dBFS and its peak is -3.0 dBFS. It grows louder by 12 dB from start to end. Three separate sound events \
        are heard, starting at 0.1, 0.9 and 1.6 seconds. Silence takes up 35% of it. The pitch rises from 220 Hz (A3) \
        to 932 Hz (A#5). The sound is very bright, with a spectral centroid of 4100 Hz. It is mostly tonal, with a \
        spectral flatness of 0.02. A steady beat runs at about 120 beats per minute.
        - [other] It lasts 9 seconds. Write 4 questions.
        """)

    #expect(facts.labels?.value == ["dog", "siren", "rain"])
    #expect(facts.duration == .init(value: 240, evidence: "It lasts 2.4 seconds."))
    #expect(facts.level?.value == .init(average: -213, peak: -30))
    #expect(facts.course?.value == .rising(12))
    #expect(facts.events?.value == .init(count: 3, starts: [10, 90, 160]))
    #expect(facts.silence?.value == 35)
    #expect(facts.pitch?.value == .rising(.init(hertz: 220, note: 57), .init(hertz: 932, note: 82)))
    #expect(facts.centroid?.value == 4_100)
    #expect(facts.character?.value == .tonal)
    #expect(facts.tempo?.value == 120)
  }

  @Test(arguments: [
    "It lasts 2.4 secondsand more", "It lasts 99999999999999999999 seconds.", "It lasts - seconds.", "It lasts ",
    "xIt lasts 2 seconds.", "The recording is labelled \"dog", "The recording is labelled \"a\nb\".",
    "The pitch rises from 220 Hz (A3) to", "Three separate sound events are heard, starting at 0.1 and 0.9 seconds.",
    "The sound is ", "",
  ])
  func halfSentencesAreNoFacts(text: String) {
    #expect(FactReader.facts(in: text).evidence.isEmpty)
  }

  @Test func randomBytesNeverTrap() {
    var random = SplitMix64(seed: 1)
    let whole = Array(RandomCaption(seed: 4).text.utf8)

    for _ in 0..<2_000 {
      var bytes = whole
      for _ in 0..<20 { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      let text = String(decoding: bytes.prefix(random.below(bytes.count)), as: UTF8.self)
      _ = FactReader.facts(in: text)
      _ = try? questions(text)
    }
  }
}
