/// A page that is one file: it needs no other, no network and no script, and is the same to the byte when written
/// again.
public struct Page: Sendable, Hashable {
  public struct Section: Sendable, Hashable {
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) {
      self.title = title
      self.blocks = blocks
    }
  }

  public enum Block: Sendable, Hashable {
    /// A paragraph for each empty line in it.
    case text(String)
    case figures(KeyFigures)
    case table(ReportTable)
    case lines(LineChart)
    case bars(BarChart)
    case differences(DifferencePlot)
    case costs(CostChart)
    case notes(Notes)
    case samples(Samples)
  }

  public var title: String
  /// What the page says, in a sentence or two below the title.
  public var summary: String
  public var sections: [Section]
  /// Small print at the end, such as the program's version.
  public var footer: [String]

  public init(_ title: String, summary: String = "", sections: [Section], footer: [String] = []) {
    self.title = title
    self.summary = summary
    self.sections = sections
    self.footer = footer
  }

  public func html() -> String {
    let names = anchors()
    let body = [
      header, contents(names), .block("main", [:], zip(sections, names).map { Self.html($0, id: $1) }), end,
      PageScript.html,
    ]
    let page = Markup.block("html", ["lang": "en"], [head, .block("body", [:], body)])
    return "<!doctype html>\n" + page.source + "\n"
  }

  private var head: Markup {
    .block(
      "head", [:],
      [
        .literal("<meta charset=\"utf-8\">"),
        .literal("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"),
        // Whatever may have slipped into the page, nothing is loaded and nothing sent.
        .literal(
          """
          <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
          script-src 'unsafe-inline'; media-src data:; base-uri 'none'; form-action 'none'">
          """),
        .literal("<meta name=\"color-scheme\" content=\"light dark\">"), .element("title", [:], .text(title)),
        PageStyle.html,
      ])
  }

  private var header: Markup {
    .block("header", [:], [.element("h1", [:], .text(title)), Self.paragraphs(summary)])
  }

  private func contents(_ names: [String]) -> Markup {
    guard sections.count > 1 else { return .empty }
    let items = zip(sections, names).map { section, name in
      Markup.element("li", [:], .element("a", ["href": "#\(name)"], .text(section.title)))
    }
    return .block("nav", ["aria-label": "Contents"], [.block("ol", [:], items)])
  }

  private var end: Markup {
    guard !footer.isEmpty else { return .empty }
    return .block("footer", [:], footer.map { .element("p", [:], .text($0)) })
  }

  private static func html(_ section: Section, id: String) -> Markup {
    let blocks = section.blocks.enumerated().map { html($1, id: "\(id).\($0 + 1)") }
    return .block("section", ["id": id], [.element("h2", [:], .text(section.title))] + blocks)
  }

  private static func html(_ block: Block, id: String) -> Markup {
    switch block {
    case .text(let text): paragraphs(text)
    case .figures(let figures): figures.html
    case .table(let table): table.html()
    case .lines(let chart): chart.html(id: id)
    case .bars(let chart): chart.html(id: id)
    case .differences(let plot): plot.html(id: id)
    case .costs(let chart): chart.html(id: id)
    case .notes(let notes): notes.html
    case .samples(let samples): samples.html
    }
  }

  private static func paragraphs(_ text: String) -> Markup {
    let parts = PlainText.cleaned(text).split(separator: "\n\n").map(String.init)
    return .lines(parts.map { .element("p", [:], .text($0)) })
  }

  /// The names that links lead to: titles in small letters, each once.
  private func anchors() -> [String] {
    var used = Set<String>()
    return sections.map { section in
      let words = section.title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
      let name = words.isEmpty ? "section" : String(words.joined(separator: "-").prefix(60))
      var candidate = name
      var count = 1
      while !used.insert(candidate).inserted {
        count += 1
        candidate = "\(name)-\(count)"
      }
      return candidate
    }
  }
}
