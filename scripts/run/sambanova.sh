#!/usr/bin/env bash
# How does the number of tasks change the throughput of BERT-large training on SambaNova's SN30?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=SambaNova WORKLOAD=bert-large EXPERIMENT=sambanova-bert-large QUEUE=slurm
ABOUT="Trains BERT-large for 505 steps with each number of tasks, two tasks to a chip; compiles first, as a run of its
own, where there is no compiled file. A job of N tasks passes the program's own check between N x 35000 and N x 38750
tokens/s: the vendor's window for 16 tasks, scaled."
RETIRED="the SN30. The testbed removed it; its documentation went on 2026-04-09. Its successor, the SN40L, serves models
and trains none: ask one with served.sh. This script remains to show how the runs of 2024 can be made where there is an
SN30."
COSTS="13 minutes of one node's processors to compile, once; then 8 minutes a run on 1 node (up to 16 tasks) or 2
(32)."

option ntasks counts "8 16 32" "numbers of tasks, one run each"
option nodes count "" "nodes of each job; else as few as hold its tasks, 16 to a node"
option steps count 505 "training steps"
option compile flag "" "compile anew; the old compiled file is kept beside the new one"
option partition word sambanova "Slurm's partition"
option time word 0:30:00 "longest time of a job"
option sambaflow folder /opt/sambaflow "where SambaFlow is installed"
option data folder /data/ANL/wikicorpus_en "the corpus"
option work folder "$HOME/BertLarge" "where the compiled file and the caches lie"
parse "$@"

app=${OPTION[sambaflow]}/apps/nlp/transformers_on_rdu
pef=${OPTION[work]}/bertlrg/bertlrg.pef
job=$(_root)/scripts/run/sambanova_job.sh
batch=256 length=128 rate=0.000175

nodes_for() { printf '%d' "${OPTION[nodes]:-$((($1 + 15) / 16))}"; }

check "$app: no SambaFlow here; log in to a node of the SN30 (ssh sn30-r1-h1 behind sambanova.alcf.anl.gov)" \
  test -f "$app/transformers_hook.py" -a -f "$app/venv/bin/activate"
check_slurm "${OPTION[partition]}"
check "${OPTION[data]}: no such folder; name the corpus with --data" test -d "${OPTION[data]}"
for tasks in ${OPTION[ntasks]}; do
  check "--ntasks $tasks needs at least $(((tasks + 15) / 16)) nodes: a node runs 16 tasks" \
    test "$(nodes_for "$tasks")" -ge $(((tasks + 15) / 16))
  check_nodes "${OPTION[partition]}" "$(nodes_for "$tasks")" "--ntasks $tasks"
done
check_logs_folder
check_space "${OPTION[out]}" 50
[[ -z ${CONDA_PREFIX:-} ]] || say "note: conda is active, which the SN30's documentation advises against"

! version=$(dpkg-query -W -f '${Version}' sambaflow 2>/dev/null) || SOFTWARE=("sdk=$version")
step export OMP_NUM_THREADS=18
step mkdir -p "${OPTION[work]}"
if [[ -e $pef && -n ${OPTION[compile]} ]]; then
  step mv "$(dirname "$pef")" "$(dirname "$pef").$(date -u +%Y%m%dT%H%M%SZ)"
fi
if [[ -e $pef ]]; then
  say "compiled before, on $(date -r "$pef" +%F): $pef (--compile makes it anew)"
else
  check_space "${OPTION[work]}" 5000
  EXPERIMENT=sambanova-bert-large-compile
  run_now batch_size=$batch sequence_length=$length -- \
    env SN_NUM_THREADS=32 bash "$job" compile "${OPTION[sambaflow]}" "${OPTION[work]}" \
    --model_name_or_path bert-large-uncased --tokenizer_name bert-large-uncased \
    --module_name mlm_ns --task_name mlm_ns --max_seq_length $length -b $batch --per_device_train_batch_size $batch \
    --output_dir "${OPTION[work]}/hf_output" --overwrite_output_dir --cache_dir "${OPTION[work]}/cache" \
    --compiler-configs-file \
    "$app/human_decisions/compiler_configs/compiler_configs_bertlarge_sc_mlm_ml_perf_fullfeature_macv2_gm.json" \
    --mac-human-decision \
    "$app/human_decisions/mac_overrides/bertlarge_sc_training_mlm_ml_perf_fullfeature_macv2.json" \
    --mac-v2 --num-tiles 4 --data-parallel -ws 2 --non_split_head --dense_adam --adam_beta2 0.98 --weight_decay 0.01 \
    --max_grad_norm_clip 1.0 --pef-name=bertlrg --output-folder="${OPTION[work]}" --log-level error \
    --disable-strict-conversion
  EXPERIMENT=sambanova-bert-large
  [[ -e $pef ]] || dry || finish
fi

NAMED=(ntasks nodes)
for tasks in ${OPTION[ntasks]}; do
  low=$((35000 * tasks)) high=$((38750 * tasks)) nodes=$(nodes_for "$tasks")
  run ntasks="$tasks" nodes="$nodes" batch_size=$batch sequence_length=$length learning_rate=$rate \
    steps="${OPTION[steps]}" token_throughput_min=$low token_throughput_max=$high -- \
    sbatch --partition="${OPTION[partition]}" --time="${OPTION[time]}" --nodes="$nodes" --ntasks="$tasks" \
    --ntasks-per-node=16 --cpus-per-task=8 --gres=rdu:8 "$job" run "${OPTION[sambaflow]}" "${OPTION[work]}" \
    --config_name "$app/modules/configs/mlm_24layer_ml_perf_config.json" --tokenizer_name bert-large-uncased \
    --module_name mlm_ns --task_name mlm_ns --max_seq_length $length -b $batch --per_device_train_batch_size $batch \
    --output_dir "${OPTION[work]}/hf_output" --overwrite_output_dir --do_train --data_dir "${OPTION[data]}" \
    --cache "${OPTION[work]}/cache/" --max_predictions_per_seq 20 --warmup_steps 12500 --max_steps 250000 \
    --steps_this_run "${OPTION[steps]}" --logging_steps 1 --weight_decay 0.01 --learning_rate $rate --non_split_head \
    --dense_adam --data-parallel --reduce-on-rdu --adam_beta2 0.98 --max_grad_norm_clip 1.0 --min_throughput $low \
    --max_throughput $high --skip_checkpoint --pef="$pef" --log-level error --validate_stat_perf \
    --validate_tying_plus_embed_train
done
finish
