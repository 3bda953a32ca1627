import Foundation

/// The discrete Fourier transform of real signals of one length, with its tables and work space, to be reused.
///
/// The signal of `size` samples is taken as one of `size / 2` complex numbers and transformed by a self-sorting
/// (Stockham) decimation in frequency, radix 4 with one radix-2 step where the exponent is odd.
struct RealFFT {
  /// Number of real samples; a power of two.
  let size: Int
  /// Number of frequencies in a result, from 0 to half the sample rate inclusive.
  var binCount: Int { size / 2 + 1 }

  private let twiddles: Twiddles
  private var first: ComplexBuffer
  private var second: ComplexBuffer

  /// `size` is a power of two, at least 32.
  init(size: Int) {
    precondition(
      size >= 32 && size & (size - 1) == 0, "An FFT of \(size) samples: the size must be a power of two >= 32.")
    self.size = size
    twiddles = Twiddles(size: size)
    first = ComplexBuffer(count: size / 2)
    second = ComplexBuffer(count: size / 2)
  }

  /// Writes the real and imaginary parts of `binCount` frequencies, `sum of x[n] exp(-2 pi i k n / size)`.
  mutating func transform(
    _ signal: UnsafePointer<Float>, real: UnsafeMutablePointer<Float>, imaginary: UnsafeMutablePointer<Float>
  ) {
    let size = size
    first.withPointers { firstReal, firstImaginary in
      for index in 0..<size / 2 {
        firstReal[index] = signal[2 * index]
        firstImaginary[index] = signal[2 * index + 1]
      }
    }
    transformHalf()
    first.withPointers { zReal, zImaginary in
      Separation(half: size / 2, zReal: zReal, zImaginary: zImaginary, real: real, imaginary: imaginary)
        .run(twiddles)
    }
  }

  /// Transforms the complex numbers in `first`, in place.
  private mutating func transformHalf() {
    var (length, stride) = (size / 2, 1)
    while length > 1 {
      let radix = length % 4 == 0 ? 4 : 2
      first.withPointers { sourceReal, sourceImaginary in
        second.withPointers { targetReal, targetImaginary in
          let step = Step(
            length: length, stride: stride, sourceReal: sourceReal, sourceImaginary: sourceImaginary,
            targetReal: targetReal, targetImaginary: targetImaginary)
          if radix == 2 {
            step.runRadix2()
          } else if stride == 1 {
            step.runFirstRadix4(twiddles)
          } else {
            step.runRadix4(twiddles)
          }
        }
      }
      swap(&first, &second)
      length /= radix
      stride *= radix
    }
  }
}

/// Complex numbers with their parts apart, so that loops over them vectorise.
private struct ComplexBuffer {
  var real: [Float]
  var imaginary: [Float]

  init(count: Int) {
    real = [Float](repeating: 0, count: count)
    imaginary = [Float](repeating: 0, count: count)
  }

  mutating func withPointers(_ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void) {
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
        body(real, imaginary)
      }
    }
  }
}

/// Rotations by fractions of a turn, clockwise: `cosine - i sine`.
private struct Twiddles {
  /// Powers 1, 2 and 3 of each of the first quarter of the roots of unity of the half-size transform.
  let cosine: [[Float]]
  let sine: [[Float]]
  /// The first half of the roots of unity of the full size.
  let halfTurnCosine: [Float]
  let halfTurnSine: [Float]

  init(size: Int) {
    let half = size / 2
    func table(_ count: Int, _ value: (Double) -> Double) -> [Float] { (0..<count).map { Float(value(Double($0))) } }
    cosine = (1...3).map { power in table(half / 4) { cos(2 * .pi * Double(power) * $0 / Double(half)) } }
    sine = (1...3).map { power in table(half / 4) { sin(2 * .pi * Double(power) * $0 / Double(half)) } }
    halfTurnCosine = table(half + 1) { cos(.pi * $0 / Double(half)) }
    halfTurnSine = table(half + 1) { sin(.pi * $0 / Double(half)) }
  }
}

private typealias Lane = SIMD4<Float>

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>, _ index: Int) -> Lane {
  UnsafeRawPointer(pointer + index).loadUnaligned(as: Lane.self)
}

