extension CheckpointError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .folder(let path, let problem): "\(plain(path)): \(problem.text)"
    case .file(let path, let problem): "\(plain(path)): \(problem.text)"
    case .json(let file, let problem): "\(plain(file)): \(problem.text) Fetch the file again."
    case .setting(let file, let key, let problem): "\(plain(file)): \(plain(key)) \(problem.text)"
    case .header(let file, let problem): "\(plain(file)): \(problem.text) Fetch the file again."
    case .index(let file, let problem): "\(plain(file)): \(problem.text)"
    case .audioToken(let token, let file, let other, let tokenizer):
      "\(plain(file)): the audio token is \(token), but \(plain(tokenizer)) "
        + (other.map { "gives '\(ChatTemplate.audioToken)' the id \($0)" } ?? "has no '\(ChatTemplate.audioToken)'")
        + ". Fetch both files from one model."
    case .tensor(let name, let file, let problem): "\(plain(file)): tensor '\(plain(name))' \(problem.text)"
    case .adapter(let file, let problem): "\(plain(file)): \(problem.text)"
    }
  }
}

extension CheckpointError.FolderProblem {
  var text: String {
    switch self {
    case .missing: "there is no such folder. Fetch a model with 'earshot models pull' or check the path."
    case .notAFolder: "a file, not a model's folder. Give the folder that holds config.json and the weights."
    case .empty: "the folder is empty. Fetch a model into it with 'earshot models pull'."
    case .noConfiguration: "there is no config.json in the folder. Fetch the whole model again."
    case .otherWeights(let name) where name.hasSuffix(".gguf"):
      "'\(plain(name))' is a GGUF file, which is not read. Use the model's safetensors from the Hugging Face hub."
    case .otherWeights(let name):
      "the weights are in '\(plain(name))', which can run code when it is read. "
        + "Use a version of the model with safetensors, or convert it with transformers' save_pretrained."
    case .noWeights: "there is no model.safetensors or model.safetensors.index.json. Fetch the whole model again."
    case .notEmpty: "the folder is not empty. Name a new one."
    case .alreadyQuantized: "the weights are quantized already. Use the original model."
    }
  }
}

extension CheckpointError.FileProblem {
  var text: String {
    switch self {
    case .missing: "there is no such file. Fetch the whole model again."
    case .unreadable(let reason): "not readable: \(plain(reason))."
    case .notAFile: "not an ordinary file."
    case .tooLarge(let limit): "larger than the \(limit) bytes that such a file may have."
    case .notWritten(let reason): "not written: \(plain(reason))."
    case .diskFull: "the disk is full. Make room and start again."
    }
  }
}

extension CheckpointError.JSONProblem {
  var text: String {
    switch self {
    case .ended: "the JSON ends too early."
    case .unexpected(let offset): "no JSON at byte \(offset)."
    case .tooDeep(let offset): "more than \(CheckpointScanner.deepest) levels of JSON at byte \(offset)."
    case .notUTF8(let offset): "text at byte \(offset) is not UTF-8."
    case .duplicateKey(let name): "'\(plain(name))' stands there twice."
    case .notAnObject: "no JSON object."
    }
  }
}

extension CheckpointError.SettingProblem {
  var text: String {
    switch self {
    case .missing: "is missing."
    case .wrongKind(let needed): "has to be \(needed)."
    case .outOfRange(let value, let range): "is \(plain(value)), but has to be \(range)."
    case .unsupported(let value, let supported):
      "is '\(plain(value))', which is not supported. Supported: \(supported)."
    case .notDivisible(let value, let other, let divisor):
      "is \(value), which \(plain(other)) \(divisor) does not divide."
    }
  }
}

extension CheckpointError.HeaderProblem {
  var text: String {
    switch self {
    case .tooShort(let bytes): "\(bytes) bytes are no safetensors file."
    case .longerThanFile(let length, let bytes):
      "the header claims \(length) bytes, the file has \(bytes): it is cut off or no safetensors file."
    case .tooLarge(let length): "a header of \(length) bytes; \(SafetensorsHeader.longest) are allowed."
    case .notJSON(let problem): "the header: \(problem.text)"
    case .incomplete(let tensor): "tensor '\(plain(tensor))' lacks its dtype, shape or data_offsets."
    case .gap(let from, let to): "bytes \(from) to \(to) of the data belong to no tensor."
    case .trailing(let bytes): "\(bytes) bytes after the last tensor."
    case .overlap(let tensor, let other): "tensors '\(plain(tensor))' and '\(plain(other))' overlap."
    }
  }
}

extension CheckpointError.IndexProblem {
  var text: String {
    switch self {
    case .noWeightMap: "there is no weight_map of tensor names to file names. Fetch the file again."
    case .badFileName(let tensor, let file):
      "tensor '\(plain(tensor))' is said to be in '\(plain(file))', which is no file name of this folder."
    case .missingTensor(let name, let file): "tensor '\(plain(name))' is not in '\(plain(file))'. Fetch both again."
    case .unlistedTensor(let name, let file):
      "tensor '\(plain(name))' of '\(plain(file))' is not listed. Fetch both again."
    case .tooManyFiles(let count): "\(count) files; \(ShardIndex.mostFiles) are allowed."
    }
  }
}

extension CheckpointError.TensorProblem {
  var text: String {
    switch self {
    case .unknownType(let type): "has the unknown type '\(plain(type))'. Fetch the file again."
    case .unsupportedType(let type):
      "has the type \(plain(type)), which is not supported. Supported: F32, BF16, F16, and Earshot's int8 and int4."
    case .badShape: "has a shape that no tensor has. Fetch the file again."
    case .badOffsets(let begin, let end): "ends at byte \(end), before its start at \(begin). Fetch the file again."
    case .outside(let end, let bytes): "ends at byte \(end) of \(bytes) bytes of data. Fetch the file again."
    case .wrongSize(let bytes, let needed):
      "has \(bytes) bytes, its shape and type need \(needed). Fetch the file again."
    case .wrongShape(let shape, let needed):
      "has the shape \(list(shape)), config.json asks for \(list(needed)). Fetch the whole model again."
    case .missing(let others): "is missing\(more(others)). Fetch the whole model again."
    case .unexpected(let others):
      "belongs to no model of this configuration\(more(others)). Is config.json that of the weights?"
    case .twice(let other): "means the same as '\(plain(other))'. Remove one."
    case .withoutScales: "is quantised, but its scales are missing. Quantise the model again."
    case .needlessScales: "are scales of a matrix that is not quantised. Quantise the model again."
    case .unknownLayout(let layout):
      "is packed in the layout '\(plain(layout))', which this version does not know. Quantise the model again."
    case .notFinite(let index): "has a NaN or infinity at element \(index). Fetch the file again."
    case .notAMatrix: "is not a matrix, but has to be one. Fetch the file again."
    case .wouldNotBeFinite(let index):
      "would have a NaN or infinity at element \(index), so it is not written. Go back to weights that have none."
    case .tooLargeToQuantize: "has values too large for a quantised matrix. Use the model as it is."
    }
  }
}

/// A shape as the errors show it.
func list(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ", ") + "]" }

/// What is said of further things of the same kind.
func more(_ count: Int) -> String { count == 0 ? "" : " (and \(count) more)" }

/// Text of others, fit for one line: without control characters and of bounded length.
package func plain(_ text: String) -> String {
  var line = ""
  for (index, scalar) in text.unicodeScalars.enumerated() {
    if index == 1_000 { return line + "…" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: line += "\\u{\(String(scalar.value, radix: 16))}"
    default: line.unicodeScalars.append(scalar)
    }
  }
  return line
}
