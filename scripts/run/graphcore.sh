#!/usr/bin/env bash
# How does the learning rate change the accuracy of the MNIST example on Graphcore's Bow Pod64?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=Graphcore WORKLOAD=mnist EXPERIMENT=graphcore-mnist QUEUE=slurm
ABOUT="Trains the MNIST example of graphcore/examples v3.3.0 with each learning rate, batch size and number of epochs.
Sets up its environment and its checkout where they are missing. No seed is set: --repeat shows how far results of one
setting spread."
COSTS="one IPU for 2 minutes a run; the first run of a batch size compiles for 35 s more. Setting up: 10 minutes."

option learning_rate numbers "0.0005 0.005 0.05 0.5" "learning rates, one run each"
option batch_size counts 8 "batch sizes, one run each"
option epochs counts 10 "numbers of epochs, one run each"
option partition word "" "Slurm's partition; else its default"
option gres word "" "what to ask Slurm for, as ipu:1, where its srun has no --ipus"
option sdk folder /software/graphcore/poplar_sdk/3.3.0 "the Poplar SDK"
option work folder "$HOME/testbed-report/graphcore" "where environment, checkout and compiled programs lie"
parse "$@"

tag=v3.3.0 work=${OPTION[work]}
python=$work/venv/bin/python
mnist=$work/examples/tutorials/simple_applications/pytorch/mnist
PATH=/opt/slurm/bin:$PATH
srun=$(command -v srun || printf /opt/slurm/bin/srun)

set_up() {
  step mkdir -p "$work/cache"
  if [[ -d $work/examples ]]; then
    check "$work/examples: not at $tag; run: git -C $work/examples checkout $tag" at_tag
  else
    step git clone --branch $tag https://github.com/graphcore/examples.git "$work/examples"
  fi
  if [[ ! -e $work/installed ]]; then
    [[ -x $python ]] || step python3.8 -m virtualenv "$work/venv"
    step "$python" -m pip install "$(wheel)" -r "$mnist/requirements.txt"
    step touch "$work/installed"
  fi
  step cd "$mnist"
}

# PopTorch as the SDK brings it; where there is no SDK, what the tutorial calls it.
wheel() {
  local wheels=("${OPTION[sdk]}"/poptorch-*.whl)
  [[ -e ${wheels[0]} ]] || wheels=("${OPTION[sdk]}/poptorch-3.3.0+113432_960e9c294b_ubuntu_20_04-cp38-cp38-linux_x86_64.whl")
  printf '%s' "${wheels[0]}"
}

# shellcheck disable=SC2329 # `check` calls it
at_tag() { [[ $(git -C "$work/examples" describe --tags --exact-match) == "$tag" ]]; }

check \
  "${OPTION[sdk]}: no Poplar SDK here; log in to a Graphcore node (gc-login-01.ai.alcf.anl.gov, then gc-poplar-02)" \
  test -d "${OPTION[sdk]}"
check_slurm "${OPTION[partition]}"
for batch in ${OPTION[batch_size]}; do
  check "--batch-size $batch: 60000 images make no step of 50 batches of more than 1200" test "$batch" -le 1200
done
check_logs_folder
check_space "${OPTION[out]}" 50
[[ -e $work/installed ]] || check_space "$work" 5000
set_up

# The SDK is enabled at log-in, but perhaps not this one.
if [[ -z ${POPLAR_SDK_ENABLED:-} && -r ${OPTION[sdk]}/enable ]]; then
  set +u
  step . "${OPTION[sdk]}/enable"
  set -u
elif [[ ${POPLAR_SDK_ENABLED:-${OPTION[sdk]}} != "${OPTION[sdk]}"* ]]; then
  say "note: another Poplar SDK is enabled, $POPLAR_SDK_ENABLED; 'unset POPLAR_SDK_ENABLED' lets this one be"
fi
SOFTWARE=("sdk=${OPTION[sdk]##*/}" "examples=$tag")
versions "$python" poptorch torch torchvision
step export "POPTORCH_CACHE_DIR=$work/cache" POPART_LOG_LEVEL=WARN POPLAR_LOG_LEVEL=WARN POPLIBS_LOG_LEVEL=WARN
request=(--ipus=1)
[[ -z ${OPTION[gres]} ]] || request=("--gres=${OPTION[gres]}")
[[ -z ${OPTION[partition]} ]] || request+=("--partition=${OPTION[partition]}")

for epochs in ${OPTION[epochs]}; do
  for batch in ${OPTION[batch_size]}; do
    for rate in ${OPTION[learning_rate]}; do
      run learning_rate="$rate" batch_size="$batch" epochs="$epochs" -- \
        "$srun" "${request[@]}" "$python" -u mnist_poptorch.py --lr "$rate" --batch-size "$batch" --epochs "$epochs"
    done
  done
done
finish
