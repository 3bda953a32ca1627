/// Things with a sentence each, such as the arms that were not run and why.
public struct Notes: Sendable, Hashable {
  public struct Note: Sendable, Hashable {
    public var name: String
    public var text: String

    public init(_ name: String, _ text: String) {
      self.name = name
      self.text = text
    }
  }

  public var title: String
  public var notes: [Note]

  public init(_ title: String, _ notes: [Note]) {
    self.title = title
    self.notes = notes
  }

  var html: Markup {
    guard !notes.isEmpty else { return .empty }
    let items = notes.flatMap { note in
      [Markup.element("dt", [:], .text(note.name)), .element("dd", [:], .text(note.text))]
    }
    return .block(
      "div", ["class": "notes"],
      [title.isEmpty ? .empty : .element("p", ["class": "heading"], .text(title)), .block("dl", [:], items)])
  }
}
