import Foundation
import Tensors
import Testing

@testable import Models

/// Adapters that are damaged, of another kind, or of another model.
@Suite struct AdapterRefusalTests {
  private let folder = TrainerFolder()

  /// What reading `folder("adapter")` for `model` ends in.
  private func problem(_ model: String = "qwen2-audio") throws -> String {
    let base = try PeftFixture.model(model)
    return folder.message { _ = try ModelAdapter(folder: folder("adapter"), base: base.configuration) }
  }

  private func copy(_ name: String) throws {
    try FileManager.default.copyItem(atPath: PeftFixture.adapterFolder(name), toPath: folder("adapter"))
  }

  /// Writes the tensors of the adapter again, under the names that `rename` gives them; nil leaves one out.
  private func rewrite(_ rename: (String) -> String?) throws {
    let path = folder("adapter/adapter_model.safetensors")
    let file = try TensorFile(path: path)
    let tensors = try file.names.compactMap { name in try rename(name).map { ($0, try file.tensor(name)) } }
    let plans = tensors.map { SafetensorsWriter.Plan(name: $0.0, type: .float32, shape: $0.1.shape) }
    var writer = try SafetensorsWriter(path: path, tensors: plans)
    for (name, tensor) in tensors { try writer.write(name, tensor) }
    try writer.finish()
  }

