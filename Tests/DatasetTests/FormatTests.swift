import Foundation
import Testing

@testable import Dataset

@Suite struct FormatTests {
  private let exported = ExportedQuestion(
    id: "9f2c", clip: "clip_a1", split: "train", audioPath: "audio/clip_a1.wav",
    question: "What sound follows the dog's \"bark\"?", choices: ["A car horn", "A door closing", "Rain", "Geräusch"],
    answerIndex: 1, skill: "order", difficulty: "easy", labels: ["dog", "door"], evidence: "Then a door closes.",
    captions: [ExportedQuestion.Caption(captioner: "acoustic", text: "A dog barks.\nThen a door closes.")],
    provenance: ExportedQuestion.Provenance(
      model: "stand-in", prompt: "avqa-gpt", promptHash: "ab12", captioners: ["acoustic"], checksVersion: 1,
      sources: ["dogs/1.wav"]))

  @Test func aQuestionIsOneLineOfJSON() {
    #expect(
      JSONLFormat.line(exported) == #"""
        {"id":"9f2c","clip":"clip_a1","split":"train","audio_path":"audio/clip_a1.wav",\#
        "question":"What sound follows the dog's \"bark\"?","choices":["A car horn","A door closing","Rain","Geräusch"],\#
        "answer":"A door closing","answer_index":1,"skill":"order","difficulty":"easy","labels":["dog","door"],\#
        "evidence":"Then a door closes.","captions":[{"captioner":"acoustic","text":"A dog barks.\nThen a door closes.",\#
        "model":"","revision":"","prompt":"","prompt_sha256":"","sampling":"","mean_logprob":null,"origin":""}],\#
        "provenance":{"model":"stand-in","prompt":"avqa-gpt","prompt_sha256":"ab12","captioners":["acoustic"],\#
        "checks_version":1,"sources":["dogs/1.wav"]}}
        """#)
  }

  @Test func aCaptionShowsWhereItComesFromAndALineWithoutThatIsReadToo() throws {
    var question = exported
    let caption = ExportedQuestion.Caption(
      captioner: "plain", text: "A dog.", model: "m", revision: "r", prompt: "caption-plain", promptHash: "ab",
      sampling: #"{"seed":1}"#, meanLogProbability: -0.25, origin: "Clotho")
    question.captions = [caption]
    let line = JSONLFormat.line(question)
    let members =
      #","model":"m","revision":"r","prompt":"caption-plain","prompt_sha256":"ab","sampling":"{\"seed\":1}","#
      + #""mean_logprob":-0.25,"origin":"Clotho""#

    #expect(line.contains(members))
    #expect(try JSONLFormat.question(line: line) == question)
    let earlier = try JSONLFormat.question(line: line.replacing(members, with: ""))
    #expect(earlier.captions == [ExportedQuestion.Caption(captioner: "plain", text: "A dog.")])
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let lines = [exported, exported].map(JSONLFormat.line)

    let found = try withFolder { folder in
      let path = folder.appendingPathComponent("train.jsonl").path
      try Data((lines.joined(separator: "\n\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
      var found: [ExportedQuestion] = []
      try JSONLFormat.forEachQuestion(path: path) { found.append($0) }
      return found
    }

    #expect(found == [exported, exported])
    #expect(try JSONLFormat.question(line: lines[0]) == exported)
  }

  @Test func wrongLinesAreNamed() throws {
    let line = JSONLFormat.line(exported)
    func reason(_ line: String) -> String {
      do { return "\(try JSONLFormat.question(line: line, number: 3))" } catch { return error.description }
    }

    #expect(reason("{") == "line 3: the line is not JSON.")
    #expect(reason("[]") == "line 3: a list stands where an object belongs.")
    #expect(
      reason(line.replacing("\"answer_index\":1", with: "\"answer_index\":4"))
        == "line 3: 'answer_index' is 4 with 4 choices.")
    #expect(
      reason(line.replacing("\"answer_index\":1", with: "\"answer_index\":2"))
        == "line 3: 'answer' is not the choice at 'answer_index'.")
    #expect(reason(line.replacing("\"skill\":\"order\",", with: "")) == "line 3: 'skill' is missing.")
    #expect(reason(line.replacing("[\"dog\",\"door\"]", with: "[1]")) == "line 3: 'labels' is not a list of texts.")
    #expect(reason(line.replacing("\"id\":\"9f2c\"", with: "\"id\":null")) == "line 3: 'id' is not text.")
  }

  // The example of R1-AQA's README, at commit 5d24f31, has these members; its loader needs the last two as they are.
  @Test func r1AQAReadsTheLineAsOneOfAVQA() {
    #expect(
      R1AQAFormat.line(exported, row: 7, clipNumber: 2, audioPath: "/data/clip_a1.wav") == #"""
        {"id":7,"video_name":"clip_a1","video_id":2,"question_text":"What sound follows the dog's \"bark\"?",\#
        "multi_choice":["A car horn","A door closing","Rain","Geräusch"],"answer":1,"question_relation":"Sound",\#
        "question_type":"order","dataset_name":"AVQA","audio_path":"/data/clip_a1.wav"}
        """#)
  }

  private let card = DatasetCard(
    name: "My: \"set\" | <b>", license: "cc-by-4.0",
    files: [
      DatasetCard.DataFile(configuration: "default", split: "train", path: "data/train.jsonl"),
      DatasetCard.DataFile(configuration: "default", split: "test", path: "data/test.jsonl"),
      DatasetCard.DataFile(configuration: "r1-aqa", split: "train", path: "r1 aqa/train.jsonl"),
    ],
    splits: [DatasetCard.SplitCount(split: "train", clips: 400, seconds: 4000.25, questions: 1200)],
    positions: [300, 300, 300, 300], kinds: [DatasetCard.Count("order", 700), DatasetCard.Count("yes", 500)],
    rejected: [DatasetCard.Count("E_LEAK_Q", 12), DatasetCard.Count("E_NEW", 1)],
    making: ["Captions by `acoustic`."])

  @Test func theCardNamesTheFilesThatAreThere() throws {
    let text = try withFolder { folder in
      for name in ["data/train.jsonl", "r1 aqa/train.jsonl"] {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("{}\n".utf8).write(to: file)
      }
      try Data().write(to: folder.appendingPathComponent("data/test.jsonl"))
      return card.markdown(in: folder.path)
    }

    #expect(
      text == #"""
        ---
        pretty_name: "My: \"set\" | <b>"
        license: cc-by-4.0
        language:
        - en
        task_categories:
        - question-answering
        - audio-classification
        tags:
        - audio
        - multiple-choice
        - synthetic
        size_categories:
        - 1K<n<10K
        configs:
        - config_name: default
          data_files:
          - split: train
            path: data/train.jsonl
        - config_name: r1-aqa
          data_files:
          - split: train
            path: "r1 aqa/train.jsonl"
        ---

        # My: "set" \| \<b\>

        Multiple-choice questions about audio clips: 1200 questions.

        ## What is in it

        | split | clips | seconds of audio | questions |
        | --- | --- | --- | --- |
        | train | 400 | 4000.3 | 1200 |

        How often each position holds the right answer:

        | position | questions |
        | --- | --- |
        | 1 | 300 |
        | 2 | 300 |
        | 3 | 300 |
        | 4 | 300 |

        Questions by the skill they ask for:

        | skill | questions |
        | --- | --- |
        | order | 700 |
        | yes | 500 |

        ## How it was made

        - Captions by \`acoustic\`.

        ## What was left out

        | reason | count | meaning |
        | --- | --- | --- |
        | E_LEAK_Q | 12 | The question contains its own answer. |
        | E_NEW | 1 |  |

        ## Limits

        - The questions were written by a model that read captions and never heard the clips. What the captions get wrong, \#
        the questions may get wrong.
        - The licences of the clips are those of their sources.

        """#)
  }

  @Test func textInTheFrontMatterIsData() {
    var card = card
    card.name = "a\n---\nlicense: mit # x"
    card.license = "no"

    let text = card.markdown(in: "/nowhere")

    #expect(text.contains(#"pretty_name: "a\n---\nlicense: mit # x""#))
    #expect(text.contains("license: \"no\"\n"))
    #expect(!text.contains("configs:"))
    #expect(text.split(separator: "\n").filter { $0 == "---" }.count == 2)
  }

  @Test func theManualHasEveryReasonCodeAndMember() throws {
    let manual = String(decoding: try fixture("../../docs/formats.md"), as: UTF8.self)

    for code in ReasonCode.allCases { #expect(manual.contains("| `\(code.rawValue)` | \(code.summary) |")) }
    for name in [
      "id", "clip", "split", "audio_path", "checks_version", "prompt_sha256", "multi_choice", "dataset_name",
    ] {
      #expect(manual.contains("| `\(name)` |"))
    }
    for name in ManifestColumns.file + ManifestColumns.label + ManifestColumns.recording {
      #expect(manual.contains("`\(name)`"))
    }
  }
}
