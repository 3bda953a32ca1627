import Pipelines
import Testing

struct SectionListsTests {
  let folder = TemporaryFolder()

  /// The section `s` of a file whose first setting stands in line 3.
  private func section(_ settings: String) throws -> Section {
    let lines = settings.split(separator: "\n").map { "  \($0)\n" }.joined()
    return try PipelineFile(path: folder.write("name: demo\ns:\n" + lines, to: "p/demo.yaml")).section("s")
  }

  @Test func numbersAreReadAsAListOrOne() throws {
    let s = try section("a: [1, 2.5e-1, '-3']\nb: 2\nc: []")

    #expect(try s.doubles("a", in: -5...5) == [1, 0.25, -3])
    #expect(try s.doubles("b", in: -5...5) == [2])
    #expect(try s.doubles("c", in: -5...5) == [])
    #expect(try s.doubles("d", in: -5...5) == nil)
    try s.finish()
  }

  @Test(arguments: ["[1, 9]", "[1, [2]]", "[.inf]", "x", "{a: 1}", "[1, ]x"])
  func whatIsNoListOfNumbersIsRefused(value: String) throws {
    #expect(throws: PipelineError.self) { try section("a: \(value)").doubles("a", in: -5...5) }
  }

  @Test func aLimitMayBeOff() throws {
    let s = try section("a: off\nb: 3\nc: true\nd: 9")

    #expect(try s.limit("a", in: 0...5, default: 1) == nil)
    #expect(try s.limit("b", in: 0...5, default: 1) == 3)
    #expect(try s.limit("e", in: 0...5, default: 1) == 1)
    #expect(try s.limit("e", in: 0...5, default: nil) == nil)
    #expect(
      folder.message { _ = try s.limit("c", in: 0...5, default: 1) }
        == "p/demo.yaml:5: 's.c' is 'true', which is not a number between 0 and 5, or off.")
    #expect(throws: PipelineError.self) { try s.limit("d", in: 0...5, default: 1) }
  }

  @Test func pathsOfAListAreRelativeToTheFile() throws {
    let s = try section("a: [x.jsonl, ../y.jsonl, /z]\nb: x\nc: [x, '']\nd: [[x]]")

    #expect(try s.paths("a") == [folder.path + "/p/x.jsonl", folder.path + "/y.jsonl", "/z"])
    #expect(try s.paths("b") == [folder.path + "/p/x"])
    #expect(try s.paths("e") == nil)
    #expect(folder.message { _ = try s.paths("c") } == "p/demo.yaml:5: 's.c' is '', which is not a path.")
    #expect(folder.message { _ = try s.paths("d") } == "p/demo.yaml:6: 's.d' is a list, which is not a path.")
  }

  @Test func aKeyHasThePlaceOfItsLine() throws {
    let s = try section("a: 1\nb: 2")

    #expect("\(s.place(of: "b"))".hasSuffix("p/demo.yaml:4"))
    #expect("\(s.place(of: "c"))".hasSuffix("p/demo.yaml:2"))
  }
}
