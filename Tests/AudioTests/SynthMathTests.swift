import Foundation
import Testing

@testable import Audio

/// Held to the functions of the C library.
@Suite struct SynthMathTests {
  @Test func sinesEqualThoseOfTheLibrary() {
    for step in -4000...4000 {
      let turns = Double(step) / 777
      #expect((SynthMath.sine(turns: turns) - sin(2 * Double.pi * turns)).magnitude < 1e-12)
      #expect((SynthMath.cosine(turns: turns) - cos(2 * Double.pi * turns)).magnitude < 1e-12)
    }
  }

  @Test func powersEqualThoseOfTheLibrary() {
    for step in -3000...3000 {
      let exponent = Double(step) / 91
      #expect((SynthMath.powerOfTwo(exponent) / exp2(exponent) - 1).magnitude < 1e-12)
      #expect((SynthMath.exponential(exponent) / exp(exponent) - 1).magnitude < 1e-12)
      #expect((SynthMath.amplitude(decibels: exponent) / pow(10, exponent / 20) - 1).magnitude < 1e-12)
    }
    #expect(SynthMath.powerOfTwo(-5000) < 1e-300)
  }

  @Test func numbersAreWrittenWithFixedDecimals() {
    #expect(SynthMath.text(440, decimals: 1) == "440.0")
    #expect(SynthMath.text(0.056, decimals: 2) == "0.06")
    #expect(SynthMath.text(-1.25, decimals: 0) == "-1")
    #expect(SynthMath.text(-0.001, decimals: 2) == "0.00")
    #expect(SynthMath.text([1, 12.5], decimals: 1) == "1.0 12.5")
    #expect(SynthMath.frequency(note: 69) == 440)
  }
}
