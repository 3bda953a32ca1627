import Foundation
import Testing

@testable import Web

struct ListenedCaptionTests {
  private func body(_ sound: [UInt8], text: String = "Describe it.") -> Data {
    let data = Data(sound).base64EncodedString()
    return Data(
      """
      {"model":"m","messages":[{"role":"user","content":[
      {"type":"input_audio","input_audio":{"data":"\(data)","format":"wav"}},
      {"type":"text","text":"\(text)"}]}]}
      """.utf8)
  }

  /// A second at an eighth of full scale, then one at half.
  private let sound: [Int16] = .init(repeating: 4096, count: 16_000) + .init(repeating: -16_384, count: 16_000)

  // By hand: the mean power is (2⁻⁶ + 2⁻²) / 2, which is -8.8 dB, and the peak 1/2, which is -6.0 dB.
  @Test func aSoundIsAnsweredWithWhatCanBeMeasured() async throws {
    let server = try await StandInServer.start()

    let answer = try await post(body(wave(sound)), to: server)

    let choice = try #require(try JSONDecoder.api.decode(Reply.self, from: answer.body).choices.first)
    #expect(
      choice.message.content
        == "It lasts 2 seconds. Its average level is -8.8 dBFS and its peak is -6.0 dBFS. "
        + "Of its seconds, number 2 is the loudest.")
    await server.stop()
  }

  @Test func theQuestionGrammarReadsItsFacts() throws {
    let text = ListenedCaption.text(of: try #require(WaveSound(wave(sound))))

    let facts = FactReader.facts(in: text)

    #expect(facts.duration?.value == 200)
    #expect(facts.level?.value == .init(average: -88, peak: -60))
  }

  @Test func channelsAreMixedAndSilenceHasALevel() throws {
    let stereo = try #require(WaveSound(wave([16_384, -16_384, 8_192, 8_192], rate: 2, channels: 2)))

    #expect(stereo.samples == [0, 0.25] && stereo.seconds == 1)
    #expect(
      ListenedCaption.text(of: try #require(WaveSound(wave([0, 0]))))
        == "It lasts 0 seconds. Its average level is -120.0 dBFS and its peak is -120.0 dBFS.")
    #expect(ListenedCaption.text(of: try #require(WaveSound(wave([])))) == "The recording is empty.")
  }

  @Test func filesThatLieAreNoSoundOrAShorterOne() {
    let whole = wave(sound)
    for length in 0..<200 { _ = WaveSound(Array(whole.prefix(length))) }
    for place in 0..<44 {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var damaged = whole
        damaged[place] = value
        if let read = WaveSound(damaged) { _ = ListenedCaption.text(of: read) }
      }
    }
    #expect(WaveSound(Array("RIFF".utf8)) == nil)
    #expect(WaveSound(Array(whole.prefix(1_044)))?.samples.count == 500)
  }
}