@inline(__always)
private func store(_ lane: Lane, _ pointer: UnsafeMutablePointer<Float>, _ index: Int) {
  UnsafeMutableRawPointer(pointer + index).storeBytes(of: lane, as: Lane.self)
}

/// Takes the spectra of the even and the odd samples, which are the symmetric and the antisymmetric part of that of the
/// complex numbers made of both, and puts them together.
private struct Separation {
  let half: Int
  let zReal: UnsafeMutablePointer<Float>
  let zImaginary: UnsafeMutablePointer<Float>
  let real: UnsafeMutablePointer<Float>
  let imaginary: UnsafeMutablePointer<Float>

  func run(_ twiddles: Twiddles) {
    twiddles.halfTurnCosine.withUnsafeBufferPointer { cosines in
      twiddles.halfTurnSine.withUnsafeBufferPointer { sines in
        guard let cosines = cosines.baseAddress, let sines = sines.baseAddress else { return }
        for bin in [0, half - 3, half - 2, half - 1, half] {
          let (here, mirror) = (bin & (half - 1), (half - bin) & (half - 1))
          let (sum, turned) = Self.separate(
            zReal[here], zImaginary[here], zReal[mirror], zImaginary[mirror], cosines[bin], sines[bin])
          (real[bin], imaginary[bin]) = (sum, turned)
        }
        for bin in Swift.stride(from: 1, to: half - 3, by: 4) {
          let mirror = half - bin - 3
          let (sum, turned) = Self.separate(
            load(zReal, bin), load(zImaginary, bin), reversed(load(zReal, mirror)), reversed(load(zImaginary, mirror)),
            load(cosines, bin), load(sines, bin))
          store(sum, real, bin)
          store(turned, imaginary, bin)
        }
      }
    }
  }

  @inline(__always)
  private func reversed(_ lane: Lane) -> Lane { Lane(lane[3], lane[2], lane[1], lane[0]) }

  @inline(__always)
  private static func separate(
    _ aReal: Lane, _ aImaginary: Lane, _ bReal: Lane, _ bImaginary: Lane, _ cosine: Lane, _ sine: Lane
  ) -> (real: Lane, imaginary: Lane) {
    let (evenReal, evenImaginary) = (aReal + bReal, aImaginary - bImaginary)
    let (oddReal, oddImaginary) = (aImaginary + bImaginary, bReal - aReal)
    return (
      0.5 * (evenReal + cosine * oddReal + sine * oddImaginary),
      0.5 * (evenImaginary + cosine * oddImaginary - sine * oddReal)
    )
  }

  private static func separate(
    _ aReal: Float, _ aImaginary: Float, _ bReal: Float, _ bImaginary: Float, _ cosine: Float, _ sine: Float
  ) -> (real: Float, imaginary: Float) {
    let (real, imaginary) = separate(
      Lane(repeating: aReal), Lane(repeating: aImaginary), Lane(repeating: bReal), Lane(repeating: bImaginary),
      Lane(repeating: cosine), Lane(repeating: sine))
    return (real[0], imaginary[0])
  }
}

/// One pass over the data: `stride` transforms of `length` numbers each become four times (or twice) as many of a
/// quarter (half) of the length.
private struct Step {
  let length: Int
  let stride: Int
  let sourceReal: UnsafeMutablePointer<Float>
  let sourceImaginary: UnsafeMutablePointer<Float>
  let targetReal: UnsafeMutablePointer<Float>
  let targetImaginary: UnsafeMutablePointer<Float>

