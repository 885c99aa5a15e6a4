# shellcheck shell=bash
# How the run scripts go through a queue: Slurm (sbatch, srun) or PBS (qsub). A part of lib.sh.

has_partition() { [[ -n $(sinfo -h -p "$1" -o %P 2>/dev/null) ]]; }

# Check that a partition has so many nodes; Slurm itself would let a job that asks for more wait for ever.
check_nodes() {
  local nodes
  nodes=$(sinfo -h -p "$1" -o %D 2>/dev/null | awk '{ sum += $1 } END { print sum + 0 }')
  check "$3 needs $2 nodes, and partition '$1' has ${nodes:-none}" test "${nodes:-0}" -ge "$2"
}

# Check that Slurm is there, answers, and has the partition.
check_slurm() {
  local command
  for command in sbatch srun squeue scontrol scancel sinfo; do
    check "$command: no such command; Slurm's commands are on the system's own nodes, so log in to one" has "$command"
  done
  check "Slurm does not answer; try again, or ask for help with what 'sinfo' says" sinfo
  [[ -z $1 ]] || check "Slurm has no partition '$1'; 'sinfo' lists them, and --partition names one" has_partition "$1"
}

# Show a job that waits: its state and the time waited; on a terminal in one line, elsewhere whenever the state changes.
_show_wait() {
  local waited=$((SECONDS - $2)) end=$'\n'
  if [[ -t 2 ]]; then end=$'\r'; elif [[ $1 == "${_shown:-}" ]]; then return; fi
  _shown=$1
  printf 'waiting: job %s, %d:%02d%s' "$1" $((waited / 60)) $((waited % 60)) "$end" >&2
}

_watch_slurm() {
  local begun=$SECONDS job
  while kill -0 "$$" 2>/dev/null; do
    job=$(squeue -h -n "$SLURM_JOB_NAME" -t PENDING -o '%i %T (%r)' 2>/dev/null | head -n 1)
    [[ -z $job ]] || _show_wait "$job" "$begun"
    sleep "${OPTION[poll]}"
  done
}

_pause() {
  sleep "${OPTION[poll]}" &
  wait $!
}

# Submit a batch job whose output goes to the log, and wait for its end; a signal cancels it.
_follow_slurm() {
  local id job state reason
  trap 'scancel --name="$SLURM_JOB_NAME" --user="$(id -u)"' TERM
  id=$("$1" --parsable --output="${LOG//%/%%}" --open-mode=append "${@:2}") || return 1
  id=${id%%;*}
  while kill -0 "$$" 2>/dev/null; do
    job=$(scontrol -o show job "$id" 2>&1)
    state=$(sed -nE 's/.* JobState=([A-Z_]+).*/\1/p' <<<"$job")
    reason=$(sed -nE 's/.* ExitCode=([0-9]+):([0-9]+).*/\1 \2/p' <<<"$job")
    case $state in
      COMPLETED | FAILED | CANCELLED | TIMEOUT | DEADLINE | PREEMPTED | OUT_OF_MEMORY | NODE_FAIL | BOOT_FAIL) break ;;
    esac
    if [[ $job =~ ' Reason='(BadConstraints|PartitionNodeLimit|PartitionTimeLimit|Invalid[A-Za-z]+)' ' ]]; then
      scancel "$id"
      printf 'Slurm: job %s can never start (%s) and is cancelled\n' "$id" "${BASH_REMATCH[1]}"
      return 1
    fi
    if [[ $job == *'Invalid job id'* ]]; then
      printf 'Slurm: job %s is no longer known, so its outcome is not known\n' "$id"
      return 1
    fi
    _pause
  done
  printf 'Slurm: job %s %s\n' "$id" "$state"
  case $state in
    CANCELLED | TIMEOUT | DEADLINE | PREEMPTED) return 143 ;;
    OUT_OF_MEMORY) return 137 ;;
    COMPLETED) return 0 ;;
  esac
  reason=${reason%% *}
  return $((reason > 0 ? reason : 1))
}

# The same with PBS: qsub OPTION... -- COMMAND... PBS hands a job's output over only at the end, so the job script
# appends to the log itself and leaves its exit status beside it; what PBS has to say besides is appended at the end.
_follow_pbs() {
  local id='' state begun=$SECONDS options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  shift
  printf '#!/bin/bash\nexec >>%q 2>&1\ntrap '\''echo $? >%q'\'' EXIT\ncd %q || exit 1\n%s\n' \
    "$LOG" "$LOG.status" "$PWD" "$(quoted "$@")" >"$LOG.job" || return 1
  trap '[[ -z $id ]] || qdel "$id"' TERM
  id=$("${options[@]}" -N "$SLURM_JOB_NAME" -V -j oe -o "$LOG.pbs" "$LOG.job") || {
    printf '%s\n' "$id"
    rm -f "$LOG.job"
    return 1
  }
  while kill -0 "$$" 2>/dev/null && state=$(_pbs_state "$id") && [[ -n $state && $state != [CF] ]]; do
    [[ $state == [RE] ]] || _show_wait "$id $state" "$begun" 2>&3
    _pause
  done
  [[ ! -s $LOG.pbs ]] || cat "$LOG.pbs"
  printf 'PBS: job %s ended\n' "$id"
  state=$(cat "$LOG.status" 2>/dev/null || echo 143) # nothing left: it was killed
  rm -f "$LOG.pbs" "$LOG.status" "$LOG.job"
  return "$state"
}

# One letter: Q waits, R runs, C or F is over, nothing is no longer known.
_pbs_state() { qstat "$1" 2>/dev/null | awk 'NR > 2 { print $(NF - 1) }'; }
