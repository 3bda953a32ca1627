import CSndFile

/// The container and encoding of a libsndfile format code, for people: "WAV, 16-bit PCM", "Ogg, Vorbis".
func formatName(_ code: Int32) -> String {
  let container = code & Int32(SF_FORMAT_TYPEMASK)
  let encoding = code & Int32(SF_FORMAT_SUBMASK)
  return (containerNames[container] ?? AudioFile.name(ofFormat: container) ?? "unknown container") + ", "
    + (encodingNames[encoding] ?? AudioFile.name(ofFormat: encoding) ?? "unknown encoding")
}

private let containerNames: [Int32: String] = [
  Int32(SF_FORMAT_WAV): "WAV", Int32(SF_FORMAT_WAVEX): "WAV", Int32(SF_FORMAT_RF64): "RF64",
  Int32(SF_FORMAT_W64): "W64", Int32(SF_FORMAT_AIFF): "AIFF", Int32(SF_FORMAT_AU): "AU", Int32(SF_FORMAT_CAF): "CAF",
  Int32(SF_FORMAT_FLAC): "FLAC", Int32(SF_FORMAT_OGG): "Ogg", Int32(SF_FORMAT_MPEG): "MPEG",
]

private let encodingNames: [Int32: String] = [
  Int32(SF_FORMAT_PCM_S8): "8-bit PCM", Int32(SF_FORMAT_PCM_U8): "8-bit PCM", Int32(SF_FORMAT_PCM_16): "16-bit PCM",
  Int32(SF_FORMAT_PCM_24): "24-bit PCM", Int32(SF_FORMAT_PCM_32): "32-bit PCM", Int32(SF_FORMAT_FLOAT): "32-bit float",
  Int32(SF_FORMAT_DOUBLE): "64-bit float", Int32(SF_FORMAT_ULAW): "mu-law", Int32(SF_FORMAT_ALAW): "A-law",
  Int32(SF_FORMAT_VORBIS): "Vorbis", Int32(SF_FORMAT_OPUS): "Opus", Int32(SF_FORMAT_MPEG_LAYER_III): "MP3",
]