  /// The four sums of a radix-4 butterfly over four positions from `index`, before rotation.
  @inline(__always)
  private func butterfly(_ index: Int) -> (real: (Lane, Lane, Lane, Lane), imaginary: (Lane, Lane, Lane, Lane)) {
    let quarter = stride * length / 4
    let (aReal, aImaginary) = (load(sourceReal, index), load(sourceImaginary, index))
    let (bReal, bImaginary) = (load(sourceReal, index + quarter), load(sourceImaginary, index + quarter))
    let (cReal, cImaginary) = (load(sourceReal, index + 2 * quarter), load(sourceImaginary, index + 2 * quarter))
    let (dReal, dImaginary) = (load(sourceReal, index + 3 * quarter), load(sourceImaginary, index + 3 * quarter))
    let (sumReal, sumImaginary) = (aReal + cReal, aImaginary + cImaginary)
    let (differenceReal, differenceImaginary) = (aReal - cReal, aImaginary - cImaginary)
    let (otherReal, otherImaginary) = (bReal + dReal, bImaginary + dImaginary)
    let (turnedReal, turnedImaginary) = (dImaginary - bImaginary, bReal - dReal)
    return (
      (sumReal + otherReal, differenceReal - turnedReal, sumReal - otherReal, differenceReal + turnedReal),
      (
        sumImaginary + otherImaginary, differenceImaginary - turnedImaginary, sumImaginary - otherImaginary,
        differenceImaginary + turnedImaginary
      )
    )
  }

  func runRadix4(_ twiddles: Twiddles) {
    for p in 0..<length / 4 {
      let (c1, c2, c3) = (
        twiddles.cosine[0][p * stride], twiddles.cosine[1][p * stride], twiddles.cosine[2][p * stride]
      )
      let (s1, s2, s3) = (twiddles.sine[0][p * stride], twiddles.sine[1][p * stride], twiddles.sine[2][p * stride])
      for q in Swift.stride(from: 0, to: stride, by: 4) {
        let (real, imaginary) = butterfly(q + stride * p)
        let target = q + stride * 4 * p
        store(real.0, targetReal, target)
        store(imaginary.0, targetImaginary, target)
        store(real.1 * c1 + imaginary.1 * s1, targetReal, target + stride)
        store(imaginary.1 * c1 - real.1 * s1, targetImaginary, target + stride)
        store(real.2 * c2 + imaginary.2 * s2, targetReal, target + 2 * stride)
        store(imaginary.2 * c2 - real.2 * s2, targetImaginary, target + 2 * stride)
        store(real.3 * c3 + imaginary.3 * s3, targetReal, target + 3 * stride)
        store(imaginary.3 * c3 - real.3 * s3, targetImaginary, target + 3 * stride)
      }
    }
  }

  /// The pass of stride 1: four neighbours `p` side by side, transposed on the way out.
  func runFirstRadix4(_ twiddles: Twiddles) {
    for p in Swift.stride(from: 0, to: length / 4, by: 4) {
      let (real, imaginary) = butterfly(p)
      let (c1, s1) = (load(twiddles.cosine[0], p), load(twiddles.sine[0], p))
      let (c2, s2) = (load(twiddles.cosine[1], p), load(twiddles.sine[1], p))
      let (c3, s3) = (load(twiddles.cosine[2], p), load(twiddles.sine[2], p))
      storeTransposed(
        real.0, real.1 * c1 + imaginary.1 * s1, real.2 * c2 + imaginary.2 * s2, real.3 * c3 + imaginary.3 * s3,
        targetReal + 4 * p)
      storeTransposed(
        imaginary.0, imaginary.1 * c1 - real.1 * s1, imaginary.2 * c2 - real.2 * s2, imaginary.3 * c3 - real.3 * s3,
        targetImaginary + 4 * p)
    }
  }

  func runRadix2() {
    // The last pass: one number left in each transform, so there is nothing to rotate.
    for q in Swift.stride(from: 0, to: stride, by: 4) {
      let (aReal, aImaginary) = (load(sourceReal, q), load(sourceImaginary, q))
      let (bReal, bImaginary) = (load(sourceReal, q + stride), load(sourceImaginary, q + stride))
      store(aReal + bReal, targetReal, q)
      store(aImaginary + bImaginary, targetImaginary, q)
      store(aReal - bReal, targetReal, q + stride)
      store(aImaginary - bImaginary, targetImaginary, q + stride)
    }
  }

  @inline(__always)
  private func storeTransposed(_ a: Lane, _ b: Lane, _ c: Lane, _ d: Lane, _ target: UnsafeMutablePointer<Float>) {
    store(Lane(a[0], b[0], c[0], d[0]), target, 0)
    store(Lane(a[1], b[1], c[1], d[1]), target, 4)
    store(Lane(a[2], b[2], c[2], d[2]), target, 8)
    store(Lane(a[3], b[3], c[3], d[3]), target, 12)
  }
}
