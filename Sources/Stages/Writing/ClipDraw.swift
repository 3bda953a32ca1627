import Dataset

/// Numbers that follow from a clip's id alone: what is drawn for a clip is the same in every run and on every machine,
/// whatever other clips there are.
struct ClipDraw {
  private let value: UInt64

  /// `purpose` keeps what is drawn for one thing apart from what is drawn for another.
  init(_ clip: String, for purpose: String) {
    let hex = ContentID.make(domain: "earshot draw \(purpose)", [clip]).prefix(15)
    value = UInt64(hex, radix: 16) ?? 0
  }

  /// One of `count` numbers from 0.
  func number(below count: Int) -> Int { Int(value % UInt64(max(1, count))) }

  /// In 0..<1.
  var share: Double { Double(value >> 7) / Double(UInt64(1) << 53) }
}
