#!/usr/bin/env bash
# How does the length of the input change the latency of bert_tiny on a GroqCard?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=Groq WORKLOAD=bert-tiny EXPERIMENT=groq-bert-tiny QUEUE=pbs
ABOUT="Builds bert_tiny for each sequence length, runs it on one card and on the node's processor, and compares their
answers: scripts/run/bert_tiny.py with sentences of its own, or with --sentences. Sets up its environment where it is
missing."
COSTS="one node of the GroqRack, which the job has to itself, for 3 minutes a run. Setting up: 10 minutes."

option sequence_length counts "128 256" "tokens of an input, one run each"
option sentences file "" "sentences to answer, one per line"
option dummy flag "" "feed the original exercise's dummy input instead"
option model folder "" "a folder with the model; else it is fetched from its hub"
option resources word "select=1,place=excl" "what to ask PBS for"
option time word 0:30:00 "longest time of a job"
option pbs_queue word "" "PBS' queue; else its default"
option here flag "" "run on this node, without PBS: for an interactive job"
option work folder "$HOME/testbed-report/groq" "where environment and checkout lie"
parse "$@"

work=${OPTION[work]}
python=$work/env/bin/python

# The tutorial's steps, but for two things: groqflow is taken at the version of the logs, and `datasets` at the last one
# that groqflow's helpers still work with.
set_up() {
  [[ -d $work/groqflow ]] || step git clone https://github.com/groq/groqflow.git "$work/groqflow"
  if [[ ! -e $work/installed ]]; then
    if [[ ! -x $python ]]; then
      check "conda: no such command; install Miniconda, then start again" has conda
      step conda create --yes --prefix "$work/env" python=3.10.12
    fi
    step "$python" -m pip install groqflow==4.3.1 -e "$work/groqflow/demo_helpers" soundfile datasets==2.21.0
    step touch "$work/installed"
  fi
}

if [[ -n ${OPTION[here]} ]]; then
  QUEUE=''
else
  check "qsub: no such command; log in to a Groq node (ssh groq.ai.alcf.anl.gov), or use --here in a job" has qsub
  check "qstat: PBS does not answer; try again, or ask for help with what 'qstat -Q' says" qstat -Q
fi
check_logs_folder
check_space "${OPTION[out]}" 50
[[ -e $work/installed ]] || check_space "$work" 10000
set_up

versions "$python" sdk:groqflow mlagility torch transformers
input=()
[[ -z ${OPTION[sentences]} ]] || input=(--sentences "${OPTION[sentences]}")
[[ -z ${OPTION[dummy]} ]] || input=(--dummy) EXPERIMENT=groq-bert-tiny-dummy
[[ -z ${OPTION[model]} ]] || input+=(--model "${OPTION[model]}")
submit=()
if [[ $QUEUE == pbs ]]; then
  submit=(qsub -l "${OPTION[resources]}" -l "walltime=${OPTION[time]}")
  [[ -z ${OPTION[pbs_queue]} ]] || submit+=(-q "${OPTION[pbs_queue]}")
  # PBS Pro starts a job in the home folder.
  submit+=(-- env -C "$(_root)")
fi
step cd "$(_root)"
for length in ${OPTION[sequence_length]}; do
  run sequence_length="$length" batch_size=1 -- \
    "${submit[@]+"${submit[@]}"}" "$python" -u -m scripts.run.bert_tiny --sequence-length "$length" \
    "${input[@]+"${input[@]}"}"
done
finish
