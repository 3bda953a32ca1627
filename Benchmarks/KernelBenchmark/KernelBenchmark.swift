import CKernels
import Foundation
import Tensors

/// Times the products of a model's layers in every format, each against what this machine can do.
///
///     swift run -c release kernel-benchmark [SECONDS] [OUTPUTSxINPUTS ...]
///
/// Every case takes SECONDS (0.3) and the fastest product of that time counts. The weights are copied until they no
/// longer fit a cache and taken in turn, as the layers of a model are.
@main struct KernelBenchmark {
  let seconds: Double
  let bandwidth: Double
  let gigaflops: Double

  static let shapes = [(896, 896), (4_864, 896), (896, 4_864), (151_936, 896), (4_096, 11_008)]
  static let rowCounts = [1, 4, 8, 16, 32, 128, 512]
  /// Weights beyond any cache, in bytes.
  static let coldBytes = 400_000_000

  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let shapes = arguments.compactMap { argument -> (Int, Int)? in
      let sides = argument.split(separator: "x").compactMap { Int($0) }
      return sides.count == 2 ? (sides[0], sides[1]) : nil
    }
    let bandwidth = readBandwidth()
    let gigaflops = (0..<5).map { _ in BLAS.measureGFLOPS(size: 1_024) }.max() ?? 0
    print("threads \(Parallel.threads), OpenBLAS core \(BLAS.coreName)")
    print(String(format: "read %.1f GB/s, sgemm 1024x1024x1024 %.0f GFLOPS", bandwidth, gigaflops))
    print("% read: of the read bandwidth; x sgemm: operations a second, in sgemms")
    let benchmark = KernelBenchmark(
      seconds: arguments.first.flatMap(Double.init) ?? 0.3, bandwidth: bandwidth, gigaflops: gigaflops)
    for (outputs, inputs) in shapes.isEmpty ? Self.shapes : shapes { benchmark.run(outputs: outputs, inputs: inputs) }
  }

  func run(outputs: Int, inputs: Int) {
    let source = WeightMatrix(numbers([outputs, inputs])).converted(to: .bfloat16)
    print("\n\(outputs) x \(inputs)       rows        ms     GB/s   % read   GFLOPS  x sgemm")
    for format in WeightFormat.allCases {
      let weight = source.converted(to: format)
      let copies = (0..<max(1, Self.coldBytes / weight.byteCount)).map { $0 == 0 ? weight : copied(weight) }
      for rows in Self.rowCounts { measure(copies, rows: rows) }
    }
  }

  /// The fastest of the products with `weights` in turn.
  private func measure(_ weights: [WeightMatrix], rows: Int) {
    let x = numbers([rows, weights[0].inputs])
    var fastest = Double.infinity
    var turn = 0
    let end = Self.now() + seconds
    while turn < 3 || Self.now() < end {
      let start = Self.now()
      _ = weights[turn % weights.count].product(x)
      if turn > 0 { fastest = min(fastest, Self.now() - start) }
      turn += 1
    }
    let gigabytes = Double(weights[0].byteCount) / fastest / 1e9
    let speed = 2 * Double(rows) * Double(weights[0].outputs) * Double(weights[0].inputs) / fastest / 1e9
    let name = weights[0].format.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
    print(
      String(
        format: "%@ %9d %9.3f %8.1f %7.0f%% %8.0f %8.2f", name, rows, fastest * 1e3, gigabytes,
        100 * gigabytes / bandwidth, speed, speed / gigaflops))
  }

  /// The same weights in other memory.
  private func copied(_ weight: WeightMatrix) -> WeightMatrix {
    let (values, scales) = weight.packedBytes
    let (outputs, inputs) = (weight.outputs, weight.inputs)
    switch weight.format {
    case .float32: return WeightMatrix(float32: duplicate(values), outputs: outputs, inputs: inputs)
    case .bfloat16: return WeightMatrix(bfloat16: duplicate(values), outputs: outputs, inputs: inputs)
    case .int8:
      return WeightMatrix(
        int8: duplicate(values), scales: duplicate(scales ?? values), outputs: outputs, inputs: inputs)
    case .int4:
      return WeightMatrix(
        int4: duplicate(values), scales: duplicate(scales ?? values), outputs: outputs, inputs: inputs)
    }
  }

  private func duplicate(_ stored: StoredBytes) -> StoredBytes {
    let copy = NSData(bytes: stored.bytes.baseAddress, length: stored.bytes.count)
    return StoredBytes(UnsafeRawBufferPointer(start: copy.bytes, count: copy.length), owner: Owner(data: copy))
  }

  private func numbers(_ shape: [Int]) -> Tensor {
    Tensor(shape: shape) { elements in
      var state: UInt32 = 1
      for index in elements.indices {
        state = state &* 1_664_525 &+ 1_013_904_223
        elements[index] = Float(state >> 8) / Float(1 << 23) - 1
      }
    }
  }

  /// Billions of bytes a second that all threads together read, at best.
  static func readBandwidth() -> Double {
    let words = [UInt64](repeating: 1, count: coldBytes / 8)
    let best = (0..<10).map { _ in
      let start = now()
      Parallel.forEach(words.count, grain: 1 << 17) { range in
        words.withUnsafeBufferPointer { words in
          if let base = words.baseAddress, matmul_read(base + range.lowerBound, range.count) > 1 { print("not so") }
        }
      }
      return now() - start
    }.min()
    return Double(coldBytes) / (best ?? 1) / 1e9
  }

  static func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}

/// Keeps copied bytes in memory.
///
/// @unchecked because the data is never changed.
private final class Owner: @unchecked Sendable {
  let data: NSData
  init(data: NSData) { self.data = data }
}
