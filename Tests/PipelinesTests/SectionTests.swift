import Foundation
import Pipelines
import Testing

struct SectionTests {
  let folder = TemporaryFolder()

  /// The section `s` of a file whose first setting stands in line 3.
  private func section(_ settings: String) throws -> Section {
    let lines = settings.split(separator: "\n").map { "  \($0)\n" }.joined()
    return try PipelineFile(path: folder.write("name: demo\ns:\n" + lines, to: "p/demo.yaml")).section("s")
  }

  private func message(_ settings: String, _ read: (Section) throws -> Void) throws -> String? {
    let section = try section(settings)
    return folder.message { try read(section) }
  }

  @Test func valuesAreReadAsWritten() throws {
    let s = try section(
      "text: a b\nquoted: '5'\ncount: 12\nshare: 2.5e-1\non: true\noff: no\n"
        + "list: [a, 'b']\none: a\nmode: fast\nnothing:"
    )

    #expect(try s.string("text") == "a b")
    #expect(try s.string("quoted") == "5")
    #expect(try s.int("count", in: 1...64, default: 1) == 12)
    #expect(try s.double("share", in: 0...1, default: 1) == 0.25)
    #expect(try s.bool("on", default: false))
    #expect(try !s.bool("off", default: true))
    #expect(try s.strings("list") == ["a", "b"])
    #expect(try s.strings("one") == ["a"])
    #expect(try s.choice("mode", of: ["fast", "slow"], default: "slow") == "fast")
    #expect(try s.choices("list", of: ["b", "a"], default: []) == ["a", "b"])
    #expect(try s.optionalString("nothing") == nil)
    try s.finish()
  }

  @Test func whatIsNotSetHasItsDefault() throws {
    let s = try PipelineFile(path: folder.write("name: demo\n", to: "demo.yaml")).section("absent")

    #expect(try s.string("a", default: "x") == "x")
    #expect(try s.int("b", in: 1...2, default: 7) == 7)
    #expect(try s.optionalInt("c", in: 1...2) == nil)
    #expect(try s.duration("d", default: 30) == 30)
    #expect(try s.section("e").bool("f", default: true))
    try s.finish()
    #expect(folder.message { _ = try s.string("g") } == "demo.yaml: 'absent.g' is missing. Set it to a text.")
  }

  @Test(arguments: [
    ("30s", 30.0), ("0.1s", 0.1), ("250ms", 0.25), ("2m", 120), ("1h", 3600), ("1.5 h", 5400), ("4", 4), ("0", 0),
  ])
  func durationsAreSeconds(text: String, seconds: Double) throws {
    #expect(try section("window: \(text)").duration("window", default: -1) == seconds)
  }

