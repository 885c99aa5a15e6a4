#!/usr/bin/env bash
# How does the batch size change the throughput of training on Cerebras' systems?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=Cerebras
ABOUT="Trains BERT-large (1000 steps) or Llama-2-7B (200 steps) of the model zoo with each batch size, on the testbed's
CS-3 by 'cszoo fit'. Sets up its environment and its checkout where they are missing, and makes a configuration of each
batch size from the site's. Every run has a model directory of its own, named like its log, so that none continues from
another's checkpoint."
RETIRED="the CS-2, which --release 2.1.1 is for. The testbed replaced it with the CS-3 (documented since October 2025).
Use the default release instead: it asks the same question of the CS-3 with today's command."
COSTS="one CS-3: in the user guide BERT-large takes 17 minutes with 3720 samples per step, and Llama-2-7B two hours and
a half with 1024. Compiling adds to that. A checkpoint of BERT-large takes 5 GB, one of Llama-2-7B 100 GB. Two jobs
train at a time on the whole cluster."

option release word 2.10.0 "release of the model zoo: 2.6.0 or later for the CS-3, 2.1.1 for the CS-2"
option workload word bert-large "bert-large or llama2-7b"
option batch_size counts "" "batch sizes, one run each; else 512 1024 2048, for Llama 256 512 1024"
option steps count "" "training steps; else 1000, for Llama 200"
option csx count 1 "systems that one run trains on"
option params file "" "the configuration to start from; else the site's (see --software)"
option vocab file "" "the vocabulary; else the one the configuration names"
option software folder /software/cerebras "where the site keeps its data sets"
option proxy word http://proxy.alcf.anl.gov:3128 "what the set-up reaches the net by, unless HTTPS_PROXY is set"
option work folder "" "where environment and checkout are; else R_RELEASE in the home folder"
option models folder "" "where checkpoints go; else a folder under --work"
option compile_dir word "$(id -un)" "release 2.1.1: the cluster's folder of compiled programs"
parse "$@"

release=${OPTION[release]} WORKLOAD=${OPTION[workload]}
work=${OPTION[work]:-$HOME/R_$release}
venv=$work/venv_cerebras_pt
models=${OPTION[models]:-$work/model_dirs}
here=$(_root)/scripts/run

case $WORKLOAD in
  bert-large)
    model=bert label=bert_pt batches="512 1024 2048" steps=1000
    site=bert_large/bert_large_MSL128_sampleds.yaml gigabytes=5
    ;;
  llama2-7b)
    model=llama label=llama2_7b batches="256 512 1024" steps=200
    site=params_llama2_7b.yaml gigabytes=100
    ;;
  *) refuse "--workload: '$WORKLOAD' is not known; allowed: bert-large llama2-7b" ;;
