#!/usr/bin/env bash
# How does the batch size change the throughput of BERT-large training on Cerebras' CS-2?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=Cerebras WORKLOAD=bert-large EXPERIMENT=cerebras-bert-large
ABOUT="Trains BERT-large of the model zoo for 1000 steps with each batch size. Sets up its environment and its
checkout where they are missing, and makes a configuration of each batch size from the site's. Every run has a model
directory of its own, named like its log, so that none goes on from another's checkpoint."
COSTS="one CS-2 for 27 minutes a run, 15 of them compiling (a minute where the same was compiled before), and 5 GB of
disk."

option batch_size counts "512 1024 2048" "batch sizes, one run each"
option steps count 1000 "training steps"
option params file "" "the configuration to start from; else the site's (see --software)"
option vocab file "" "the vocabulary; else the one the configuration names"
option software folder /software/cerebras "where the site keeps Python and data sets"
option work folder "$HOME/R_2.1.1" "where environment and checkout lie"
option models folder "" "where checkpoints go; else a folder under --work"
option compile_dir word "$(id -un)" "the cluster's folder of compiled programs"
parse "$@"

release=2.1.1 work=${OPTION[work]}
python=$work/venv_cerebras_pt/bin/python
bert=$work/modelzoo/modelzoo/transformers/pytorch/bert
site=${OPTION[params]:-${OPTION[software]}/dataset/bert_large/bert_large_MSL128_sampleds.yaml}
models=${OPTION[models]:-$work/model_dirs}

set_up() {
  if [[ -d $work/modelzoo ]]; then
    check "$work/modelzoo: not at Release_$release; run: git -C $work/modelzoo checkout Release_$release" at_release
  else
    step git clone --branch Release_$release https://github.com/Cerebras/modelzoo.git "$work/modelzoo"
  fi
  if [[ ! -e $work/venv_cerebras_pt/installed ]]; then
    [[ -x $python ]] || step "${OPTION[software]}/python3.8/bin/python3.8" -m venv "$work/venv_cerebras_pt"
    step "$python" -m pip install --upgrade pip
    step "$python" -m pip install cerebras_pytorch==$release -r "$work/modelzoo/requirements.txt"
    step touch "$work/venv_cerebras_pt/installed"
  fi
  step mkdir -p "$models" "$work/configs"
  step cd "$bert"
}

# shellcheck disable=SC2329 # `check` calls it
at_release() { [[ $(git -C "$work/modelzoo" describe --tags --exact-match) == "Release_$release" ]]; }

# Write the site's configuration with another batch size; run.py has no option for it.
# shellcheck disable=SC2329 # `step` calls it
configure() {
  awk -v batch="$1" -v vocab="${OPTION[vocab]}" '
    /^[a-z_]+:/ { section = $1 }
    section == "train_input:" && /^ +batch_size:/ { sub(/batch_size:.*/, "batch_size: " batch); changed++ }
    vocab != "" && /^ +vocab_file:/ { sub(/vocab_file:.*/, "vocab_file: \"" vocab "\"") }
    { print }
    END { exit changed != 1 }' "$site" >"$2" && return
  say "error: $site: it has no train_input.batch_size, or several"
  return 1
}

check "$site: no such file; log in to Cerebras (ssh cerebras.ai.alcf.anl.gov), or name a configuration with --params" \
  test -r "$site"
check "csctl: no such command; log in to a user node of the cluster (ssh cerebras.ai.alcf.anl.gov)" has csctl
check_logs_folder
check_space "${OPTION[out]}" 50
runs=$(wc -w <<<"${OPTION[batch_size]}")
check_space "$models" $((5000 * runs * OPTION[repeat]))
set_up

SOFTWARE=("modelzoo=Release_$release")
versions "$python" sdk:cerebras_pytorch torch
NAMED=(batch_size steps)
for batch in ${OPTION[batch_size]}; do
  params=$work/configs/bert_large_MSL128_batch_$batch.yaml
  step configure "$batch" "$params"
  run batch_size="$batch" sequence_length=128 steps="${OPTION[steps]}" -- \
    "$python" -u run.py CSX --job_labels name=bert_pt --params "$params" --num_workers_per_csx=1 --mode train \
    --max_steps "${OPTION[steps]}" --model_dir "$models/{log}" --mount_dirs "$HOME" "${OPTION[software]%/*}/" \
    --python_paths "$work/modelzoo/" --compile_dir "${OPTION[compile_dir]}"
done
finish
