import CSndFile
import Glibc

/// Writes mono FLAC files of 16 bits through libsndfile.
public enum FLACWriter {
  /// Writes the waveform to `path`; at no time is there a part of it under that name.
  ///
  /// Samples become 16 bits as in ``WAVWriter``, so both files decode to the same. The same waveform gives the same
  /// bytes with the same version of libFLAC. One block is converted at a time; the file goes to the disk as it grows.
  public static func write(_ waveform: Waveform, to path: String) throws(AudioError) {
    var file = try AtomicFile(path: path)
    try encode(waveform, to: file.descriptor, path: path)
    try file.commit()
  }

  /// Samples a call.
  private static let block = 1 << 14

  /// Writes the file's bytes from the descriptor's first on. `path` is what the file is called in an error.
  static func encode(_ waveform: Waveform, to descriptor: Int32, path: String) throws(AudioError) {
    let sink = FLACSink(descriptor)
    let reason = withExtendedLifetime(sink) { encode(waveform, to: sink) }
    if sink.failure != 0 { throw writingError(sink.failure, path: path) }
    if let reason { throw .notWritten(path: path, reason: reason) }
  }

  /// Returns what libsndfile says went wrong; nil where it saw nothing.
  private static func encode(_ waveform: Waveform, to sink: FLACSink) -> String? {
    var info = SF_INFO()
    info.samplerate = Int32(clamping: waveform.sampleRate)
    info.channels = 1
    info.format = Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
    var calls = FLACSink.calls
    let pointer = Unmanaged.passUnretained(sink).toOpaque()
    guard let handle = sf_open_virtual(&calls, Int32(SFM_WRITE), &info, pointer) else {
      return soundFileReason(of: nil)
    }
    let fault = write(waveform.samples, to: handle)
    // The last frame, and the header's length and sums, are written here.
    let code = sf_close(handle)
    return fault ?? (code == 0 ? nil : "libsndfile could not finish it (code \(code))")
  }

  private static func write(_ samples: [Float], to handle: OpaquePointer) -> String? {
    for start in stride(from: 0, to: samples.count, by: block) {
      let words = samples[start..<min(start + block, samples.count)].map(WAVWriter.quantized)
      guard sf_writef_short(handle, words, sf_count_t(words.count)) == sf_count_t(words.count) else {
        return soundFileReason(of: handle)
      }
    }
    return nil
  }
}

/// What libsndfile writes to: a file, of which it goes back to the header at the end. It keeps the first failure, which
/// libsndfile itself tells of for some calls only.
private final class FLACSink {
  private let descriptor: Int32
  private var position = 0
  private var length = 0
  /// An `errno`, or 0.
  private(set) var failure: Int32 = 0

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  static let calls = SF_VIRTUAL_IO(
    get_filelen: { sink($0)?.fileLength ?? 0 },
    seek: { offset, origin, data in sink(data)?.seek(Int(offset), from: origin) ?? -1 },
    read: { _, _, _ in 0 },
    write: { bytes, count, data in sink(data)?.write(bytes, Int(count)) ?? 0 },
    tell: { sink($0)?.place ?? 0 })

  private static func sink(_ data: UnsafeMutableRawPointer?) -> FLACSink? {
    data.map { Unmanaged<FLACSink>.fromOpaque($0).takeUnretainedValue() }
  }

  private var fileLength: sf_count_t { sf_count_t(length) }
  private var place: sf_count_t { sf_count_t(position) }

  private func seek(_ offset: Int, from origin: Int32) -> sf_count_t {
    switch origin {
    case SEEK_SET: position = offset
    case SEEK_CUR: position += offset
    default: position = length + offset
    }
    return place
  }

  /// Returns how many bytes were written: all, or none.
  private func write(_ bytes: UnsafeRawPointer?, _ count: Int) -> sf_count_t {
    guard failure == 0, let bytes else { return 0 }
    var done = 0
    while done < count {
      let written = pwrite(descriptor, bytes + done, count - done, off_t(position + done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        failure = written < 0 ? errno : ENOSPC
        return 0
      }
      done += written
    }
    position += count
    length = max(length, position)
    return sf_count_t(count)
  }
}