esac
batches=${OPTION[batch_size]:-$batches} steps=${OPTION[steps]:-$steps}
name=${site##*/} name=${name%.yaml}
site=${OPTION[params]:-${OPTION[software]}/dataset/$site}

if [[ $release == 2.1.1 ]]; then
  [[ $WORKLOAD == bert-large ]] || refuse "--workload $WORKLOAD: release 2.1.1 runs bert-large only"
  ((OPTION[csx] == 1)) || refuse "--csx ${OPTION[csx]}: release 2.1.1 runs on one system here"
  folder=$work/modelzoo/modelzoo/transformers/pytorch/bert configs=$work/configs
  interpreter=${OPTION[software]}/python3.8/bin/python3.8 host=cerebras.ai.alcf.anl.gov
  EXPERIMENT=cerebras-$WORKLOAD
  install=("cerebras_pytorch==$release" -r "$work/modelzoo/requirements.txt")
elif [[ $release =~ ^2\.([6-9]|[1-9][0-9])\.[0-9]+$ ]]; then
  folder=$work/modelzoo/src/cerebras/modelzoo/models/nlp/$model
  configs=$folder/configs
  interpreter=/usr/bin/python3.11 host=cerebras.alcf.anl.gov
  EXPERIMENT=cerebras-$WORKLOAD-$release
  install=(-e "$work/modelzoo")
else
  refuse "--release: '$release' is not known; allowed: 2.1.1, or 2.6.0 and later, in three parts"
fi

# Only the set-up needs the net; a job must not reach its cluster through a proxy.
net=()
[[ -n ${HTTPS_PROXY:-} ]] || net=(env "HTTPS_PROXY=${OPTION[proxy]}" "https_proxy=${OPTION[proxy]}")

set_up() {
  if [[ -d $work/modelzoo ]]; then
    check "$work/modelzoo: not at Release_$release; run: git -C $work/modelzoo checkout Release_$release" at_release
  else
    step mkdir -p "$work"
    step "${net[@]+"${net[@]}"}" git clone https://github.com/Cerebras/modelzoo.git "$work/modelzoo"
    step git -C "$work/modelzoo" checkout "Release_$release"
  fi
  if [[ ! -e $venv/installed ]]; then
    [[ -x $venv/bin/python ]] || step "$interpreter" -m venv "$venv"
    step "${net[@]+"${net[@]}"}" "$venv/bin/python" -m pip install --upgrade pip
    step "${net[@]+"${net[@]}"}" "$venv/bin/python" -m pip install "${install[@]}"
    step touch "$venv/installed"
  fi
  step mkdir -p "$models" "$configs"
  step cd "$folder"
}

# shellcheck disable=SC2329 # `check` calls it
at_release() { [[ $(git -C "$work/modelzoo" describe --tags --exact-match) == "Release_$release" ]]; }

# Release 2.1.1: run.py has an option for the steps, but none for the batch size.
train_on_cs2() {
  step bash "$here/cerebras_params.sh" "$site" "$configs/${name}_batch_$1.yaml" "$1" "" "${OPTION[vocab]}"
  run batch_size="$1" sequence_length=128 steps="$steps" -- \
    "$venv/bin/python" -u run.py CSX --job_labels name=$label --params "$configs/${name}_batch_$1.yaml" \
    --num_workers_per_csx=1 --mode train --max_steps "$steps" --model_dir "$models/{log}" \
    --mount_dirs "$HOME" "${OPTION[software]%/*}/" --python_paths "$work/modelzoo/" \
    --compile_dir "${OPTION[compile_dir]}"
}

# Later releases: what is set is in the configuration, which lies where the tutorial puts it.
train_on_cs3() {
  local params=configs/${name}_batch_$1_steps_$steps.yaml several=()
  local settings=(batch_size="$1" steps="$steps" csx="${OPTION[csx]}")
  [[ $WORKLOAD != bert-large ]] || settings+=(sequence_length=128)
  ((OPTION[csx] == 1)) || several=("--num_csx=${OPTION[csx]}")
  step bash "$here/cerebras_params.sh" "$site" "$params" "$1" "$steps" "${OPTION[vocab]}"
  run "${settings[@]}" -- \
    "$venv/bin/cszoo" fit "$params" --job_labels name=$label --model_dir "$models/{log}" "${several[@]+"${several[@]}"}"
}

check "$site: no such file; log in to Cerebras (ssh $host), or name a configuration with --params" test -r "$site"
check "csctl: no such command; log in to a user node of the cluster (ssh $host)" has csctl
check_logs_folder
check_space "${OPTION[out]}" 50
check_space "$models" $((gigabytes * 1000 * $(wc -w <<<"$batches") * OPTION[repeat]))
set_up

SOFTWARE=("modelzoo=Release_$release")
versions "$venv/bin/python" sdk:cerebras_pytorch torch
NAMED=(batch_size steps)
for batch in $batches; do
  if [[ $release == 2.1.1 ]]; then train_on_cs2 "$batch"; else train_on_cs3 "$batch"; fi
done
finish
