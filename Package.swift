// swift-tools-version: 6.2
import PackageDescription

/// What is handed to other trainers goes into the program as it is.
let handOff = [
  "rewards.py", "trl-train.py", "trl-train.sh", "trl-grpo.yaml", "trl-zero2.yaml", "swift-grpo.sh", "swift-sft.sh",
  "verl-grpo.sh", "r1-aqa-train.py", "r1-aqa-train.sh",
]

/// Unoptimised Swift loops are 100 times slower; the targets that chew samples, text or bytes are optimised in debug
/// too.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
  name: "earshot",
  products: [.executable(name: "earshot", targets: ["earshot"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
  ],
  targets: [
    // Command
    .executableTarget(
      name: "earshot",
      dependencies: [
        "Experiments", "Stages", "Pipelines", "Store", "Captioning", "Training", "Judging", "Evaluation", "Reports",
        "Models",
        "Web", "Chat", "Dataset", "Audio", "Tensors", "Transfer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Flow
    .target(
      name: "Experiments",
      dependencies: [
        "Stages", "Pipelines", "Store", "Training", "Judging", "Evaluation", "Reports", "Models", "Dataset", "Audio",
      ]),
    .target(
      name: "Stages",
      dependencies: [
        "Pipelines", "Store", "Captioning", "Training", "Judging", "Evaluation", "Reports", "Models", "Web", "Chat",
        "Dataset", "Audio", "Tensors", "Transfer",
      ], resources: handOff.map { .embedInCode("HandOff/Files/\($0)") }),
    .target(
      name: "Pipelines",
      dependencies: [
        "Store",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Yams", package: "Yams"),
      ]),

    // Work
    .target(name: "Captioning", dependencies: ["Models", "Tensors", "Audio"]),
    .target(
      name: "Training",
      dependencies: [
        "Models", "Dataset", "Audio", "Tensors", "CKernels", .product(name: "Crypto", package: "swift-crypto"),
      ], swiftSettings: fast),
    .target(
      name: "Judging",
      dependencies: [
        "Evaluation", "Models", "Chat", "Dataset", "Audio", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(name: "Evaluation", dependencies: ["Dataset", "Tensors"], swiftSettings: fast),
    .target(name: "Reports", swiftSettings: fast),
    .target(
      name: "Store",
      dependencies: [.product(name: "GRDB", package: "GRDB.swift")], swiftSettings: fast),
    .target(
      name: "Web",
      dependencies: [
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ], swiftSettings: fast),

    // Core
    .target(
      name: "Models",
      dependencies: ["Tensors", "CKernels", "Audio", "Transfer", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: fast),
    .target(
      name: "Chat",
      dependencies: ["Transfer", .product(name: "Crypto", package: "swift-crypto")]),
    .target(
      name: "Dataset", dependencies: ["CKernels", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: fast),

    // Ground
    .target(
      name: "Audio",
      dependencies: ["Tensors", "CKernels", "CSndFile", "CSoxr", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: fast),
    .target(name: "Tensors", dependencies: ["COpenBLAS", "CKernels"], swiftSettings: fast),
    .target(name: "Transfer", dependencies: ["CCurl"]),

    // C
    .target(
      name: "CKernels", cSettings: [.unsafeFlags(["-O3"], .when(configuration: .debug))]),
    .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CSndFile", pkgConfig: "sndfile", providers: [.apt(["libsndfile1-dev"])]),
    .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),

    // Benchmarks
    .executableTarget(name: "store-benchmark", dependencies: ["Store"], path: "Benchmarks/StoreBenchmark"),
    .executableTarget(
      name: "export-benchmark", dependencies: ["Pipelines", "Store"], path: "Benchmarks/ExportBenchmark"),
    .executableTarget(
      name: "log-mel-benchmark", dependencies: ["Audio", "Tensors"], path: "Benchmarks/LogMelBenchmark"),
    .executableTarget(
      name: "fingerprint-benchmark", dependencies: ["Audio"], path: "Benchmarks/FingerprintBenchmark",
      swiftSettings: fast),
    .executableTarget(
      name: "kernel-benchmark", dependencies: ["Tensors", "CKernels"], path: "Benchmarks/KernelBenchmark"),
    .executableTarget(
      name: "engine-benchmark",
      dependencies: [
        "Models", "Audio", "Tensors", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/EngineBenchmark"),
    .executableTarget(
      name: "training-benchmark",
      dependencies: [
        "Training", "Models", "Audio", "Tensors", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], path: "Benchmarks/TrainingBenchmark"),
    .executableTarget(
      name: "text-only-benchmark", dependencies: ["Evaluation", "Dataset"], path: "Benchmarks/TextOnlyBenchmark"),

    .executableTarget(
      name: "duplicates-benchmark", dependencies: ["Dataset"], path: "Benchmarks/DuplicatesBenchmark"),

    // Tests
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels"], swiftSettings: fast),
    .testTarget(name: "AudioTests", dependencies: ["Audio", "Tensors"], swiftSettings: fast),
    .testTarget(
      name: "TransferTests",
      dependencies: ["Transfer", .product(name: "FlyingFox", package: "FlyingFox")]),
    .testTarget(
      name: "ChatTests",
      dependencies: ["Chat", "Transfer", .product(name: "FlyingFox", package: "FlyingFox")]),
    .testTarget(
      name: "ModelsTests",
      dependencies: ["Models", "Tensors", "Audio", "Transfer", .product(name: "FlyingFox", package: "FlyingFox")],
      swiftSettings: fast),
    .testTarget(name: "DatasetTests", dependencies: ["Dataset"], swiftSettings: fast),
    .testTarget(name: "CaptioningTests", dependencies: ["Captioning", "Models", "Tensors", "Audio"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Models", "Dataset", "Audio", "Tensors"], swiftSettings: fast),
    .testTarget(
      name: "JudgingTests",
      dependencies: [
        "Judging", "Evaluation", "Models", "Chat", "Dataset", "Audio", "Tensors",
        .product(name: "FlyingFox", package: "FlyingFox"),
      ]),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Dataset"], swiftSettings: fast),
    .testTarget(name: "ReportsTests", dependencies: ["Reports"]),
    .testTarget(name: "WebTests", dependencies: ["Web", "Dataset"]),
    .testTarget(
      name: "StoreTests", dependencies: ["Store", "Dataset", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(name: "PipelinesTests", dependencies: ["Pipelines", "Store"]),
    .testTarget(
      name: "StagesTests",
      dependencies: [
        "Stages", "Pipelines", "Store", "Captioning", "Training", "Reports", "Models", "Audio", "Tensors", "Dataset",
        "Web", "Transfer",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Experiments", "Stages", "Pipelines", "Training", "Judging", "Evaluation", "Reports", "Dataset", "Audio",
      ]),
    .testTarget(name: "CommandTests", dependencies: ["earshot", "Store", "Dataset", "Web"]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .swiftLanguageMode(.v6),
      .treatAllWarnings(as: .error),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("MemberImportVisibility"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
