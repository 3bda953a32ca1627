import Foundation
import Testing

@testable import Reports

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  @Test func textsOfOthersAreNeverMarkup() {
    let html = HardPage.page.html()
    #expect(html.components(separatedBy: "<script>").count == 2)
    #expect(!html.contains("alert('x')"))
    #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot; | pipe"))
    #expect(!html.unicodeScalars.contains("\u{0}"))
  }

  @Test func attributesHoldAnyText() {
    let element = Markup.element("a", ["title": "\" onload='x' <b>&\u{1}\r\n", "class": nil], .text("]]>"))
    #expect(element.source == "<a title=\"&quot; onload=&#39;x&#39; &lt;b&gt;&amp;\u{FFFD}\n\">]]&gt;</a>")
  }

  @Test func aPageIsTheSameToTheByteWhenWrittenAgain() {
    #expect(ExamplePage.page.html().utf8.elementsEqual(ExamplePage.page.html().utf8))
    #expect(HardPage.page.html().utf8.elementsEqual(HardPage.page.html().utf8))
  }

  @Test func aPageNeedsNothingButItself() {
    for html in [ExamplePage.page.html(), HardPage.page.html()] {
      let sources = html.matches(of: /(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import/)
      #expect(sources.allSatisfy { $0.output.1?.hasPrefix("#") == true })
      #expect(html.contains("default-src 'none'"))
      #expect(html.utf8.count < 400_000)
    }
  }

  @Test func everyNumberGivenIsOnThePageRoundedAndExact() {
    let html = ExamplePage.page.html()
    for row in ExamplePage.scores.rows {
      for case .number(let estimate) in row.cells {
        #expect(html.contains("data-value=\"\(Decimals.exact(estimate.value))\""))
        guard let text = Quantity.percent.intervalText(estimate) else { continue }
        #expect(html.contains("<small>\(text)</small>"))
      }
    }
    for row in ExamplePage.differences.rows {
      #expect(html.contains(">\(ExamplePage.differences.quantity.text(row.difference))</text>"))
    }
    for series in ExamplePage.curves.series {
      for point in series.points { #expect(html.contains("data-value=\"\(Decimals.exact(point.y.value))\"")) }
    }
  }

  @Test func everySectionHasItsLinkAndNoNameIsUsedTwice() throws {
    let html = HardPage.page.html()
    let names = html.matches(of: /\ id="([^"]*)"/).map { String($0.output.1) }
    #expect(Set(names).count == names.count)
    let links = html.matches(of: /href="#([^"]*)"/).map { String($0.output.1) }
    #expect(links.count == HardPage.page.sections.count)
    #expect(Set(links).isSubset(of: names))
    for reference in html.matches(of: /aria-labelledby="([^"]*)"/) {
      #expect(reference.output.1.split(separator: " ").allSatisfy { names.contains(String($0)) })
    }
  }

  @Test func picturesAreWellFormedXML() throws {
    for html in [ExamplePage.page.html(), HardPage.page.html()] {
      let pictures = html.matches(of: /(?s)<svg xmlns.*?<\/svg>/)
      #expect(pictures.count > 3)
      for picture in pictures {
        #expect(XMLParser(data: Data(picture.output.utf8)).parse())
        #expect(picture.output.contains("role=\"img\""))
      }
    }
  }

  @Test func anEmptyPageIsAPage() {
    let html = Page("Nothing", sections: []).html()
    #expect(html.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(html.hasSuffix("</html>\n"))
    #expect(!html.contains("<nav"))
  }
}
