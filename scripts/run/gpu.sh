#!/usr/bin/env bash
# A reference on one NVIDIA card: what the same work does on the machine a reader has. See lib.sh for what all share.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=NVIDIA
ABOUT='A reference on one NVIDIA card, with PyTorch: steps of BERT-large'\''s pre-training at several global batch sizes,
single inferences with bert_tiny at several lengths, and a small network that learns scikit-learn'\''s digits at several
learning rates. Weights are drawn from a seed and nothing is fetched. bert_tiny runs twice at each length: each operation
started anew, and as a CUDA graph. With --repeat N each run is made N times, and the digits with the seeds 1 to N.'
COSTS='one NVIDIA card with 24 GB or more, a C compiler for PyTorch'\''s own, and no network. It is meant to end within
eight minutes on an H100. PYTHON names the interpreter. --cpu takes no card and about half a minute a run.'

option batch_size counts '' 'samples of a step of BERT-large over all its parts (512 1024 2048; with --cpu 4 8)'
option steps count '' 'timed steps of BERT-large (20; with --cpu 3)'
option eager flag '' 'run BERT-large without PyTorch'\''s compiler'
option sequence_length counts '128 256' 'tokens of an input of bert_tiny'
option repetitions count '' 'timed inferences of one input (5000; with --cpu 50)'
option learning_rate numbers '0.0005 0.005 0.05 0.5' 'step sizes that the digits are learned with'
option digits_batch_size count 8 'digits of a step'
option epochs count 10 'passes over the digits'
option cpu flag '' 'compute on the processor, and small: for trying this out; the logs say so'
parse "$@"

HARDWARE=cuda DEVICE=() LARGE=bert-large
# A default that depends on what computes.
default() { [[ -n ${OPTION[$1]} ]] || OPTION[$1]=$2; }
if [[ -n ${OPTION[cpu]} ]]; then
  HARDWARE=cpu DEVICE=(--cpu) LARGE=bert-large-reduced
  default batch_size '4 8' && default steps 3 && default repetitions 50
fi
default batch_size '512 1024 2048' && default steps 20 && default repetitions 5000
COMPILER=compiled EAGER=()
[[ -z ${OPTION[eager]} ]] || COMPILER=eager EAGER=(--eager)
[[ $HARDWARE == cuda ]] || COMPILER=eager

OPTION[out]=$(realpath -m -- "${OPTION[out]}")
cd "$(_root)" || exit 2
if dry; then quoted cd "$PWD"; fi
PYTHON=${PYTHON:-.venv/bin/python}

# shellcheck disable=SC2329 # check calls it
installed() { "$PYTHON" -c 'import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))' "$@"; }
# shellcheck disable=SC2329 # check calls it
card() { "$PYTHON" -c 'import sys, torch; sys.exit(not (torch.version.cuda and torch.cuda.is_available()))'; }

check "torch, transformers or scikit-learn is missing from $PYTHON; make .venv/cpu.stamp installs them" \
  installed torch transformers sklearn
[[ $HARDWARE == cpu ]] ||
  check "PyTorch finds no NVIDIA card with $PYTHON; --cpu runs the same programs small, on the processor" card
check_logs_folder
check_space "${OPTION[out]}" 10
versions "$PYTHON" torch transformers scikit-learn

# Each log has what computed among its parameters, so that no run on the processor counts as one that a card has done.
EXPERIMENT=bert-large WORKLOAD=$LARGE NAMED=(batch_size)
for batch in ${OPTION[batch_size]}; do
  run hardware="$HARDWARE" batch_size="$batch" sequence_length=128 steps="${OPTION[steps]}" seed=1 \
    execution="$COMPILER" precision=bfloat16 -- \
    "$PYTHON" -m scripts.run.gpu bert-large --batch-size "$batch" --sequence-length 128 --steps "${OPTION[steps]}" \
    --seed 1 "${EAGER[@]+"${EAGER[@]}"}" "${DEVICE[@]+"${DEVICE[@]}"}"
done

EXPERIMENT=bert-tiny WORKLOAD=bert-tiny NAMED=(sequence_length execution)
for length in ${OPTION[sequence_length]}; do
  for execution in eager cuda-graph; do
    GRAPH=()
    [[ $execution == eager ]] || GRAPH=(--cuda-graph)
    [[ $execution == eager || $HARDWARE == cuda ]] || continue # a graph needs a card
    run hardware="$HARDWARE" sequence_length="$length" batch_size=1 execution="$execution" seed=1 \
      repetitions="${OPTION[repetitions]}" -- \
      "$PYTHON" -m scripts.run.gpu bert-tiny --sequence-length "$length" --repetitions "${OPTION[repetitions]}" \
      --seed 1 "${GRAPH[@]+"${GRAPH[@]}"}" "${DEVICE[@]+"${DEVICE[@]}"}"
  done
done

# The seed is what tells repeats of a training apart: each is an experiment of its own, done once.
EXPERIMENT=digits WORKLOAD=digits NAMED=(learning_rate seed) seeds=${OPTION[repeat]} OPTION[repeat]=1
for rate in ${OPTION[learning_rate]}; do
  for seed in $(seq "$seeds"); do
    run hardware="$HARDWARE" learning_rate="$rate" batch_size="${OPTION[digits_batch_size]}" \
      epochs="${OPTION[epochs]}" seed="$seed" execution=eager precision=float32 -- \
      "$PYTHON" -m scripts.run.gpu digits --learning-rate "$rate" --batch-size "${OPTION[digits_batch_size]}" \
      --epochs "${OPTION[epochs]}" --seed "$seed" "${DEVICE[@]+"${DEVICE[@]}"}"
  done
done

finish
