import Foundation
import Testing

@testable import Dataset

@Suite struct ContaminationTests {
  private func index(_ items: [ReferenceItem], _ settings: ContaminationSettings = .init()) -> ContaminationIndex {
    var index = ContaminationIndex(settings)
    index.add(items, of: "test.json")
    return index
  }

  private func item(_ id: String, _ question: String, _ choices: [String] = [], audio: String? = nil) -> ReferenceItem {
    ReferenceItem(
      id: id, line: 1, question: question, choices: choices, audio: audio,
      sounds: audio.map { SoundIdentity.all(inFileName: $0) } ?? [])
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "earshot-\(UUID().uuidString)-\(name)"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test func aQuestionThatIsNearlyAnItemsIsFound() {
    let index = index([
      item("m1", "What happens after the loud engine of the car stops?", ["a door slams", "a dog barks", "it rains"]),
      item("m2", "How many bells ring in the first half?", ["2", "3", "4"]),
    ])
    var search = ContaminationSearch(index)
    search.add(
      stem: "what happens after the loud engine of a car stops", choices: ["A dog barks.", "it rains", "a door slams"])
    search.add(stem: "Which animal is heard at the end of the recording?", choices: ["cat", "dog", "cow"])

    let matches = search.matches()

    #expect(matches.keys.sorted() == [0])
    #expect(matches[0]?.map(\.item) == ["m1"] && matches[0]?[0].kind == .question)
    #expect(matches[0]?[0].similarity ?? 0 >= 0.85)
  }

  @Test func thirteenWordsInOnePieceAreAMatchAndTwelveAreNot() {
    let words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    let index = index([item("m", words + " and other things that nobody would ever ask in such a way")])
    var search = ContaminationSearch(index)
    search.add(
      stem: "Tell me, " + words.split(separator: " ").prefix(13).joined(separator: " ") + " or else?",
      choices: ["yes", "no"])
    search.add(
      stem: "Tell me, " + words.split(separator: " ").prefix(12).joined(separator: " ") + " or else?",
      choices: ["yes", "no"])

    let matches = search.matches()

    #expect(matches.keys.sorted() == [0])
    #expect(matches[0]?.map(\.kind) == [.words])
    #expect(matches[0]?[0].detail == words.split(separator: " ").prefix(13).joined(separator: " "))
  }

  @Test func aRunThatManyShareIsAPhrase() {
    let phrase = "which of the following four descriptions fits the recording that you have just heard best of all"
    let many = index((0..<11).map { item("m\($0)", "\(phrase) in number \($0 * 7919)?") })
    var search = ContaminationSearch(many)
    search.add(stem: phrase + ", taken as one whole piece of music from the south?", choices: ["x", "y"])
    #expect(search.matches().isEmpty)

    let one = index([item("m", phrase + " in this one?")])
    var own = ContaminationSearch(one)
    for number in 0..<11 {
      own.add(
        stem: "\(phrase), given that sample \(number * 104_729) follows on from it somewhere later?",
        choices: ["x", "y"])
    }
    #expect(own.matches().isEmpty)
  }

  @Test(arguments: [
    ("audio/---g-f_I2yQ_000030.wav", [SoundIdentity.youTube(video: "---g-f_I2yQ", start: 30, end: 40)]),
    ("FwVYUHKoLtQ_000034.wav", [.youTube(video: "FwVYUHKoLtQ", start: 34, end: 44)]),
    ("YFwVYUHKoLtQ.wav", [.youTube(video: "FwVYUHKoLtQ", start: nil, end: nil)]),
    ("FwVYUHKoLtQ_30.000_40.000.flac", [.youTube(video: "FwVYUHKoLtQ", start: 30, end: 40)]),
    ("FwVYUHKoLtQ_30000_40000.flac", [.youTube(video: "FwVYUHKoLtQ", start: 30, end: 40)]),
    ("1-100032-A-0.wav", [.freesound("100032")]), ("100032-3-0-0.wav", [.freesound("100032")]),
    ("100032__someone__rain.wav", [.freesound("100032")]),
    ("dog_barking.wav", []), ("clip_000017.wav", []), ("1234567.wav", []), ("a.wav", []), ("audio.01.final.wav", []),
  ])
  func namesTellWhereASoundIsFrom(path: String, expected: [SoundIdentity]) {
    let found = SoundIdentity.all(inFileName: path).filter { if case .fileName = $0 { false } else { true } }

    #expect(found == expected)
  }

  @Test func onlyNamesThatSayMuchAreCompared() {
    func name(_ path: String) -> Bool {
      SoundIdentity.all(inFileName: path).contains { if case .fileName = $0 { true } else { false } }
    }

    #expect(name("3fe64f3d-282c-4bc8-a753-68f8f6c35652.wav") && name("x/0qXb2kd91z.mp3"))
    #expect(!name("clip_000017.wav") && !name("recording-12.wav") && !name("12345678.wav") && !name("a1.wav"))
  }

  @Test func linksAndColumnsTellVideosAndSeconds() {
    func found(_ columns: [String: String], seconds: Double? = nil) -> [SoundIdentity] {
      SoundMembers.identities(audio: [], seconds: seconds) { columns[$0] }
    }

    #expect(
      found(["url": "https://www.youtube.com/watch?v=FwVYUHKoLtQ&t=9", "timestamp": "00:01:02-00:01:12"])
        == [.youTube(video: "FwVYUHKoLtQ", start: 62, end: 72)])
    #expect(
      found(["youtube_id": "-0SdAVK79lg", "start_time": "30"], seconds: 10) == [
        .youTube(video: "-0SdAVK79lg", start: 30, end: 40)
      ])
    #expect(found(["url": "https://freesound.org/people/x/sounds/000123/"]) == [.freesound("123")])
    #expect(found(["sound_id": "0123", "url": "https://example.org/a"]) == [.freesound("123")])
    #expect(found(["youtube_id": "not an id", "timestamp": "??"]).isEmpty)
  }

  @Test func soundsOfOneVideoMeetWhereTheirSecondsOverlap() {
    let index = index([item("m", "", audio: "FwVYUHKoLtQ_000030.wav"), item("n", "", audio: "YQWzMA73J4lQ.wav")])
    func matches(_ path: String, columns: [String: String] = [:]) -> [String] {
      ContaminationSearch.soundMatches(index, files: [path], seconds: 10, columns: columns).filter {
        $0.kind == .youTube
      }
      .map(\.item)
    }

    #expect(matches("clips/FwVYUHKoLtQ_000035.wav") == ["m"])
    #expect(matches("FwVYUHKoLtQ_000040.wav") == [])
    #expect(matches("FwVYUHKoLtQ_000020.wav") == [])
    #expect(matches("QWzMA73J4lQ_000500.wav") == ["n"])
    #expect(matches("x.wav", columns: ["YouTube_ID": "FwVYUHKoLtQ", "start": "39.5"]) == ["m"])
  }

  @Test func filesOfAllKindsAreRead() throws {
    let json = try file(
      "a.json", #"[{"id":7,"question":"What barks?","choices":["dog","cat"],"audio_id":"./a/b.wav"}, 3]"#)
    let lines = try file(
      "b.jsonl", #"{"Question_Text":"What meows?","multi_choice":["dog","cat",null],"answer":1}"# + "\n{broken\n")
    let table = try file(
      "c.csv",
      "Question,options,youtube_id\n\"What, again?\",\"['a dog', \"\"it's a cat\"\"]\",FwVYUHKoLtQ\nOne cell\nB?,x | y | z,\n"
    )
    let letters = try file("d.tsv", "question\tA\tB\tanswer\nQ?\tone\ttwo\tA\n")
    let videos = try file("e.csv", "glLQrEijrKg_000300.mp4,playing hammond organ\nnonsense\n")
    defer { for path in [json, lines, table, letters, videos] { try? FileManager.default.removeItem(atPath: path) } }

    let first = try ReferenceFile.read(path: json)
    let second = try ReferenceFile.read(path: lines)
    let third = try ReferenceFile.read(path: table)
    let fifth = try ReferenceFile.read(path: videos)

    #expect(
      first.items == [
        ReferenceItem(id: "7", line: 1, question: "What barks?", choices: ["dog", "cat"], audio: "./a/b.wav")
      ])
    #expect(first.refused.count == 1)
    #expect(second.items.map(\.question) == ["What meows?"] && second.items[0].choices == ["dog", "cat"])
    #expect(second.refused.map(\.line) == [2])
    #expect(third.items.map(\.choices) == [["a dog", "it's a cat"], ["x", "y", "z"]])
    #expect(third.items[0].sounds == [.youTube(video: "FwVYUHKoLtQ", start: nil, end: nil)])
    #expect(third.refused.map(\.line) == [3])
    #expect(try ReferenceFile.read(path: letters).items[0].choices == ["one", "two"])
    #expect(fifth.items.first?.sounds.first == .youTube(video: "glLQrEijrKg", start: 300, end: 310))
    #expect(fifth.refused.count == 1)
  }

  @Test func filesThatAreNoTestSetsAreRefusedWithTheirPlace() throws {
    let headless = try file("x.csv", "colour,size\nred,3\n")
    let empty = try file("y.json", "[]")
    defer { for path in [headless, empty] { try? FileManager.default.removeItem(atPath: path) } }

    #expect(throws: DatasetError.self) { try ReferenceFile.read(path: headless) }
    #expect(throws: DatasetError.self) { try ReferenceFile.read(path: empty) }
    #expect(throws: DatasetError.self) { try ReferenceFile.read(path: "/nowhere/z.json") }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"] != nil))
  func itemsOfMMAUAreFoundAgainAndOtherQuestionsAreNot() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["EARSHOT_TEST_DATA"])
    let reference = try ReferenceFile.read(path: folder + "/benchmarks/mmau-test-mini.json")
    #expect(reference.items.count == 1000 && reference.refused.isEmpty)
    let index = index(reference.items)
    var search = ContaminationSearch(index)
    for item in reference.items { search.add(stem: item.question.uppercased(), choices: item.choices.reversed()) }
    let own = (0..<500).map { number in
      search.add(
        stem: "Which of these sounds can be heard \(number % 9) seconds before the \(number * 31) Hz tone?",
        choices: ["a bell", "a drum", "a flute", "a siren"])
    }

    let matches = search.matches()

    #expect(
      (0..<1000).allSatisfy { number in matches[number]?.contains { $0.line == reference.items[number].line } ?? false }
    )
    #expect(own.allSatisfy { matches[$0] == nil })
    let sounds = reference.items.filter { item in
      !ContaminationSearch.soundMatches(index, files: [item.audio ?? ""], seconds: 10, columns: [:]).isEmpty
    }
    #expect(sounds.count == 1000)
  }
}