  private func set(_ key: String, to value: Any) throws {
    let path = "adapter/adapter_config.json"
    var settings = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.bytes(of: path))) as? [String: Any])
    settings[key] = value
    try folder.write(Array(JSONSerialization.data(withJSONObject: settings)), to: path)
  }

  @Test func namesOfAllVersionsMeanTheSame() throws {
    try copy("qwen2-audio")
    let base = try PeftFixture.model("qwen2-audio")
    let expected = try ModelAdapter(folder: folder("adapter"), base: base.configuration)

    try rewrite {
      $0.replacingOccurrences(of: "_model.model.model.language_model.", with: "_model.model.language_model.model.")
        .replacingOccurrences(of: "_model.model.model.", with: "_model.model.")
        .replacingOccurrences(of: "lora_A.weight", with: "lora_A.default.weight")
        .replacingOccurrences(of: "linear.bias", with: "linear.modules_to_save.default.bias")
    }
    let names = try TensorFile(path: folder("adapter/adapter_model.safetensors")).names
    let read = try ModelAdapter(folder: folder("adapter"), base: base.configuration)

    #expect(names.contains("base_model.model.language_model.model.layers.0.self_attn.q_proj.lora_A.default.weight"))
    #expect(read.layers.map(\.name) == expected.layers.map(\.name))
    #expect(zip(read.layers, expected.layers).allSatisfy { $0.a == $1.a && $0.b == $1.b })
    #expect(read.trained == expected.trained)
  }

  @Test func theAdapterOfAnotherModelIsRefused() throws {
    try copy("qwen2-audio")
    #expect(
      try problem("qwen2-untied") == """
        DIR/adapter/adapter_model.safetensors: tensor \
        'base_model.model.model.audio_tower.layers.0.fc1.lora_A.weight' belongs to no layer of the model \
        (and 25 more). Is it the adapter of another model?
        """)
    // The same names, other widths.
    #expect(
      try problem("qwen2-audio-grouped") == """
        DIR/adapter/adapter_model.safetensors: tensor \
        'base_model.model.model.language_model.layers.0.self_attn.v_proj.lora_B.weight' has the shape [64, 2], the \
        model and its settings need [32, 2]. Is it the adapter of another model?
        """)
  }

  @Test func aFactorWithoutItsPartnerIsRefused() throws {
    try copy("qwen2-audio")
    let name = "base_model.model.model.audio_tower.layers.1.fc1.lora_B.weight"
    try rewrite { $0 == name ? nil : $0 }
    #expect(
      try problem()
        == "DIR/adapter/adapter_model.safetensors: tensor '\(name)' is missing. Save the adapter again.")
  }

  @Test func aLayerThatTheSettingsNameAndTheFileLacksIsMissed() throws {
    try copy("qwen2-untied")
    try rewrite { $0.contains("layers.1.self_attn.q_proj.lora") ? nil : $0 }
    #expect(
      try problem("qwen2-untied") == """
        DIR/adapter/adapter_model.safetensors: tensor 'decoder.layers.1.self_attn.q_proj.lora_A.weight' is missing. \
        Save the adapter again.
        """)
  }

  @Test func aLayerMissingBehindOurOwnPatternIsMissed() throws {
    let base = try PeftFixture.model("qwen2-audio")
    try adapter(of: base, ends: ["q_proj", "fc2"]).write(to: folder("adapter"), base: base, name: "")
    try rewrite { $0.contains("audio_tower.layers.1.fc2") ? nil : $0 }
    #expect(try problem().contains("tensor 'audio_tower.layers.1.fc2.lora_A.weight' is missing."))
  }

  @Test func aModuleToSaveThatTheFileLacksIsMissed() throws {
    try copy("qwen2-audio")
    try rewrite { $0.contains("multi_modal") ? nil : $0 }
    #expect(try problem().contains("tensor 'multi_modal_projector.linear.weight' is missing."))
  }

  @Test func twoNamesOfOneTensorAreRefused() throws {
    try copy("qwen2-untied")
    let path = folder("adapter/adapter_model.safetensors")
    let file = try TensorFile(path: path)
    let name = try #require(file.names.first { $0.hasSuffix("q_proj.lora_A.weight") })
    let double = name.replacingOccurrences(of: "lora_A", with: "lora_A.default")
    let tensors = try (file.names + [double]).map { ($0, try file.tensor($0 == double ? name : $0)) }
    var writer = try SafetensorsWriter(
      path: path, tensors: tensors.map { .init(name: $0.0, type: .float32, shape: $0.1.shape) })
    for (name, tensor) in tensors { try writer.write(name, tensor) }
    try writer.finish()
    #expect(try problem("qwen2-untied").contains("mean the same. Save the adapter again."))
  }

  @Test(
    arguments: [
      ("use_dora", true), ("peft_type", "IA3"), ("init_lora_weights", "pissa"), ("fan_in_fan_out", true),
      ("layer_replication", [[0, 4], [2, 5]]), ("trainable_token_indices", [1, 2]), ("lora_bias", true),
    ] as [(String, any Sendable)])
  func whatWouldBeComputedOtherwiseIsRefused(_ key: String, _ value: any Sendable) throws {
    try copy("qwen2-audio")
    try set(key, to: value)
    let message = try problem()
    #expect(message.hasPrefix("DIR/adapter/adapter_config.json: \(key) is "))
    #expect(message.hasSuffix("which is not supported. Merge the adapter with PEFT, and use the merged model."))
  }

  @Test(
    arguments: [
      ("r", 0), ("r", "two"), ("r", 1e300), ("lora_alpha", "x"), ("lora_dropout", 2), ("target_modules", [1]),
      ("modules_to_save", "linear"), ("rank_pattern", [1]), ("alpha_pattern", ["a": "b"]), ("use_rslora", "yes"),
      ("r", 3),
    ] as [(String, any Sendable)])
  func settingsThatAreNoneAreRefusedByName(_ key: String, _ value: any Sendable) throws {
    try copy("qwen2-audio")
    try set(key, to: value)
    #expect(try problem().hasPrefix("DIR/adapter/adapter_"))
  }

  @Test func aFolderWithoutAnAdapterIsRefused() throws {
    #expect(try problem().hasPrefix("DIR/adapter: there is no such folder."))
    try FileManager.default.createDirectory(atPath: folder("adapter"), withIntermediateDirectories: true)
    #expect(
      try problem()
        == "DIR/adapter: there is no adapter_config.json. Give the folder that Earshot or PEFT wrote an adapter to.")
    try folder.write("{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 4}", to: "adapter/adapter_config.json")
    #expect(try problem().hasPrefix("DIR/adapter/adapter_model.safetensors: there is no such file."))
    try folder.write("pickle", to: "adapter/adapter_model.bin")
    #expect(try problem().hasPrefix("DIR/adapter: the weights are in 'adapter_model.bin', which can run code"))
  }

  @Test func cutOrAlteredFilesNeverCrash() throws {
    try copy("qwen2-untied")
    let base = try PeftFixture.model("qwen2-untied")
    var refused = 0
    var random = ScatteredNumbers(seed: 3)
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
      let whole = try folder.bytes(of: "adapter/\(name)")
      for round in 0..<150 {
        var bytes = whole
        if round % 3 == 0 {
          bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
        } else {
          let end = name.hasSuffix("json") ? bytes.count : 4_096
          for _ in 0..<3 { bytes[Int.random(in: 0..<end, using: &random)] = .random(in: 0...255, using: &random) }
        }
        try folder.write(bytes, to: "adapter/\(name)")
        do { _ = try ModelAdapter(folder: folder("adapter"), base: base.configuration) } catch { refused += 1 }
      }
      try folder.write(whole, to: "adapter/\(name)")
    }
    #expect(refused > 100)
  }
}
