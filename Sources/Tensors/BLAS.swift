import COpenBLAS

/// Dense matrix products through OpenBLAS, single precision.
///
/// Every function that computes calls ``prepare()`` first, so a caller need not; a program calls it early to have it
/// done before it starts threads.
public enum BLAS {
  /// Makes OpenBLAS use the kernels this CPU deserves, once, before the first product.
  ///
  /// OpenBLAS falls back to SSE-only kernels on CPUs younger than itself (OpenBLAS issues 4267 and 4268). A choice that
  /// the user made with `OPENBLAS_CORETYPE` stands. Safe to call from any thread, but it sets and removes an
  /// environment variable, so the first call belongs before threads that read the environment.
  public static func prepare() { _ = kernelChoice }

  private static let kernelChoice: KernelChoice = {
    let choice = KernelChoice.make()
    // Our own threads share the work: OpenBLAS's spin for work, and several callers wait for each other.
    openblas_set_num_threads(1)
    return choice
  }()

  /// The name of the kernels in use, as OpenBLAS calls them: "Zen", "SkylakeX", "Prescott".
  public static var coreName: String {
    prepare()
    return reportedCoreName
  }

  /// The version and build options, as in "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Zen MAX_THREADS=64".
  public static var version: String {
    prepare()
    return String(cString: openblas_get_config())
  }

  /// The number of threads of one product; at least 1. They are those of ``Parallel``.
  public static var threads: Int {
    get { Parallel.threads }
    set { Parallel.threads = newValue }
  }

  /// What OpenBLAS reports now, without choosing anything.
  static var reportedCoreName: String { String(cString: openblas_get_corename()) }
}
