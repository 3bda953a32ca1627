import Foundation
import Synchronization
import Testing

/// The built program, run as a user runs it.
struct Program {
  struct Output {
    var status: Int32
    var out: String
    var err: String
  }

  /// Runs a line of the shell, in which `$EARSHOT` is the program.
  static func shell(_ line: String, in folder: String) async throws -> Output {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(line)) > out.txt 2> err.txt"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(["EARSHOT": path]) { $1 }
    let status: Int32 = try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return Output(
      status: status, out: try String(contentsOfFile: folder + "/out.txt", encoding: .utf8),
      err: try String(contentsOfFile: folder + "/err.txt", encoding: .utf8))
  }

  /// Beside the test bundle, where the build puts it.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
    return bundle + "/earshot"
  }()

  /// Runs to the end. The environment holds no key unless `environment` gives one.
  static func run(_ arguments: [String], in folder: String, environment: [String: String] = [:]) async throws -> Output
  {
    let running = try RunningProgram(arguments, in: folder, environment: environment)
    let status = await running.ended()
    return Output(status: status, out: running.out.text, err: running.err.text)
  }
}

/// A program that is running; what it prints is gathered on threads of their own.
final class RunningProgram: Sendable {
  let out = Printed()
  let err = Printed()
  let processID: Int32
  private let end = Ending()

  init(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var variables = ProcessInfo.processInfo.environment
    variables["OPENAI_API_KEY"] = nil
    // What is found out about endpoints stays with the test.
    variables["XDG_CACHE_HOME"] = folder + "/cache"
    process.environment = variables.merging(environment) { _, new in new }
    process.standardInput = FileHandle.nullDevice
    let outPipe = Pipe()
    let errPipe = Pipe()
    process.standardOutput = outPipe
    process.standardError = errPipe
    let end = end
    process.terminationHandler = { ended in
      end.set(ended.terminationReason == .uncaughtSignal ? -ended.terminationStatus : ended.terminationStatus)
    }
    try process.run()
    processID = process.processIdentifier
    out.gather(outPipe.fileHandleForReading)
    err.gather(errPipe.fileHandleForReading)
  }

  func kill(_ signal: Int32 = SIGKILL) {
    Foundation.kill(processID, signal)
  }

  /// The exit status, or minus the signal that ended it; after all its output was read.
  func ended() async -> Int32 {
    let status = await end.value()
    await out.closed()
    await err.closed()
    return status
  }
}

/// What a program printed so far.
final class Printed: Sendable {
  private struct State {
    var text = ""
    var isClosed = false
    var waiters: [(isDone: @Sendable (String) -> Bool, continuation: CheckedContinuation<Bool, Never>)] = []
  }
  private let state = Mutex(State())

  var text: String { state.withLock { $0.text } }

  /// Waits until the text satisfies `isDone`; false where the program closed its output before.
  func waits(until isDone: @escaping @Sendable (String) -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
      state.withLock { state in
        if isDone(state.text) {
          continuation.resume(returning: true)
        } else if state.isClosed {
          continuation.resume(returning: false)
        } else {
          state.waiters.append((isDone, continuation))
        }
      }
    }
  }

  func closed() async {
    _ = await waits { _ in false }
  }

  fileprivate func gather(_ handle: FileHandle) {
    Thread {
      while true {
        let data = handle.availableData
        self.add(data)
        if data.isEmpty { return }
      }
    }.start()
  }

  private func add(_ data: Data) {
    state.withLock { state in
      state.text += String(decoding: data, as: UTF8.self)
      state.isClosed = data.isEmpty
      let text = state.text
      for waiter in state.waiters {
        if waiter.isDone(text) {
          waiter.continuation.resume(returning: true)
        } else if state.isClosed {
          waiter.continuation.resume(returning: false)
        }
      }
      state.waiters.removeAll { $0.isDone(text) || state.isClosed }
    }
  }
}

/// A status that comes once.
private final class Ending: Sendable {
  private let state = Mutex<(status: Int32?, waiters: [CheckedContinuation<Int32, Never>])>((nil, []))

  func set(_ status: Int32) {
    state.withLock {
      $0.status = status
      for waiter in $0.waiters { waiter.resume(returning: status) }
      $0.waiters = []
    }
  }

  func value() async -> Int32 {
    await withCheckedContinuation { continuation in
      state.withLock {
        if let status = $0.status { continuation.resume(returning: status) } else { $0.waiters.append(continuation) }
      }
    }
  }
}

/// A folder of a test's own, removed at its end.
final class Workplace {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "earshot-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The project's own files.
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static let quickstart = project + "/pipelines/quickstart.yaml"

  /// All files below a folder, with their bytes.
  func files(_ folder: String) throws -> [String: Data] {
    let root = path + "/" + folder
    var found: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root + "/" + name, isDirectory: &isFolder)
      if !isFolder.boolValue { found[name] = try Data(contentsOf: URL(fileURLWithPath: root + "/" + name)) }
    }
    return found
  }
}
