#!/usr/bin/env bash
# GRPO with R1-AQA's trainer on the sounds themselves, from a clone of github.com/xiaomi-research/r1-aqa with its requirements:
#
#   R1_AQA=~/r1-aqa ./train.sh                                     one GPU of 80 GB
#   R1_AQA=~/r1-aqa GPUS=8 ./train.sh                              the GPUs of this machine
#   R1_AQA=~/r1-aqa GPUS=8 NODES=2 NODE=0 MASTER=10.0.0.1 ./train.sh   on each machine, with its number
#
# The number of steps and what else it fixes is in its src/train.py: 1,000 steps, 8 completions, 16 prompts a step on 8 GPUs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/data"
R1_AQA="$(cd "${R1_AQA:?is the clone of R1-AQA: R1_AQA=~/r1-aqa ./train.sh}" && pwd)"
export R1_AQA EARSHOT_REWARDS="${EARSHOT_REWARDS:-accuracy:exact,format:answer}"
exec torchrun --nproc_per_node="${GPUS:-1}" --nnodes="${NODES:-1}" --node-rank="${NODE:-0}" \
  --master_addr="${MASTER:-127.0.0.1}" --master_port="${PORT:-32777}" ../train.py --config_path "$R1_AQA/conf/ds_zero3.json" \
  --model_name_or_path "${MODEL:-Qwen/Qwen2-Audio-7B-Instruct}" --out_dir ../output --data_file train.jsonl --use_wandb false "$@"
