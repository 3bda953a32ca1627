import CSndFile
import CSoxr

extension AudioReader {
  /// As the library names itself, such as "libsndfile-1.2.0".
  public static var libraryVersion: String { String(cString: sf_version_string()) }
}

extension Resampler {
  /// As the library names itself, such as "libsoxr-0.1.3".
  public static var libraryVersion: String { String(cString: soxr_version()) }
}
