#!/usr/bin/env bash
# Fine-tuning with ms-swift on the sounds and their answers; the words and variables of grpo.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/data"
gpus="${GPUS:-1}" nodes="${NODES:-1}"
export NPROC_PER_NODE="$gpus" NNODES="$nodes" NODE_RANK="${NODE:-0}" MASTER_ADDR="${MASTER:-127.0.0.1}" MASTER_PORT="${PORT:-29500}"
kind=(--tuner_type full --deepspeed zero3)
if [ "$gpus" = 1 ] && [ "$nodes" = 1 ]; then
  unset NPROC_PER_NODE NNODES NODE_RANK
  kind=(--tuner_type lora --lora_rank 16 --lora_alpha 32)
fi
dev=()
if [ -s sft-dev.jsonl ]; then dev=(--val_dataset sft-dev.jsonl); fi
exec swift sft --model "${MODEL:-Qwen/Qwen2.5-Omni-7B}" --dataset sft-train.jsonl "${dev[@]}" "${kind[@]}" --torch_dtype bfloat16 \
  --learning_rate 1e-5 --lr_scheduler_type cosine --warmup_ratio 0.03 --num_train_epochs 1 --per_device_train_batch_size 1 \
  --gradient_accumulation_steps 16 --save_steps 500 --logging_steps 1 --report_to none --seed 42 --split_dataset_ratio 0 --output_dir ../output "$@"
