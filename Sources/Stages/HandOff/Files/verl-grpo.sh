#!/usr/bin/env bash
# GRPO with verl on the sounds themselves. More words go to verl: ./grpo.sh trainer.total_training_steps=100
#
#   ./grpo.sh                                                      one GPU
#   GPUS=8 ./grpo.sh                                               the GPUs of this machine
#   ray start --head --port 6379                                   several machines: this on the first,
#   ray start --address FIRST:6379                                 this on each other,
#   GPUS=8 NODES=2 ./grpo.sh                                       then this on the first
#
# The settings are Omni-R1's method with what R1-AQA published: 16 prompts a step, 8 completions each.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/data"
dev=dev.json
if [ ! -s "$dev" ]; then dev=train.json; fi
exec "${PYTHON:-python3}" -m verl.trainer.main_ppo algorithm.adv_estimator=grpo \
  data.train_files=train.json data.val_files="$dev" data.train_batch_size=16 data.max_prompt_length=2048 \
  data.max_response_length=256 data.filter_overlong_prompts=true data.seed=42 \
  actor_rollout_ref.model.path="${MODEL:-Qwen/Qwen2.5-Omni-7B}" \
  actor_rollout_ref.actor.optim.lr=1e-6 actor_rollout_ref.actor.ppo_mini_batch_size=16 \
  actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1 actor_rollout_ref.actor.use_kl_loss=true \
  actor_rollout_ref.actor.kl_loss_coef=0.04 actor_rollout_ref.actor.kl_loss_type=low_var_kl \
  actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=8 actor_rollout_ref.rollout.temperature=1.0 \
  actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1 actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=1 \
  reward.custom_reward_function.path="$PWD/../rewards.py" reward.custom_reward_function.name=compute_score \
  trainer.n_gpus_per_node="${GPUS:-1}" trainer.nnodes="${NODES:-1}" trainer.total_training_steps=1000 trainer.save_freq=100 \
  trainer.test_freq=100 trainer.logger='["console"]' trainer.project_name=earshot trainer.experiment_name=grpo \
  trainer.default_local_dir="$PWD/../output" "$@"
