import ArgumentParser
import Audio
import Chat
import Evaluation
import Foundation
import Pipelines
import Store
import Tensors
import Transfer

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine: libraries, the speed of matrix products, threads, disk, and an endpoint.",
    discussion: """
      Example:
        earshot doctor --endpoint https://api.openai.com/v1
      """)

  @Option(
    help: ArgumentHelp("Ask this endpoint for its models; the key is read from the environment.", valueName: "url"))
  var endpoint: String?

  @Option(help: ArgumentHelp("The environment variable that holds the key.", valueName: "name"))
  var key = "OPENAI_API_KEY"

  @Flag(help: "Print JSON.")
  var json = false

  private struct Finding: Encodable {
    var what: String
    var found: String
    var isGood: Bool
  }

  func run() async throws {
    BLAS.prepare()
    var findings = Self.libraries() + [Self.blas(), Self.threads(), Self.disk()]
    if let endpoint { findings.append(await reach(endpoint)) }
    if json {
      printResult(jsonLine(findings, pretty: true))
    } else {
      var table = TextGrid(["", "", ""])
      for finding in findings { table.add([finding.isGood ? "ok" : "!!", finding.what, finding.found]) }
      printResult(table.text.drop { $0 == "\n" }.description)
    }
    if findings.contains(where: { !$0.isGood }) { throw ExitCode(Failure.Status.endpoint) }
  }

  private static func libraries() -> [Finding] {
    [
      Finding(what: "earshot", found: Version.current, isGood: true),
      Finding(what: "libcurl", found: HTTPClient.libraryVersion, isGood: true),
      Finding(what: "SQLite", found: RunStore.libraryVersion, isGood: true),
      Finding(what: "libsndfile", found: AudioReader.libraryVersion, isGood: true),
      Finding(what: "soxr", found: Resampler.libraryVersion, isGood: true),
    ]
  }

  /// Kernels for CPUs of twenty years ago mean that OpenBLAS did not know this one and could not be helped.
  private static func blas() -> Finding {
    let speed = String(format: "%.0f GFLOPS", BLAS.measureGFLOPS(size: 1024))
    let isSlow = ["Prescott", "Core2", "Katmai", "Coppermine", "Northwood"].contains(BLAS.coreName)
    let cure = isSlow ? "; slow kernels: set OPENBLAS_CORETYPE to this CPU's core, such as HASWELL" : ""
    return Finding(
      what: "OpenBLAS",
      found: "\(BLAS.version.split(separator: " ").dropFirst().first ?? ""), core \(BLAS.coreName), "
        + "\(BLAS.threads) threads, \(speed) at 1024x1024\(cure)", isGood: !isSlow)
  }

  private static func threads() -> Finding {
    Finding(what: "processor", found: "\(ProcessInfo.processInfo.activeProcessorCount) cores", isGood: true)
  }

  private static func disk() -> Finding {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: FileManager.default.currentDirectoryPath)
    let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    return Finding(what: "disk", found: "\(Quantity.bytes(free)) free here", isGood: free > 1_000_000_000)
  }

  private func reach(_ url: String) async -> Finding {
    do {
      let secret = ProcessInfo.processInfo.environment[key]
      let client = ChatClient(
        endpoint: try Endpoint(
          baseURL: url, apiKey: secret, keyVariable: looksLikeSecret(key) ? nil : key, maximumAttempts: 1))
      let models = try await client.models()
      return Finding(what: "endpoint", found: "\(url): \(Quantity.count(models.count, "models"))", isGood: true)
    } catch {
      return Finding(what: "endpoint", found: "\(error)", isGood: false)
    }
  }
}
