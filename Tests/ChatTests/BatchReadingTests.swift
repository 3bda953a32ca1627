import Testing
import Transfer

@testable import Chat

/// What is written for a batch, and what is read of it.
struct BatchReadingTests {
  @Test func aLineHoldsTheBodyByteForByte() {
    let body = Array(#"{"model":"m","n":1}"#.utf8)

    let line = String(decoding: BatchLine.bytes(customID: "a\"b", body: body), as: UTF8.self)

    #expect(
      line == #"{"custom_id":"a\"b","method":"POST","url":"/v1/chat/completions","body":{"model":"m","n":1}}"# + "\n")
  }

  @Test func anAnswerIsFoundInItsLineWithTheBytesOfItsBody() throws {
    let body = #"{ "choices" : [ {"message":{"content":"a \"}\" \\"}} ] , "x":1.50 }"#
    let line =
      #" {"id":"r","custom_id":"k\u0031","error":null,"response":{"status_code":200,"request_id":"q","body":\#(body)}}  "#

    let answer = try #require(BatchAnswer(Array(line.utf8)))

    #expect(answer.customID == "k1" && answer.status == 200 && answer.requestID == "q")
    #expect(String(decoding: answer.body, as: UTF8.self) == body)
    #expect(answer.code == nil)
  }

  @Test func aRequestThatWasNotWorkedOnTellsWhy() throws {
    let line = #"{"custom_id":"k","response":null,"error":{"code":"batch_expired","message":"too late"}}"#

    let answer = try #require(BatchAnswer(Array(line.utf8)))

    #expect(answer == BatchAnswer(customID: "k", code: "batch_expired", message: "too late"))
  }

  @Test(arguments: [
    "", "{}", "[]", "null", #"{"custom_id":"k"}"#, #"{"custom_id":1,"error":{"code":"x"}}"#,
    #"{"custom_id":"k","error":null,"response":null}"#, #"{"custom_id":"k","response":{"status_code":200,"body":{"a":"#,
    #"{"custom_id":"k" "error":{}}"#, #"{"custom_id":"k","error":}"#, "{\"custom_id\":\"k\",\"error\":\"\\",
  ])
  func whatIsNoAnswerIsNone(line: String) {
    #expect(BatchAnswer(Array(line.utf8)) == nil)
  }

  @Test func everyBeginningOfALineIsReadWithoutHarm() {
    let line = Array(#"{"custom_id":"k","response":{"status_code":200,"body":{"a":["b\\",{}]}},"error":null}"#.utf8)
    for count in 0..<line.count { #expect(BatchAnswer(Array(line.prefix(count))) == nil) }
    #expect(BatchAnswer(line)?.body == Array(#"{"a":["b\\",{}]}"#.utf8))
  }

  @Test func aBatchTellsHowItStands() throws {
    let json = """
      {"id":"batch_1","object":"batch","status":"in_progress","input_file_id":"f","output_file_id":"","errors":null,
      "request_counts":{"total":9,"completed":4,"failed":1},"created_at":17,"metadata":{"earshot_batch":"t"}}
      """

    let status = try #require(JSONValue(parsing: Array(json.utf8)).flatMap { BatchStatus($0) })

    #expect(status.state == .inProgress && !status.state.isLast && !status.isTooMuch)
    #expect(status.outputFile == nil && status.errorFile == nil && status.inputFile == "f")
    #expect([status.total, status.completed, status.failed] == [9, 4, 1])
    #expect(status.tag == "t" && status.created == 17)
  }

  @Test func aStateOfTomorrowCountsAsUnderWay() throws {
    let status = try #require(BatchStatus(["id": "b", "status": "pondering"]))

    #expect(!status.state.isLast)
    #expect(BatchStatus(["id": "b", "status": "COMPLETED"])?.state == .completed)
    #expect(BatchStatus(["id": "b", "status": "canceled"])?.state == .cancelled)
  }

  @Test func aFileGoesOutAsAFormWhateverPiecesItIsReadIn() {
    let lines = Array("{\"a\":1}\n{\"b\":2}\n".utf8)
    let source = BodySource(size: lines.count) { buffer, offset in
      buffer.copyBytes(from: lines[offset...].prefix(buffer.count))
      return min(buffer.count, lines.count - offset)
    }
    let file = BatchFile(source, boundary: "mark")
    let wanted = """
      --mark\r
      Content-Disposition: form-data; name="purpose"\r
      \r
      batch\r
      --mark\r
      Content-Disposition: form-data; name="file"; filename="requests.jsonl"\r
      Content-Type: application/jsonl\r
      \r
      {"a":1}
      {"b":2}
      \r
      --mark--\r

      """

    for size in [1, 3, 7, 64, 4096] {
      var bytes: [UInt8] = []
      while bytes.count < file.source.size {
        var piece = [UInt8](repeating: 0, count: min(size, file.source.size - bytes.count))
        let count = piece.withUnsafeMutableBytes { file.source.read($0, at: bytes.count) }
        bytes += piece.prefix(count)
      }
      #expect(String(decoding: bytes, as: UTF8.self) == wanted)
    }
    #expect(file.contentType == "multipart/form-data; boundary=mark")
  }

  @Test func questionsComeLessAndLessOftenWhileNothingChangesAndNoSoonerThanIsWelcome() {
    var pace = PollPace(longest: 10)

    let waits = (0..<7).map { _ in pace.wait(changed: false, advice: nil) }

    #expect(waits == [2, 3, 4.5, 6.75, 10, 10, 10])
    #expect(pace.wait(changed: true, advice: nil) == 2)
    #expect(pace.wait(changed: false, advice: 40) == 40)
    #expect(pace.wait(changed: false, advice: nil) == 4.5)
  }
}
