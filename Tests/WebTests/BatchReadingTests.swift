import Foundation
import Testing

@testable import Web

struct BatchReadingTests {
  @Test func membersAreFoundByteForByte() throws {
    let text = Data(##" { "a" : {"x":[1,"}\"]"]} , "b\u0062":null,"c":"d,\\" , "n": -1.5e3 } "##.utf8)

    let found = JSONMembers.ranges(in: text).mapValues { String(decoding: text[$0], as: UTF8.self) }

    #expect(found == ["a": ##"{"x":[1,"}\"]"]}"##, "bb": "null", "c": ##""d,\\""##, "n": "-1.5e3"])
    #expect(JSONMembers.ranges(in: Data("{}".utf8)).isEmpty)
  }

  @Test func brokenTextIsGoneThroughAllTheSame() {
    let text = Data(#"{"custom_id":"a\\","body":{"x":["y",{"z":"\u0041"}]},"url":"b"}"#.utf8)
    for length in 0..<text.count { _ = JSONMembers.ranges(in: text.prefix(length)) }
    for place in text.indices {
      for byte in Array(#"{}[]":,\ "#.utf8) {
        var damaged = text
        damaged[place] = byte
        for range in JSONMembers.ranges(in: damaged).values { #expect(range.upperBound <= damaged.count) }
      }
    }
  }

  @Test func aFormIsReadAndABrokenOneIsNone() throws {
    let body = Data(
      "--b\r\nContent-Disposition: form-data; name=purpose\r\n\r\nbatch\r\n--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\nx\r\n--c\r\n\r\n--b--"
        .utf8)

    let form = try #require(MultipartForm(body, contentType: "Multipart/Form-Data; boundary=\"b\""))

    #expect(form.fields["purpose"]?.content == Data("batch".utf8))
    #expect(form.fields["file"]?.content == Data("x\r\n--c\r\n".utf8))
    #expect(form.fields["file"]?.fileName == "a.jsonl")
    for length in 0..<body.count {
      #expect(MultipartForm(body.prefix(length), contentType: "multipart/form-data; boundary=b") == nil)
    }
    for type in ["", "multipart/form-data", "multipart/form-data; boundary=", "text/plain; boundary=b"] {
      #expect(MultipartForm(body, contentType: type) == nil)
    }
  }

  @Test func aRequestInABatchKeepsItsBytes() throws {
    let body = #"{"model" : "m",  "messages":[ ]}"#
    let line = #"{"custom_id":"1","method":"POST","url":"/u","body": \#(body) }"#

    let input = BatchInput(Data((line + "\n").utf8), endpoint: "/u", mostRequests: 1)

    #expect(input.problems.isEmpty && input.items.map(\.body) == [Data(body.utf8)])
  }
}
