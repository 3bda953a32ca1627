import Audio
import Testing

@Suite struct PeakAmplitudeTests {
  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 1000])
  func theLargestSampleIsFoundWhereverItIsAndWhateverItsSign(count: Int) {
    for place in 0..<min(count, 40) {
      var samples = [Float](repeating: 0.25, count: count)
      samples[place] = place.isMultiple(of: 2) ? -0.75 : 0.75
      #expect(peakAmplitude(samples) == 0.75)
    }
  }

  @Test func noSamplesHaveNoPeak() {
    #expect(peakAmplitude([]) == 0)
  }
}
