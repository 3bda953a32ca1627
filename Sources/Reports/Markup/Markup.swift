/// A piece of HTML or SVG. Text comes in escaped, or as a literal of this program: nothing that was read can be markup.
struct Markup: Sendable, Hashable {
  let source: String

  private init(source: String) { self.source = source }

  static let empty = Markup(source: "")

  /// A literal, as it stands.
  static func literal(_ source: StaticString) -> Markup { Markup(source: "\(source)") }

  /// Text, escaped.
  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// An element; attributes without a value are left out.
  static func element(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: Markup...
  ) -> Markup {
    Markup(source: opening(name, attributes) + ">" + children.map(\.source).joined() + "</\(name)>")
  }

  /// An element with a line for each child.
  static func block(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:], _ children: [Markup]
  ) -> Markup {
    Markup(source: opening(name, attributes) + ">\n" + lines(children).source + "\n</\(name)>")
  }

  /// An element that can hold nothing.
  static func single(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:]) -> Markup {
    Markup(source: opening(name, attributes) + "/>")
  }

  /// One piece a line; empty ones have none.
  static func lines(_ pieces: [Markup]) -> Markup {
    Markup(source: pieces.lazy.map(\.source).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  static func + (left: Markup, right: Markup) -> Markup { Markup(source: left.source + right.source) }

  private static func opening(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?>) -> String {
    attributes.reduce(into: "<\(name)") { text, attribute in
      if let value = attribute.value { text += " \(attribute.key)=\"\(escaped(value))\"" }
    }
  }

  /// Right in text and in attributes, in HTML and in XML.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in PlainText.cleaned(text).unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "'": result.append(contentsOf: "&#39;".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
