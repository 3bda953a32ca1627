import Foundation
import Tensors
import Testing

@testable import Models

@Suite struct AdapterFileTests {
  private let folder = TrainerFolder()

  @Test(arguments: ["qwen2-audio", "qwen2-tied", "qwen2.5-omni", "qwen2.5-omni-whole"], AdapterLayout.allCases)
  func whatIsWrittenIsRead(_ model: String, _ layout: AdapterLayout) throws {
    let base = try PeftFixture.model(model)
    let norm = "decoder.norm.weight"
    let written = try adapter(of: base, ends: ["q_proj", "v_proj", "fc1"], rslora: true, trained: [norm])

    try written.write(to: folder("adapter"), base: base, name: "a/b", layout: layout)
    let read = try ModelAdapter(folder: folder("adapter"), base: base.configuration)

    #expect(read.settings == written.settings)
    #expect(read.baseName == "a/b")
    #expect(read.layers.map(\.name) == written.layers.map(\.name))
    for (a, b) in zip(read.layers, written.layers) { #expect(a.a == b.a && a.b == b.b && a.alpha == nil) }
    #expect(read.trained == [norm: written.trained[norm]])
  }

  @Test func namesAreThoseOfTransformers5OrOfTransformers4() throws {
    func names(_ model: String, _ layout: AdapterLayout) throws -> [String] {
      let base = try PeftFixture.model(model)
      let adapter = try adapter(
        of: base, ends: ["layers.0.self_attn.k_proj"],
        trained: base.configuration.encoder == nil ? [] : ["audio_tower.conv1.bias"])
      let place = folder("\(model)-\(layout)")
      try adapter.write(to: place, base: base, name: "", layout: layout)
      return try TensorFile(path: "\(place)/adapter_model.safetensors").names.map {
        try #require($0.hasPrefix("base_model.model."))
        return String($0.dropFirst("base_model.model.".count))
      }
    }
    let factors = ["lora_A.weight", "lora_B.weight"]
    let conv = ["bias", "weight"]
    let k = "layers.0.self_attn.k_proj."
    #expect(
      try names("qwen2-audio", .version5) == conv.map { "model.audio_tower.conv1.\($0)" }
        + factors.map { "model.audio_tower.\(k)\($0)" } + factors.map { "model.language_model.\(k)\($0)" })
    #expect(
      try names("qwen2-audio", .version4) == conv.map { "audio_tower.conv1.\($0)" }
        + factors.map { "audio_tower.\(k)\($0)" } + factors.map { "language_model.model.\(k)\($0)" })
    #expect(
      try names("qwen2.5-omni-whole", .version4) == conv.map { "thinker.audio_tower.conv1.\($0)" }
        + factors.map { "thinker.audio_tower.\(k)\($0)" } + factors.map { "thinker.model.\(k)\($0)" })
    #expect(try names("qwen2-tied", .version5) == factors.map { "model.\(k)\($0)" })
    #expect(try names("qwen2-tied", .version4) == factors.map { "model.\(k)\($0)" })
  }

  @Test func theSettingsAreThoseThatPeftKeeps() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let adapter = try adapter(
      of: base, ends: ["self_attn.q_proj", "mlp.up_proj"], in: "decoder",
      trained: ["multi_modal_projector.linear.weight"])

    try adapter.write(to: folder("adapter"), base: base, name: "Qwen/Qwen2-Audio-7B-Instruct")

    #expect(
      try folder.text(of: "adapter/adapter_config.json") == #"""
        {
          "alpha_pattern": {},
          "base_model_name_or_path": "Qwen/Qwen2-Audio-7B-Instruct",
          "bias": "none",
          "fan_in_fan_out": false,
          "inference_mode": true,
          "lora_alpha": 6,
          "lora_dropout": 0.05,
          "modules_to_save": [
            "multi_modal_projector.linear"
          ],
          "peft_type": "LORA",
          "r": 2,
          "rank_pattern": {},
          "target_modules": "(model\\.)?language_model\\.(model\\.)?layers\\.\\d+\\.(mlp\\.up_proj|self_attn\\.q_proj)",
          "task_type": "CAUSAL_LM",
          "use_dora": false,
          "use_rslora": false
        }

        """#)
  }

  @Test func layersThatDifferAreListedOneByOne() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let adapter = try adapter(of: base, ends: ["layers.1.self_attn.q_proj", "lm_head"], in: "decoder")

    try adapter.write(to: folder("adapter"), base: base, name: "")

    let settings = try #require(
      try JSONSerialization.jsonObject(with: Data(folder.bytes(of: "adapter/adapter_config.json"))) as? [String: Any])
    #expect(settings["target_modules"] as? [String] == ["model.language_model.layers.1.self_attn.q_proj", "lm_head"])
    #expect(try ModelAdapter(folder: folder("adapter"), base: base.configuration).layers.count == 2)
  }

  @Test func aModuleOfWhichOneTensorWasTrainedIsWrittenWhole() throws {
    let base = try PeftFixture.model("qwen2-audio")
    let (weight, bias) = ("multi_modal_projector.linear.weight", "multi_modal_projector.linear.bias")
    let adapter = try adapter(of: base, ends: ["q_proj"], trained: [weight])

    try adapter.write(to: folder("adapter"), base: base, name: "")
    let read = try ModelAdapter(folder: folder("adapter"), base: base.configuration)

    #expect(read.trained[weight] == adapter.trained[weight])
    #expect(try read.trained[bias] == base.tensor(bias))
  }

  @Test func layersOfOtherRanksAndAlphasKeepThem() throws {
    let base = try PeftFixture.model("qwen2-untied")
    let some = try adapter(of: base, ends: ["q_proj"]).layers
    let other = try adapter(of: base, ends: ["k_proj"], rank: 3).layers.map {
      ModelAdapter.Layer(name: $0.name, a: $0.a, b: $0.b, alpha: 1.5)
    }
    let adapter = ModelAdapter(settings: .init(rank: 2, alpha: 6), layers: some + other)

    try adapter.write(to: folder("adapter"), base: base, name: "")
    let read = try ModelAdapter(folder: folder("adapter"), base: base.configuration)

    #expect(read.layers.map { read.scale(of: $0) } == [0.5, 3, 0.5, 3])
    #expect(read.layers.map(\.rank) == [3, 2, 3, 2])
  }

  @Test func aLayerIsNotTrainedTwice() throws {
    let base = try PeftFixture.model("qwen2-untied")
    let layer = "decoder.layers.0.self_attn.q_proj"
    let adapter = try adapter(of: base, ends: ["q_proj"], trained: ["\(layer).bias"])

    #expect(throws: CheckpointError.adapter(file: folder("adapter"), .trainedTwice(layer: layer))) {
      try adapter.write(to: folder("adapter"), base: base, name: "")
    }
  }

  @Test func numbersThatAreNoneAreNotWritten() throws {
    let base = try PeftFixture.model("qwen2-untied")
    let layer = try #require(try adapter(of: base, ends: ["layers.0.self_attn.q_proj"]).layers.first)
    let broken = Tensor([Float](repeating: .nan, count: layer.a.count), shape: layer.a.shape)
    let adapter = ModelAdapter(
      settings: .init(rank: 2, alpha: 6), layers: [.init(name: layer.name, a: broken, b: layer.b)])

    let message = folder.message { try adapter.write(to: folder("adapter"), base: base, name: "") }

    #expect(message.contains("would have a NaN or infinity at element 0, so it is not written."))
    #expect(folder.names == ["adapter"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("adapter")).isEmpty)
  }

  /// For check_adapters.py: adapters of random numbers, and the models that they make when they are merged.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["EARSHOT_PEFT_OUTPUT"] != nil))
  func adaptersAndMergedModelsForPeft() throws {
    let output = try #require(ProcessInfo.processInfo.environment["EARSHOT_PEFT_OUTPUT"])
    try FileManager.default.createDirectory(atPath: output, withIntermediateDirectories: true)
    for model in ["qwen2-audio", "qwen2-audio-grouped", "qwen2.5-omni", "qwen2-tied", "qwen2-untied"] {
      let base = try PeftFixture.model(model)
      let projector = ["multi_modal_projector.linear.weight", "audio_tower.proj.bias"].filter(base.contains)
      let regular = try adapter(
        of: base, ends: ["q_proj", "v_proj", "fc2", "down_proj"], alpha: 1, rslora: true, trained: projector)
      let irregular = try adapter(
        of: base, ends: ["layers.1.self_attn.k_proj", "layers.0.mlp.up_proj", "layers.0.fc1"], alpha: 1)
      let decoder = try adapter(of: base, ends: ["_proj"], in: "decoder", alpha: 1)
      for (name, adapter, layout) in [
        ("regular", regular, AdapterLayout.version5), ("irregular", irregular, .version5),
        ("decoder-v4", decoder, .version4),
      ] {
        let place = "\(output)/\(model)/\(name)"
        try FileManager.default.createDirectory(atPath: "\(output)/\(model)", withIntermediateDirectories: true)
        try adapter.write(to: place, base: base, name: base.folder, layout: layout)
        try AdapterMerge(adapter, into: base).write(to: "\(place)-merged", as: .float32)
      }
    }
  }
}
