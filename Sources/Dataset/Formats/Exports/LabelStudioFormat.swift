/// Tasks for Label Studio, to have people listen and answer, and the labelling page's configuration. The right answer
/// comes along as a prediction.
///
/// Sounds are served from the export by Label Studio itself, started with
/// `LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED=true LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT=EXPORT`.
public enum LabelStudioFormat: SetFormat {
  public static let rowExtensions = ["json"]
  private static let served = "/data/local-files/?d="

  public static func check(_ row: CheckedRow) throws(RowProblem) {
    let data = try row.object("data")
    _ = try data.text("question")
    let choices = try data.objects("choices").map { choice throws(RowProblem) in try choice.text("value") }
    guard choices.count >= 2, Set(choices).count == choices.count else {
      throw RowProblem(reason: "'choices' are fewer than two, or one is there twice")
    }
    guard choices.contains(try data.text("answer")) else { throw RowProblem(reason: "'answer' is none of the choices") }
    let sound = try data.text("audio")
    if sound.hasPrefix(served) { try row.checkSound(String(sound.dropFirst(served.count))) }
  }

  public static func files(of split: String) -> [SetFile] {
    [SetFile("\(split).json") { ListEncoder { task($0) } }]
  }

  static func task(_ row: SetRow) -> String {
    let question = row.question
    let choices = question.choices.map { JSONText.object(["value": JSONText.string($0)]) }
    let result = JSONText.object([
      "from_name": JSONText.string("answer"), "to_name": JSONText.string("audio"), "type": JSONText.string("choices"),
      "value": JSONText.object(["choices": JSONText.strings([question.answer])]),
    ])
    return JSONText.object([
      "id": String(row.number + 1),
      "data": JSONText.object([
        "audio": JSONText.string("/data/local-files/?d=\(question.audioPath)"),
        "question": JSONText.string(question.question),
        "choices": JSONText.array(choices),
        "answer": JSONText.string(question.answer),
        "captions": JSONText.string(row.captionText),
        "question_id": JSONText.string(question.id),
        "split": JSONText.string(question.split) + question.rateMembers,
      ]),
      "predictions": JSONText.array([
        JSONText.object(["model_version": JSONText.string("earshot"), "result": JSONText.array([result])])
      ]),
    ])
  }

  public static func companions(rows: [String: Int]) -> [TextFile] {
    [
      TextFile(
        path: "label-studio.xml",
        text: """
          <View>
            <Audio name="audio" value="$audio"/>
            <Header value="$question"/>
            <Choices name="answer" toName="audio" value="$choices" choice="single" showInline="false"/>
            <Rating name="quality" toName="audio" maxRating="5"/>
            <TextArea name="remark" toName="audio" placeholder="What is wrong with the question?" rows="2"/>
          </View>

          """)
    ]
  }
}
