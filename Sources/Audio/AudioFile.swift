import CSndFile
import Glibc

/// An open audio file of libsndfile, closed with its owner.
struct AudioFile: ~Copyable {
  /// What the header says, unchecked.
  let sampleRate: Int
  let channels: Int
  let frames: Int
  let format: Int32
  private let handle: OpaquePointer

  init(path: String) throws(AudioError) {
    let descriptor = try openRegularFile(path)
    var info = SF_INFO()
    // With the last argument libsndfile closes the descriptor, also where it cannot read the file.
    guard let handle = sf_open_fd(descriptor, Int32(SFM_READ), &info, Int32(SF_TRUE)) else {
      throw .notAudio(path: path, reason: soundFileReason(of: nil))
    }
    self.handle = handle
    sampleRate = Int(info.samplerate)
    channels = Int(info.channels)
    frames = Int(info.frames)
    format = info.format
  }

  deinit { sf_close(handle) }

  /// Reads interleaved samples into `buffer`; returns the frames that came, 0 at the end and where the rest is damaged.
  func read(into buffer: UnsafeMutableBufferPointer<Float>, frames: Int) -> Int {
    precondition(buffer.count >= frames * channels, "the buffer is smaller than the frames asked for")
    return max(0, Int(sf_readf_float(handle, buffer.baseAddress, sf_count_t(frames))))
  }

  /// The position after the jump, in frames; nil where there is none.
  func seek(toFrame frame: Int) -> Int? {
    let position = sf_seek(handle, sf_count_t(frame), SEEK_SET)
    return position < 0 ? nil : Int(position)
  }

  /// How many frames ahead of a jump's goal reading has to start for the goal to be right; `.max` where only the start
  /// of the file is safe.
  var framesBeforeJump: Int {
    switch Int(format) & SF_FORMAT_SUBMASK {
    case SF_FORMAT_MPEG_LAYER_I, SF_FORMAT_MPEG_LAYER_II, SF_FORMAT_MPEG_LAYER_III:
      // A frame of MP3 may need up to 511 bytes of those before it. libmpg123 goes back 4 frames, which gives noise
      // where frames are small; 32 of 1,152 hold enough at every bit rate.
      32 * 1152
    case SF_FORMAT_VORBIS, SF_FORMAT_OPUS:
      // libsndfile issue 885, also in 1.2.2: a jump may land beside its goal, and says it did not.
      .max
    default: 0
    }
  }

  /// libsndfile's own name of a major format (such as "WAV (Microsoft)") or a subtype; nil for an unknown one.
  static func name(ofFormat code: Int32) -> String? {
    var format = SF_FORMAT_INFO()
    format.format = code
    let size = Int32(MemoryLayout<SF_FORMAT_INFO>.size)
    guard sf_command(nil, Int32(SFC_GET_FORMAT_INFO), &format, size) == 0, let name = format.name else { return nil }
    return String(cString: name)
  }
}

/// What libsndfile says went wrong, as the tail of a sentence.
func soundFileReason(of handle: OpaquePointer?) -> String {
  guard let text = sf_strerror(handle) else { return "no reason given" }
  var words = String(cString: text)
  while let last = words.last, last == "." || last.isWhitespace { words.removeLast() }
  return words
}

/// A descriptor of a regular, non-empty file, for reading.
private func openRegularFile(_ path: String) throws(AudioError) -> Int32 {
  // C would cut the path at a NUL byte and open another file.
  guard !path.utf8.contains(0) else { throw .missing(path: path) }
  // Without O_NONBLOCK, opening a pipe waits for its writer.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw openingError(errno, path: path) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    let code = errno
    close(descriptor)
    throw openingError(code, path: path)
  }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
    close(descriptor)
    throw status.st_mode & S_IFMT == S_IFREG ? .empty(path: path) : .notAFile(path: path)
  }
  return descriptor
}

private func openingError(_ code: Int32, path: String) -> AudioError {
  switch code {
  case ENOENT, ENOTDIR, ENAMETOOLONG: .missing(path: path)
  case EACCES, EPERM: .notPermitted(path: path)
  default: .unreadable(path: path, reason: systemMessage(code))
  }
}

/// The system's words for an `errno`, lower-cased at the start: "no space left on device".
func systemMessage(_ code: Int32) -> String {
  guard let text = strerror(code) else { return "code \(code)" }
  let words = String(cString: text)
  return words.prefix(1).lowercased() + words.dropFirst()
}
