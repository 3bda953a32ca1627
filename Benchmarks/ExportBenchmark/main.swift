// Writes made-up questions in one of the export formats, without sounds, and tells the time and the most memory it took.
//
//   swift run -c release export-benchmark parquet 1000000 /tmp/rows
//
// Benchmarks/export_datasets.py does the same with Hugging Face's `datasets`.
import Dataset
import Foundation

/// A question like those of a run, with two captions; every one of a clip of three.
func question(_ number: Int) -> ExportedQuestion {
  let sounds = ["a dog barking", "rain on a roof", "a door closing", "an engine starting", "church bells", "laughter"]
  let at = { (step: Int) in sounds[(number / step + step) % sounds.count] }
  let clip = String(number / 3, radix: 16)
  let caption = { (name: String) in
    ExportedQuestion.Caption(
      captioner: name, text: "First \(at(1)) can be heard, then \(at(5)); it lasts \(number % 97) tenths of a second.",
      model: "Qwen2-Audio-7B-Instruct", revision: "5a1f", prompt: "caption-plain", promptHash: "beef",
      sampling: #"{"max_tokens":256,"seed":0}"#, meanLogProbability: -0.25 - Double(number % 50) / 100)
  }
  return ExportedQuestion(
    id: "q" + String(number, radix: 16), clip: clip, split: "train", audioPath: "audio/\(clip).wav",
    question: "Which sound number \(number) is heard after \(at(7))?",
    choices: (0..<4).map { "\(sounds[($0 + number) % sounds.count]) \($0)" }, answerIndex: number % 4,
    skill: "order", difficulty: "easy", labels: [at(1), at(5)], evidence: "then \(at(5))",
    captions: [caption("plain"), caption("detailed")],
    provenance: ExportedQuestion.Provenance(
      model: "gpt-4o-mini", prompt: "avqa-gpt", promptHash: "c0ffee", captioners: ["plain", "detailed"],
      checksVersion: 1, sources: ["folder/\(clip).wav"]))
}

func write(_ format: ExportFormat, rows: Int, to folder: String) throws {
  for file in format.format.files(of: "train") {
    var part = 0
    var encoder = file.makeEncoder()
    var output = try open(folder + "/" + file.path(part))
    var buffer = encoder.begin()
    for number in 0..<rows {
      let asked = "Which? \(number)"
      buffer += try encoder.add(
        SetRow(question: question(number), number: number, clipNumber: number / 3, asked: asked, sound: nil))
      if buffer.count >= 1 << 16 {
        try output.write(contentsOf: buffer)
        buffer.removeAll(keepingCapacity: true)
      }
      if encoder.isFull && number + 1 < rows {
        try output.write(contentsOf: buffer + encoder.end())
        part += 1
        encoder = file.makeEncoder()
        output = try open(folder + "/" + file.path(part))
        buffer = encoder.begin()
      }
    }
    try output.write(contentsOf: buffer + encoder.end())
  }
}

func open(_ path: String) throws -> FileHandle {
  let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
  try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
  try Data().write(to: URL(fileURLWithPath: path))
  return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
}

/// The most memory the process has had, in MB (VmHWM of /proc/self/status).
func peakMegabytes() -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}

let arguments = CommandLine.arguments
guard arguments.count == 4, let format = ExportFormat(rawValue: arguments[1]), let rows = Int(arguments[2]) else {
  print("usage: export-benchmark FORMAT ROWS FOLDER")
  exit(64)
}
let start = ContinuousClock.now
try write(format, rows: rows, to: arguments[3])
let seconds = (ContinuousClock.now - start) / .seconds(1)
print("\(format.rawValue): \(rows) rows, \(Int(seconds * 10)) tenths of a second, at most \(peakMegabytes()) MB")
