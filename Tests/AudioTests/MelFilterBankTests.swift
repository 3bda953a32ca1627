import Foundation
import Testing

@testable import Audio

@Suite struct MelFilterBankTests {
  /// The weights of transformers' mel_filter_bank; see Tests/Fixtures/logmel/logmel.py.
  private struct Recorded: Decodable {
    struct Band: Decodable {
      let firstBin: Int
      let weights: [Double]
    }
    let filters: [String: [Band]]
  }

  @Test(arguments: [80, 128])
  func weightsEqualThoseOfTransformers(bands: Int) throws {
    let recorded = try JSONDecoder().decode(Recorded.self, from: Data(bytes(of: fixture("logmel/logmel.json"))))
    let expected = try #require(recorded.filters["\(bands)"])

    let bank = MelFilterBank(bands: bands).bands

    #expect(bank.map(\.firstBin) == expected.map(\.firstBin))
    #expect(bank.map(\.weights.count) == expected.map(\.weights.count))
    let differences = zip(bank.flatMap(\.weights), expected.flatMap(\.weights)).map { abs($0 - $1) }
    #expect(differences.max()! <= 1e-15, "the largest difference is \(differences.max()!)")
  }

  @Test func everyBandOfTheBanksInUseHearsSomething() {
    for bands in [80, 128] {
      #expect(MelFilterBank(bands: bands).bands.allSatisfy { !$0.weights.isEmpty })
    }
  }

  @Test func theScaleIsSlaneys() {
    #expect(MelFilterBank.mel(ofFrequency: 500) == 7.5)
    #expect(MelFilterBank.mel(ofFrequency: 1000) == 15)
    #expect(abs(MelFilterBank.mel(ofFrequency: 6400) - 42) < 1e-12)
    for mel in [0, 3.25, 14.99, 15, 40] {
      #expect(abs(MelFilterBank.mel(ofFrequency: MelFilterBank.frequency(ofMel: mel)) - mel) < 1e-12)
    }
  }
}
