import Foundation
import Testing

@testable import Audio

/// The defining sum in double precision.
private func naiveTransform(_ signal: [Float]) -> (real: [Double], imaginary: [Double]) {
  let count = signal.count
  var (real, imaginary) = ([Double](), [Double]())
  for bin in 0...count / 2 {
    var (sumReal, sumImaginary) = (0.0, 0.0)
    for (index, sample) in signal.enumerated() {
      let angle = 2 * Double.pi * Double(bin * index % count) / Double(count)
      sumReal += Double(sample) * cos(angle)
      sumImaginary -= Double(sample) * sin(angle)
    }
    real.append(sumReal)
    imaginary.append(sumImaginary)
  }
  return (real, imaginary)
}

private func transform(_ signal: [Float], with fft: inout RealFFT) -> (real: [Float], imaginary: [Float]) {
  var (real, imaginary) = ([Float](repeating: 0, count: fft.binCount), [Float](repeating: 0, count: fft.binCount))
  fft.transform(signal, real: &real, imaginary: &imaginary)
  return (real, imaginary)
}

@Test(arguments: [32, 64, 128, 256, 512, 1024, 2048])
func realFFTEqualsTheDefiningSum(size: Int) {
  let signal = TestSound.noise(count: size, amplitude: 1)
  var fft = RealFFT(size: size)

  let result = transform(signal, with: &fft)

  let expected = naiveTransform(signal)
  let errors = (0...size / 2).map {
    max(abs(Double(result.real[$0]) - expected.real[$0]), abs(Double(result.imaginary[$0]) - expected.imaginary[$0]))
  }
  #expect(errors.max()! < 2e-6 * Double(size).squareRoot() * log2(Double(size)))
}

@Test func aUsedPlanGivesTheSameBitsAgain() {
  let signal = TestSound.noise(count: 1024, amplitude: 1)
  var fft = RealFFT(size: 1024)

  let once = transform(signal, with: &fft)
  _ = transform(signal.map { $0 * 3 }, with: &fft)
  let again = transform(signal, with: &fft)

  #expect(once.real == again.real)
  #expect(once.imaginary == again.imaginary)
}
