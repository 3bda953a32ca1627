/// TensorBoard's protocol buffers and the frames they stand in, written by hand: a few small messages take a hundred
/// lines here, where a protobuf library with its generator would be one of our largest dependencies.
///
/// The fields' numbers are those of `event.proto`, `summary.proto` and `tensor.proto` of TensorFlow.
enum EventRecord {
  /// The first record of every file.
  static func version(time: Double) -> [UInt8] {
    framed(event(time: time) { $0.text(3, "brain.Event:2") })
  }

  /// Tells readers that a run goes on at `step`: what earlier files hold from there on does not count.
  static func start(step: Int, time: Double) -> [UInt8] {
    framed(event(step: step, time: time) { $0.message(7) { $0.integer(1, 1) } })
  }

  static func scalars(_ values: [(name: String, value: Float)], step: Int, time: Double) -> [UInt8] {
    framed(
      event(step: step, time: time) { event in
        event.message(5) { summary in
          for (name, value) in values {
            summary.message(1) {
              $0.text(1, name)
              $0.float(2, value)
            }
          }
        }
      })
  }

  /// Markdown, as the text plug-in shows it.
  static func text(_ text: String, name: String, step: Int, time: Double) -> [UInt8] {
    framed(
      event(step: step, time: time) { event in
        event.message(5) { summary in
          summary.message(1) { value in
            value.text(1, name)
            // A tensor of strings (7) with one dimension of size 1.
            value.message(8) { tensor in
              tensor.integer(1, 7)
              tensor.message(2) { $0.message(2) { $0.integer(1, 1) } }
              tensor.text(8, text)
            }
            value.message(9) { $0.message(1) { $0.text(1, "text") } }
          }
        }
      })
  }

  private static func event(step: Int = 0, time: Double, _ body: (inout ProtocolBuffer) -> Void) -> [UInt8] {
    var event = ProtocolBuffer()
    event.double(1, time)
    if step != 0 { event.integer(2, step) }
    body(&event)
    return event.bytes
  }

  /// A record of a TFRecord file: its length and its bytes, each with a masked CRC.
  private static func framed(_ bytes: [UInt8]) -> [UInt8] {
    let length = little(UInt64(bytes.count))
    return length + little(CRC32C.masked(length)) + bytes + little(CRC32C.masked(bytes))
  }

  private static func little(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

/// A message of protocol buffers under construction.
struct ProtocolBuffer {
  private(set) var bytes: [UInt8] = []

  mutating func integer(_ field: Int, _ value: Int) {
    key(field, 0)
    variable(UInt64(bitPattern: Int64(value)))
  }

  mutating func double(_ field: Int, _ value: Double) {
    key(field, 1)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func float(_ field: Int, _ value: Float) {
    key(field, 5)
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
  }

  mutating func text(_ field: Int, _ value: String) { delimited(field, Array(value.utf8)) }

  mutating func message(_ field: Int, _ body: (inout ProtocolBuffer) -> Void) {
    var inner = ProtocolBuffer()
    body(&inner)
    delimited(field, inner.bytes)
  }

  private mutating func delimited(_ field: Int, _ content: [UInt8]) {
    key(field, 2)
    variable(UInt64(content.count))
    bytes += content
  }

  private mutating func key(_ field: Int, _ type: UInt64) { variable(UInt64(field) << 3 | type) }

  /// Seven bits a byte, the lowest first.
  private mutating func variable(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The checksum of iSCSI (RFC 3720, appendix B.4).
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(~0) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 0xFF)] }
  }

  /// Rotated and offset, as TFRecord files have it: a checksum of bytes that hold their own checksum is a weak one.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = checksum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
