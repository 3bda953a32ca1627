import Foundation
import Testing

@testable import Tensors

/// Serialized: the thread count and the kernels belong to the process.
@Suite(.serialized) struct BLASTests {
  @Test(arguments: [false, true], [false, true])
  func productEqualsTheScalarOne(transposingA: Bool, transposingB: Bool) {
    let (rows, inner, columns) = (13, 37, 29)
    let a = numbers(rows * inner, step: 7)
    let b = numbers(inner * columns, step: 11)

    let product = BLAS.multiply(
      a, b, rows: rows, inner: inner, columns: columns, transposingA: transposingA, transposingB: transposingB)

    var largest: Float = 0
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Float = 0
        for k in 0..<inner {
          let left = transposingA ? a[k * rows + row] : a[row * inner + k]
          sum += left * (transposingB ? b[column * inner + k] : b[k * columns + column])
        }
        largest = max(largest, (sum - product[row * columns + column]).magnitude)
      }
    }
    #expect(largest < 1e-4)
  }

  @Test func accumulatingAddsToWhatIsThere() {
    var sum: [Float] = [10, 20, 30, 40]
    var out = sum.mutableSpan
    let identity: [Float] = [1, 0, 0, 1]
    let matrix: [Float] = [1, 2, 3, 4]

    BLAS.multiply(identity.span, matrix.span, into: &out, rows: 2, inner: 2, columns: 2, accumulating: true)

    #expect(sum == [11, 22, 33, 44])
  }

  @Test func productsWithoutElementsAreEmptyOrZero() {
    #expect(BLAS.multiply([], [], rows: 0, inner: 3, columns: 0) == [])
    #expect(BLAS.multiply([], [], rows: 2, inner: 0, columns: 2) == [0, 0, 0, 0])
  }

  @Test func threadsCanBeSetAndAreAtLeastOne() {
    let before = BLAS.threads
    defer { BLAS.threads = before }

    BLAS.threads = 0

    #expect(BLAS.threads == 1)
  }

  @Test(.enabled(if: hasAVX2 && !coreIsForced, "needs a CPU with AVX2, and OPENBLAS_CORETYPE unset"))
  func aCPUWithAVX2DoesNotRunGenericKernels() {
    BLAS.prepare()

    #expect(!KernelChoice.genericCores.contains(BLAS.coreName))
  }

  @Test(.enabled(if: hasAVX2 && !coreIsForced, "needs a CPU with AVX2, and OPENBLAS_CORETYPE unset"))
  func genericKernelsAreReplacedAndTheProductStaysRight() async {
    // In a process of its own, for the kernels change under whoever is multiplying.
    await #expect(processExitsWith: .success) {
      guard KernelChoice.reload(as: "Prescott") else { return }
      precondition(BLAS.reportedCoreName == "Prescott")

      BLAS.prepare()

      precondition(!KernelChoice.genericCores.contains(BLAS.coreName))
      precondition(BLAS.multiply([1, 2, 3, 4], [5, 6, 7, 8], rows: 2, inner: 2, columns: 2) == [19, 22, 43, 50])
      let row = (0..<1000).map { Float($0 % 10) }
      precondition(BLAS.multiply(row, row, rows: 1, inner: 1000, columns: 1) == [28_500])
    }
  }

  @Test(.enabled(if: hasAVX2, "needs a CPU with AVX2"))
  func kernelsThatTheUserChoseStay() async {
    await #expect(processExitsWith: .success) {
      guard KernelChoice.reload(as: "Prescott") else { return }
      setenv("OPENBLAS_CORETYPE", "Prescott", 1)

      BLAS.prepare()

      precondition(BLAS.coreName == "Prescott")
    }
  }

  #if arch(x86_64)
    @Test func theCoresFollowFromTheFlags() {
      let wide: Set = ["avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]

      #expect(KernelChoice.cores(forCPUFlags: ["sse3", "avx"]) == [])
      #expect(KernelChoice.cores(forCPUFlags: ["avx2", "fma", "avx512f"]) == ["Haswell"])
      #expect(KernelChoice.cores(forCPUFlags: wide) == ["SkylakeX", "Haswell"])
      #expect(KernelChoice.cores(forCPUFlags: wide.union(["avx512_bf16"])) == ["Cooperlake", "SkylakeX", "Haswell"])
    }

    /// Debian's OpenBLAS has no such kernels, nor has any other: what an absent name does here, Cooperlake does
    /// elsewhere.
    @Test(.enabled(if: hasAVX2, "needs a CPU with AVX2"))
    func kernelsThatTheBuildLacksAreNotTaken() async {
      await #expect(processExitsWith: .success) {
        guard KernelChoice.reload(as: "NoSuchCore") else { return }
        precondition(BLAS.reportedCoreName != "NoSuchCore")
        precondition(BLAS.multiply([2], [3], rows: 1, inner: 1, columns: 1) == [6])
      }
    }
  #endif

  @Test func aSpeedIsMeasured() {
    #expect(BLAS.measureGFLOPS(size: 64, repetitions: 1) > 0)
    #expect(BLAS.version.hasPrefix("OpenBLAS"))
  }

  private func numbers(_ count: Int, step: Int) -> [Float] {
    (0..<count).map { Float($0 * step % 23) / 11 - 1 }
  }
}

private let hasAVX2 = KernelChoice.cpuFlags().isSuperset(of: ["avx2", "fma"])
private let coreIsForced = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] != nil
