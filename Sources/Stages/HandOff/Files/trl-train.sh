#!/usr/bin/env bash
# GRPO on the captions of the sounds. More words go to train.py: ./train.sh --max_steps 100
#
#   ./train.sh                                                     one GPU, or none
#   GPUS=8 ./train.sh                                              the GPUs of this machine
#   GPUS=8 NODES=2 NODE=0 MASTER=10.0.0.1 ./train.sh               on each machine, with its number
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
gpus="${GPUS:-1}" nodes="${NODES:-1}"
if [ "$gpus" = 1 ] && [ "$nodes" = 1 ]; then
  exec "${PYTHON:-python3}" train.py --config grpo.yaml "$@"
fi
exec accelerate launch --config_file zero2.yaml --num_processes $((gpus * nodes)) --num_machines "$nodes" \
  --machine_rank "${NODE:-0}" --main_process_ip "${MASTER:-127.0.0.1}" --main_process_port "${PORT:-29500}" \
  train.py --config grpo.yaml --gradient_accumulation_steps $((16 / (gpus * nodes) > 0 ? 16 / (gpus * nodes) : 1)) "$@"
