import COpenBLAS
import Glibc

/// What was done about the kernels OpenBLAS picked when it loaded.
enum KernelChoice: Equatable {
  case kept
  case replaced(core: String)

  /// The kernels of CPUs without AVX2, which OpenBLAS also falls back to on CPUs it does not know.
  static let genericCores: Set<String> = [
    "Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Katmai", "Coppermine", "Northwood", "Banias", "Generic",
    "Opteron", "Opteron_SSE3", "Barcelona", "Nano", "Atom",
  ]

  /// Looks at the kernels in use and at the CPU, and replaces the former where the latter can do more.
  static func make() -> KernelChoice {
    guard getenv(variable) == nil, genericCores.contains(BLAS.reportedCoreName) else { return .kept }
    // A build need not have all kernels; one that lacks those named picks others.
    for core in cores(forCPUFlags: cpuFlags()) {
      guard reload(as: core) else { return .kept }
      if BLAS.reportedCoreName.lowercased() == core.lowercased() { return .replaced(core: core) }
    }
    return .kept
  }

  /// The names that `OPENBLAS_CORETYPE` takes for a CPU with these flags of /proc/cpuinfo, the best first; empty where
  /// the generic kernels are right.
  static func cores(forCPUFlags flags: Set<String>) -> [String] {
    #if arch(x86_64) || arch(i386)
      guard flags.isSuperset(of: ["avx2", "fma"]) else { return [] }
      guard flags.isSuperset(of: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]) else {
        return ["Haswell"]
      }
      return (flags.contains("avx512_bf16") ? ["Cooperlake"] : []) + ["SkylakeX", "Haswell"]
    #else
      return []
    #endif
  }

  /// The instruction sets of the first CPU; empty where the system does not list them.
  static func cpuFlags() -> Set<String> {
    let file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return [] }
    defer { close(file) }
    // One CPU's entry takes 2 KB.
    let text = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      while count < buffer.count {
        let got = read(file, buffer.baseAddress.map { $0 + count }, buffer.count - count)
        guard got > 0 else { break }
        count += got
      }
    }
    let line = text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "flags".utf8) }
    guard let list = line?.split(separator: UInt8(ascii: ":")).last else { return [] }
    return Set(list.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) })
  }

  private static let variable = "OPENBLAS_CORETYPE"

  /// Unloads the kernels and picks those of `core`; false where this OpenBLAS has only one set.
  static func reload(as core: String) -> Bool {
    // In no header, and only in builds with DYNAMIC_ARCH, hence the look-up.
    guard let quit = dlsym(nil, "gotoblas_dynamic_quit"), let initialize = dlsym(nil, "gotoblas_dynamic_init") else {
      return false
    }
    typealias Step = @convention(c) () -> Void
    setenv(variable, core, 1)
    unsafeBitCast(quit, to: Step.self)()
    unsafeBitCast(initialize, to: Step.self)()
    unsetenv(variable)
    return true
  }
}
