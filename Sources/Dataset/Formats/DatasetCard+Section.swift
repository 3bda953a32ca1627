extension DatasetCard {
  /// A part of the card under a heading of its own.
  public struct Section: Sendable, Equatable {
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// What stands in a section. Texts are plain: nothing in them is read as Markdown.
  public enum Block: Sendable, Equatable {
    case text(String)
    case list([String])
    case table([String], [[String]])
    /// As it is, in a frame.
    case code(String)
  }
}
