#!/usr/bin/env bash
# What sambanova.sh starts: `compile` on the node itself, `run` as a batch job. It prints what the vendor's script
# prints around the program: the model, the machine, the command, the seconds.
#
# sambanova_job.sh compile|run SAMBAFLOW WORK OPTION...
set -uo pipefail

what=$1 sambaflow=$2 work=$3
shift 3
hook=$sambaflow/apps/nlp/transformers_on_rdu/transformers_hook.py tilde='~'

inventory() {
  printf 'Machine State %s: \n' "$1"
  "$sambaflow/bin/snfadm" -l inventory
}

# shellcheck disable=SC1091
. "$sambaflow/apps/nlp/transformers_on_rdu/venv/bin/activate"
cd "$work" || exit 1
SECONDS=0
date '+Model:  BertLarge%nDate:  %m/%d/%y%nTime:  %H:%M'
dpkg-query -W -f '${Package}/installed ${Version} ${Architecture}\n' sambaflow 2>/dev/null
inventory Before
export SAMBA_CCL_ASYNC_ALLREDUCE=0 SAMBA_CCL_HIERARCHICAL_ALLREDUCE=0
slurm='SLURM_(JOB_ID|JOB_NUM_NODES|NTASKS|NTASKS_PER_NODE|NODELIST|CPUS_PER_TASK)'
env | grep -E "^($slurm|OMP_NUM_THREADS|SN_NUM_THREADS|SAMBA_CCL_[A-Z_]+)="
command=(python "$hook" "$what" "$@")
[[ $what == compile ]] || command=(srun --mpi=pmi2 "${command[@]}")
if [[ $what == compile ]]; then printf 'COMPILE START AT %d\n' "$SECONDS"; fi
printf '%s COMMAND: %s\n' "${what^^}" "${command[*]//"$HOME"/$tilde}"
"${command[@]}" || exit
if [[ $what == compile ]]; then printf 'COMPILE END AT %d\n' "$SECONDS"; fi
inventory After
printf 'Duration:  %d\n' "$SECONDS"
