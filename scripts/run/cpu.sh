#!/usr/bin/env bash
# Ask two of the questions of the reader's own machine: small work, no accelerator. See lib.sh for what all scripts share.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=CPU
ABOUT='The same questions on small work, on this machine: bert_tiny in PyTorch at several sequence lengths, and a small
network that learns scikit-learn'\''s digits at several learning rates. With --repeat N each length is run N times, each
rate with the seeds 1 to N. Where the model cannot be had from its hub, random weights stand in, and the log says so.'
COSTS='about half a minute a run, six runs; one thread; nothing but this machine. PYTHON names the interpreter.'

option sequence_length counts '128 256' 'tokens of an input of bert_tiny'
option sentences file '' 'sentences that bert_tiny answers, one per line'
option model word 'M-FAC/bert-tiny-finetuned-sst2' 'its folder, or its name on the hub; random: made here'
option repetitions count 500 'timed inferences of one input'
option learning_rate numbers '0.0005 0.005 0.05 0.5' 'step sizes that the digits are learned with'
option batch_size count 8 'digits of a step'
option epochs count 10 'passes over the digits'
option threads count 1 'threads that PyTorch computes with'
parse "$@"

OPTION[out]=$(realpath -m -- "${OPTION[out]}")
[[ -z ${OPTION[sentences]} ]] || OPTION[sentences]=$(realpath -- "${OPTION[sentences]}")
[[ ! -d ${OPTION[model]} ]] || OPTION[model]=$(realpath -- "${OPTION[model]}")
cd "$(_root)" || exit 2
if dry; then quoted cd "$PWD"; fi
PYTHON=${PYTHON:-.venv/bin/python}

# shellcheck disable=SC2329 # check calls it
installed() { "$PYTHON" -c 'import importlib.util, sys; sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))' "$@"; }
version() { "$PYTHON" -c 'import importlib.metadata as m, sys; print(m.version(sys.argv[1]))' "$1" 2>/dev/null || echo unknown; }

check "torch, transformers or scikit-learn is missing from $PYTHON; make .venv/cpu.stamp installs them" \
  installed torch transformers sklearn
check_logs_folder
check_space "${OPTION[out]}" 10
SOFTWARE=("torch=$(version torch)" "transformers=$(version transformers)" "scikit-learn=$(version scikit-learn)")

EXPERIMENT=bert-tiny WORKLOAD=bert-tiny NAMED=(sequence_length)
for length in ${OPTION[sequence_length]}; do
  run sequence_length="$length" batch_size=1 threads="${OPTION[threads]}" repetitions="${OPTION[repetitions]}" -- \
    "$PYTHON" -m scripts.run.bert_tiny --cpu-only --or-random --sequence-length "$length" --model "${OPTION[model]}" \
    --threads "${OPTION[threads]}" --repetitions "${OPTION[repetitions]}" \
    ${OPTION[sentences]:+--sentences "${OPTION[sentences]}"}
done

# The seed is what tells repeats of a training apart: each is an experiment of its own, done once.
EXPERIMENT=digits WORKLOAD=digits NAMED=(learning_rate seed) seeds=${OPTION[repeat]} OPTION[repeat]=1
for rate in ${OPTION[learning_rate]}; do
  for seed in $(seq "$seeds"); do
    run learning_rate="$rate" batch_size="${OPTION[batch_size]}" epochs="${OPTION[epochs]}" seed="$seed" \
      threads="${OPTION[threads]}" -- \
      "$PYTHON" -m scripts.run.digits --learning-rate "$rate" --batch-size "${OPTION[batch_size]}" \
      --epochs "${OPTION[epochs]}" --seed "$seed" --threads "${OPTION[threads]}"
  done
done

finish
