import Foundation
import Pipelines
import Testing

struct PipelineFileTests {
  let folder = TemporaryFolder()

  private func pipeline(_ text: String, overrides: [String] = []) throws -> PipelineFile {
    try PipelineFile(path: folder.write(text, to: "demo.yaml"), overrides: overrides)
  }

  private func message(_ text: String, overrides: [String] = []) -> String? {
    folder.message { _ = try pipeline(text, overrides: overrides) }
  }

  @Test func sectionsKeepTheOrderOfTheFile() throws {
    let file = try pipeline("name: demo\nwrite: {model: m}\nscan:\ncheck: {}\n", overrides: ["balance.share=1"])

    #expect(file.name == "demo")
    #expect(file.sectionNames == ["write", "scan", "check", "balance"])
    #expect(file.has("scan") && !file.has("export"))
  }

  @Test func anUnknownSectionIsRefusedWithTheNearestName() throws {
    let file = try pipeline("name: demo\n\nwirte: {}\n")

    let text = folder.message { try file.checkSections(known: ["scan", "write"]) }

    #expect(text == "demo.yaml:3: unknown section 'wirte'. Did you mean 'write'?")
    let far = try pipeline("name: demo\ntrain_everything: {}\n")
    #expect(
      folder.message { try far.checkSections(known: ["scan", "write"]) }
        == "demo.yaml:2: unknown section 'train_everything'. There are: scan, write.")
  }

  @Test(arguments: [
    ("write: {}\n", "demo.yaml: 'name' is missing. Set it to what the run's folder is to be called."),
    (
      "name: ../up\n",
      "demo.yaml:1: 'name' is '../up', which cannot name a folder. "
        + "Use up to 100 letters, digits, '.', '_' and '-', starting with a letter or digit."
    ),
    ("name: [a]\n", "demo.yaml:1: 'name' is a list, which is not a text."),
    ("name: a\nwrite: 5\n", "demo.yaml:2: 'write' is '5', which is not a mapping of settings."),
    ("- a\n", "demo.yaml:1: 'the file' is a list, which is not a mapping of stages to settings."),
    ("name: a\nname: b\n", "demo.yaml:1: key 'name' is given more than once. Keep one."),
    ("name: a\n1: {}\n\"1\": {}\n", "demo.yaml:3: key '1' is given more than once. Keep one."),
    ("name: a\n? [x]\n: y\n", "demo.yaml:2: not valid YAML: a key is a list, where a name is needed."),
    ("name: a\nwrite: {model: [}\n", "demo.yaml:2:17: not valid YAML: did not find expected node content."),
    ("name: a\nwrite:\n\tmodel: b\n", "demo.yaml:3:1: not valid YAML: found character that cannot start any token."),
  ])
  func aBrokenFileIsRefusedWithItsLine(text: String, expected: String) {
    #expect(message(text) == expected)
  }

  @Test func anchorsAndAliasesAreRefused() {
    let advice = "anchors (&) and aliases (*) are not read. Write the value out, or put it in quotes if it is text."

    #expect(message("name: a\nscan: &x {audio: b}\n") == "demo.yaml:2: \(advice)")
    #expect(message("name: a\n\nscan: *x\n") == "demo.yaml:3: \(advice)")
    #expect(message("name: a\nscan: {audio: 'R&B *x'}\n") == nil)
  }

  @Test func aBombOfAliasesInKeysEndsAtOnce() {
    var text = "name: a\nb0: &b0 [x, x]\n"
    for level in 1...60 { text += "b\(level): &b\(level) [*b\(level - 1), *b\(level - 1), *b\(level - 1)]\n" }
    text += "? *b60\n: boom\n"

    #expect(message(text)?.contains("aliases") == true)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[{a: "])
  func deepNestingIsRefused(opening: String) {
    let text = "name: a\nscan:\n  x:\n    " + String(repeating: opening, count: 200_000)

    #expect(message(text)?.hasPrefix("demo.yaml") == true)
  }

  @Test func aFileOfKeysIsReadInTime() throws {
    let text = "name: a\nscan:\n" + (0..<50_000).map { "  key\($0): \($0)\n" }.joined()

    #expect(try pipeline(text).section("scan").int("key49999", in: 0...50_000, default: 0) == 49_999)
  }

  @Test func nestingBeyondWhatAnyoneNeedsIsRefused() {
    let text = "name: a\nscan: " + String(repeating: "[", count: 100) + String(repeating: "]", count: 100)

    #expect(message(text) == "demo.yaml:2: nested too deeply. Flatten it.")
  }

  @Test func bytesThatAreNoYAMLAreRefused() {
    let latin = folder.write(Data([0x6E, 0x3A, 0xE9, 0x0A]), to: "latin.yaml")
    let control = folder.write("name: a\nscan: \u{1}\n", to: "control.yaml")
    let large = folder.write(String(repeating: "#", count: 1 << 20) + "\n", to: "large.yaml")

    #expect(
      folder.message { _ = try PipelineFile(path: latin) } == "latin.yaml: not UTF-8 text. Save it as UTF-8.")
    #expect(
      folder.message { _ = try PipelineFile(path: control) }
        == "control.yaml:2: not valid YAML: control characters are not allowed.")
    #expect(
      folder.message { _ = try PipelineFile(path: large) }
        == "large.yaml: larger than 1048576 bytes. Check that it is the right file.")
    #expect(
      folder.message { _ = try PipelineFile(path: folder.path + "/none.yaml") }
        == "none.yaml: there is no such file. Check the path.")
    #expect(folder.message { _ = try PipelineFile(path: folder.path) }?.contains("cannot be read") == true)
  }

  @Test func randomBytesNeverCrash() {
    var state: UInt64 = 7
    let alphabet = Array("ab:-[]{}#&*!|>'\"%@`,? \n\t\u{E9}0".utf8)
    for round in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<60 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(alphabet[Int(state >> 33) % alphabet.count])
      }
      let path = folder.write(Data(bytes), to: "random-\(round % 4).yaml")
      let text = folder.message { _ = try PipelineFile(path: path) }
      #expect(text?.contains("\n") != true)
    }
  }

  @Test func windowsLinesAndByteOrderMarkAreRead() throws {
    let file = try pipeline("\u{FEFF}name: demo\r\nwrite:\r\n  model: m\r\n")

    #expect(try file.section("write").string("model") == "m")
    #expect(file.name == "demo")
  }
}
