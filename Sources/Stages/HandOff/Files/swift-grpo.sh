#!/usr/bin/env bash
# GRPO with ms-swift on the sounds themselves. More words go to swift: ./grpo.sh --max_steps 100
#
#   ./grpo.sh                                                      one GPU, with adapters
#   GPUS=8 ./grpo.sh                                               the GPUs of this machine, all weights, DeepSpeed ZeRO 3
#   GPUS=8 NODES=2 NODE=0 MASTER=10.0.0.1 ./grpo.sh                on each machine, with its number
#   MODEL=Qwen/Qwen2-Audio-7B-Instruct ./grpo.sh                   another model
#
# The settings are Omni-R1's method with what R1-AQA published: 16 prompts a step, 8 completions each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/data"
gpus="${GPUS:-1}" nodes="${NODES:-1}"
export NPROC_PER_NODE="$gpus" NNODES="$nodes" NODE_RANK="${NODE:-0}" MASTER_ADDR="${MASTER:-127.0.0.1}" MASTER_PORT="${PORT:-29500}"
if [ "$gpus" = 1 ] && [ "$nodes" = 1 ]; then
  unset NPROC_PER_NODE NNODES NODE_RANK
  kind=(--tuner_type lora --lora_rank 16 --lora_alpha 32)
else
  kind=(--tuner_type full --deepspeed zero3)
fi
dev=()
if [ -s grpo-dev.jsonl ]; then dev=(--val_dataset grpo-dev.jsonl); fi
steps=$((16 / (gpus * nodes) > 0 ? 16 / (gpus * nodes) : 1))
# What may be given again on the command line goes last there: the last one counts.
exec swift rlhf --rlhf_type grpo --model "${MODEL:-Qwen/Qwen2.5-Omni-7B}" --dataset grpo-train.jsonl "${dev[@]}" \
  --external_plugins ../rewards.py --reward_funcs earshot "${kind[@]}" --torch_dtype bfloat16 \
  --num_generations 8 --temperature 1.0 --beta 0.04 --learning_rate 1e-6 --lr_scheduler_type linear --warmup_ratio 0 \
  --max_completion_length 256 --per_device_train_batch_size 8 --per_device_eval_batch_size 8 --gradient_accumulation_steps "$steps" --max_steps 1000 \
  --save_steps 100 --logging_steps 1 --report_to none --seed 42 --remove_unused_columns false --split_dataset_ratio 0 \
  --output_dir ../output "$@"
