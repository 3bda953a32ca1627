extension HandOff {
  static let trl = HandOff(
    parts: [
      .rewards, Part(path: "train.py", bytes: PackageResources.trl_train_py),
      Part(path: "train.sh", bytes: PackageResources.trl_train_sh, isProgram: true),
      Part(path: "grpo.yaml", bytes: PackageResources.trl_grpo_yaml),
      Part(path: "zero2.yaml", bytes: PackageResources.trl_zero2_yaml),
    ],
    guide: """
      GRPO with TRL (1.16) on the captions of the sounds, in whose place they stand: TRL's trainers take no sound.

          pip install 'trl==1.16.*' datasets peft        # and deepspeed for several GPUs
          ./train.sh                                     # one GPU, or none
          GPUS=8 ./train.sh                              # eight
          GPUS=8 NODES=2 NODE=0 MASTER=HOST ./train.sh   # on each of two machines, NODE 0 and 1

      `grpo.yaml` has the settings. On a laptop: `./train.sh --model_name_or_path Qwen/Qwen2.5-0.5B-Instruct --bf16 false
      --use_cpu --max_steps 10`.
      """)

  static let msSwift = HandOff(
    parts: [
      .rewards, Part(path: "grpo.sh", bytes: PackageResources.swift_grpo_sh, isProgram: true),
      Part(path: "sft.sh", bytes: PackageResources.swift_sft_sh, isProgram: true),
    ],
    guide: """
      GRPO and fine-tuning with ms-swift (4.6) on the sounds, of Qwen2.5-Omni or Qwen2-Audio.

          pip install 'ms-swift==4.6.*' 'transformers<5' # and deepspeed, vllm for several GPUs
          ./grpo.sh                                      # one GPU, adapters
          MODEL=Qwen/Qwen2-Audio-7B-Instruct ./grpo.sh
          GPUS=8 ./grpo.sh                               # eight, all weights
          GPUS=8 NODES=2 NODE=0 MASTER=HOST ./grpo.sh    # on each of two machines, NODE 0 and 1
          ./sft.sh                                       # the same for fine-tuning
      """)

  static let verl = HandOff(
    parts: [.rewards, Part(path: "grpo.sh", bytes: PackageResources.verl_grpo_sh, isProgram: true)],
    guide: """
      GRPO with verl (0.9) on the sounds.

          pip install 'verl==0.9.*' vllm
          ./grpo.sh                                      # one GPU
          GPUS=8 ./grpo.sh                               # eight
          ray start --head --port 6379                   # several machines: this on the first,
          ray start --address FIRST:6379                 # this on each other,
          GPUS=8 NODES=2 ./grpo.sh                       # then this on the first
      """)

  static let r1AQA = HandOff(
    parts: [
      .rewards, Part(path: "train.py", bytes: PackageResources.r1_aqa_train_py),
      Part(path: "train.sh", bytes: PackageResources.r1_aqa_train_sh, isProgram: true),
    ],
    guide: """
      GRPO with R1-AQA's own trainer on the sounds, of Qwen2-Audio.

          git clone https://github.com/xiaomi-research/r1-aqa && pip install -r r1-aqa/requirements.txt
          R1_AQA=r1-aqa ./train.sh                       # one GPU of 80 GB
          R1_AQA=r1-aqa GPUS=8 ./train.sh                # eight
          R1_AQA=r1-aqa GPUS=8 NODES=2 NODE=0 MASTER=HOST ./train.sh   # on each of two machines, NODE 0 and 1
      """)
}