  @Test(arguments: ["fast", "1d", "s", "-1s", "0x10s", "infs", "1e400", "1 2s", "'30  s'", "[1s]"])
  func whatIsNoDurationIsRefused(text: String) throws {
    let text = try message("window: \(text)") { _ = try $0.duration("window", in: 0...60, default: 1) }

    #expect(text?.hasPrefix("p/demo.yaml:3: 's.window' is ") == true)
    #expect(
      text?.hasSuffix(", which is not a time between 0s and 60s, such as 250ms, 30s, 2m or 1h.") == true)
  }

  @Test func aBadValueSaysWhatIsWanted() throws {
    #expect(
      try message("a: x\nn: many") { _ = try $0.int("n", in: 1...1024, default: 1) }
        == "p/demo.yaml:4: 's.n' is 'many', which is not a whole number between 1 and 1024.")
    #expect(
      try message("n: 1025") { _ = try $0.int("n", in: 1...1024, default: 1) }
        == "p/demo.yaml:3: 's.n' is '1025', which is not a whole number between 1 and 1024.")
    #expect(
      try message("n: .inf") { _ = try $0.double("n", in: 0...0.5, default: 0) }
        == "p/demo.yaml:3: 's.n' is '.inf', which is not a number between 0 and 0.5.")
    #expect(
      try message("n: maybe") { _ = try $0.bool("n", default: true) }
        == "p/demo.yaml:3: 's.n' is 'maybe', which is not true or false.")
    #expect(
      try message("n: folder") { _ = try $0.choice("n", of: ["none", "folders"], default: "none") }
        == "p/demo.yaml:3: 's.n' is 'folder', which is not one of none, folders.")
    #expect(
      try message("n: [a, a]") { _ = try $0.choices("n", of: ["a", "b"], default: []) }
        == "p/demo.yaml:3: 's.n' is a list, which is not a list of any of a, b, each once.")
    #expect(
      try message("n: {a: b}") { _ = try $0.string("n") } == "p/demo.yaml:3: 's.n' is a mapping, which is not a text.")
    #expect(
      try message("n: 5") { throw $0.badValue("n", wanted: "an even number") }
        == "p/demo.yaml:3: 's.n' is '5', which is not an even number.")
  }

  @Test func aKeyThatNobodyAskedForIsRefused() throws {
    #expect(
      try message("workers: 3\nworker: 3") {
        _ = try $0.int("workers", in: 1...8, default: 1)
        try $0.finish()
      } == "p/demo.yaml:4: unknown key 'worker' in 's'. Did you mean 'workers'?")
    #expect(
      try message("colour: red") {
        _ = ($0.has("model"), $0.has("prompt"))
        try $0.finish()
      } == "p/demo.yaml:3: unknown key 'colour' in 's'. There are: model, prompt.")
    #expect(
      try message("colour: red") { try $0.finish() }
        == "p/demo.yaml:3: unknown key 'colour' in 's'. It takes none; remove it.")
  }

  @Test func nestedSectionsAreCheckedToo() throws {
    #expect(
      try message("retry:\n  cap: 5s\n  bsae: 1s") {
        _ = try $0.section("retry").duration("cap", default: 1)
        _ = try $0.section("retry").duration("base", default: 1)
        try $0.finish()
      } == "p/demo.yaml:5: unknown key 'bsae' in 's.retry'. Did you mean 'base'?")
    #expect(
      try message("retry: often") {
        _ = $0.section("retry")
        try $0.finish()
      } == "p/demo.yaml:3: 's.retry' is 'often', which is not a mapping of settings.")
  }

  @Test func pathsAreRelativeToTheFile() throws {
    let s = try section(
      "a: clips\nb: ../prompts/a.md\nc: /data\nd: synth\ne: ./x/../y\nf: ~/audio\ng: ../../../../../../up")

    #expect(try s.path("a") == folder.path + "/p/clips")
    #expect(try s.path("b") == folder.path + "/prompts/a.md")
    #expect(try s.path("c") == "/data")
    #expect(try s.path("d", words: ["synth"]) == "synth")
    #expect(try s.path("e") == folder.path + "/p/x/../y")
    #expect(try s.path("f") == NSHomeDirectory() + "/audio")
    #expect(try s.path("g").hasSuffix("up"))
    #expect(try s.optionalPath("h") == nil)
    #expect(try message("a: ''") { _ = try $0.path("a") } == "p/demo.yaml:3: 's.a' is '', which is not a path.")
    #expect(try message("a: 1") { _ = try $0.path("b") } == "p/demo.yaml:2: 's.b' is missing. Set it to a path.")
  }

  @Test func aPathFromAnOverrideIsRelativeToTheCurrentDirectory() throws {
    let path = folder.write("name: demo\ns: {a: clips}\n", to: "p/demo.yaml")

    let file = try PipelineFile(path: path, overrides: ["s.a=other/clips"])

    #expect(try file.section("s").path("a") == "other/clips")
  }

  @Test func aStepUpOutOfALinkIsLeftToTheSystem() throws {
    _ = folder.write("found", to: "real/prompts/a.md")
    _ = folder.write("name: demo\ns: {a: ../prompts/a.md}\n", to: "real/pipelines/demo.yaml")
    let link = folder.path + "/link"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real/pipelines")

    let path = try PipelineFile(path: link + "/demo.yaml").section("s").path("a")

    #expect(FileManager.default.contents(atPath: path) == Data("found".utf8))
  }
}
