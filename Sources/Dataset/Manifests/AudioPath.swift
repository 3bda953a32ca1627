/// A path as a manifest gives it, made safe: relative, inside the audio folder, without `.` and empty parts.
func audioPath(_ text: String) throws(RowProblem) -> String {
  let path = trimmed(text)
  guard !path.isEmpty else { throw RowProblem(reason: "the file is empty") }
  guard path.utf8.count <= 4096 else { throw RowProblem(reason: "the file's name has more than 4096 bytes") }
  guard !path.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
    throw RowProblem(reason: "'\(shortened(path))' holds a control character")
  }
  let start = Array(path.utf8.prefix(3))
  let hasDrive =
    start.count == 3 && (0x61...0x7A).contains(start[0] | 0x20) && start[1] == UInt8(ascii: ":")
    && "/\\".utf8.contains(start[2])
  guard !start.starts(with: "/".utf8), !start.starts(with: "\\".utf8), !hasDrive else {
    throw RowProblem(reason: "'\(shortened(path))' is an absolute path; give it relative to the audio folder")
  }
  // A backslash is a letter on Linux, but not where the manifest may have been written.
  let parts = path.utf8.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") })
  guard !parts.contains(where: { $0.elementsEqual("..".utf8) }) else {
    throw RowProblem(reason: "'\(shortened(path))' leads out of the audio folder")
  }
  let names = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
  guard !names.isEmpty else { throw RowProblem(reason: "'\(shortened(path))' is a folder") }
  return names.map { String(Substring($0)) }.joined(separator: "/")
}
