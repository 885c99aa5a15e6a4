# shellcheck shell=bash
# What the run scripts share: options, checks, one log a run with a first and a last line that programs can read,
# signals, the wait in a queue, and resuming. Bash 4 or newer and GNU coreutils are all it needs.
#
# A script sets SYSTEM, EXPERIMENT, WORKLOAD, ABOUT and COSTS, declares its options, and calls what is listed below. It
# sets RETIRED where it is for a system that the testbed no longer has.
#
#   option NAME KIND DEFAULT MEANING   declare --name; KIND: count counts number numbers file folder word flag
#   parse "$@"                         read the command line into OPTION[name]; lists are separated by blanks
#   check "SENTENCE" COMMAND...        a condition that must hold before anything starts, and what to do where not
#   check_space FOLDER MEGABYTES       room on the disk
#   step COMMAND...                    set something up; printed only in a dry run
#   run NAME=VALUE... -- COMMAND...    one experiment: as many runs as are missing, each into a log of its own;
#                                      {log} in a word of the command stands for the log's name
#   run_now NAME=VALUE... -- COMMAND...  one run of it, whatever logs there are
#   versions PYTHON [NAME:]PACKAGE...  add the versions that are installed to SOFTWARE
#   finish                             say what was done, and exit
#
# Exit status: 0 all runs are done; 1 a run failed; 2 bad usage, or a check that does not hold; 130 stopped.

set -uo pipefail

_root() { dirname "$(dirname "$_here")"; }

_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/run/options.sh
. "$_here/options.sh"
# shellcheck source=scripts/run/queue.sh
. "$_here/queue.sh"

SOFTWARE=()       # what a log says of the software, NAME=VERSION; `sdk` is the vendor's own
NAMED=()          # the parameters that stand in a log's name; all of them where a script names none
LOG=''            # the log of the run that is going on
_child=''         # its process
_stopped=''       # the signal that came
_tail=''          # what shows the log meanwhile
_helpers=()       # what keeps that going, and shows the queue
QUEUE=''          # slurm or pbs, where the commands go through one
_done=0 _skipped=0 _failed=0

exec 3>&2 # the terminal, also for what writes into a log
export SLURM_JOB_NAME=testbed-$$ SBATCH_JOB_NAME=testbed-$$

say() { printf '%s\n' "$*" >&2; }

refuse() {
  say "error: $*"
  exit 2
}

dry() { [[ -n ${OPTION[dry_run]} ]]; }

# --- before anything starts -----------------------------------------------------------------------------------------

# A dry run goes on past a check that does not hold, and says where the run would have stopped.
check() {
  local sentence=$1
  shift
  "$@" >/dev/null 2>&1 && return
  dry || refuse "$sentence"
  say "would stop here: $sentence"
}

has() { command -v "$1" >/dev/null; }

check_space() {
  local folder=$1 free
  while [[ ! -e $folder ]]; do folder=$(dirname "$folder"); done
  free=$(df -Pk "$folder" 2>/dev/null | awk 'NR == 2 { print int($4 / 1024) }')
  check "$1: ${free:-no} MB free and $2 MB are needed; make room, or name another folder" test "${free:-0}" -ge "$2"
}

check_logs_folder() {
  dry && return
  mkdir -p "${OPTION[out]}" 2>/dev/null
  check "${OPTION[out]}: logs cannot be written there; name another folder with --out" \
    test -d "${OPTION[out]}" -a -w "${OPTION[out]}"
}

step() {
  if dry; then
    quoted "$@"
  else
    "$@" || refuse "the step '$(quoted "$@")' failed; its own words stand above"
  fi
}

versions() {
  local python=$1 found
  found=$("$python" - "${@:2}" 2>/dev/null <<'PYTHON'
import importlib.metadata as metadata
import platform
import sys

print("python=" + platform.python_version())
for wanted in sys.argv[1:]:
    name, _, package = wanted.rpartition(":")
    try:
        print((name or package) + "=" + metadata.version(package))
    except metadata.PackageNotFoundError:
        pass
PYTHON
  )
  [[ -z $found ]] || mapfile -t -O "${#SOFTWARE[@]}" SOFTWARE <<<"$found"
}

# Print a command so that a shell would read it back.
quoted() {
  local word line=
  for word; do
    if [[ $word =~ ^[A-Za-z0-9_@%+=:,./{}-]+$ ]]; then line+=" $word"; else line+=" $(printf '%q' "$word")"; fi
  done
  printf '%s\n' "${line# }"
}

# --- the record -----------------------------------------------------------------------------------------------------

# Without the home folder and the account's name.
_public() {
  local text=$1 tilde='~' account
  [[ ${HOME:-/} == / ]] || text=${text//"$HOME"/$tilde}
  account=$(id -un 2>/dev/null)
  account="s#(^|[^[:alnum:]_.-])${account:-nobody}([^[:alnum:]_.-]|\$)#\1\$USER\2#g"
  text=$(sed -E -e "$account" -e "$account" <<<"$text") # twice: what parts two names belongs to the first
  printf '%s' "$text"
}

# A value as JSON: a number as it stands, else a string.
_json() {
  if [[ $1 =~ ^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$ ]]; then
    printf '%s' "$1"
  else
    _string "$1"
  fi
}

_string() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t} text=${text//$'\r'/\\r}
  printf '"%s"' "${text//[$'\001'-$'\037']/}"
}

# Words NAME=VALUE as the inside of a JSON object, each value as _json or _string has it.
_members() {
  local form=$1 pair line=
  shift
  for pair; do
    line+=", \"${pair%%=*}\": "
    line+=$("$form" "$(_public "${pair#*=}")")
  done
  printf '%s' "${line#, }"
}

# What tells one experiment from another: the beginning of a log's first line.
_identity() {
  printf '#testbed-run {"format": 1, "system": "%s", "experiment": "%s", "workload": "%s", "parameters": {%s}, ' \
    "$SYSTEM" "$EXPERIMENT" "$WORKLOAD" "$(_members _json "$@")"
}

_now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Count the logs of an experiment whose last line says that all went well.
_good_logs() {
  local identity log first last count=0
  identity=$(_identity "$@")
  for log in "${OPTION[out]}/$EXPERIMENT"-*.log; do
    [[ -f $log ]] || continue
    IFS= read -r first <"$log"
    last=$(tail -n 1 "$log")
    [[ $first == "$identity"* && $last == '#testbed-end {"exit_status": 0,'* && $last != *'"signal"'* ]] || continue
    count=$((count + 1))
  done
  printf '%s' "$count"
}

# What the logs of an experiment are called, before the time and the ending.
_stem() {
  local stem=$EXPERIMENT pair name
  for pair; do
    name=${pair%%=*}
    [[ ${#NAMED[@]} -gt 0 && " ${NAMED[*]} " != *" $name "* ]] || stem+="-${name//_/-}-${pair#*=}"
  done
  printf '%s' "$stem" | tr -c 'A-Za-z0-9.+-' _ | cut -c 1-180
}

# Make the log, which must not be there yet, and print its path.
_new_log() {
  local stem suffix='' number=1
  stem=$(_stem "$@")-$(date -u +%Y%m%dT%H%M%SZ)
  until (set -C && : >"${OPTION[out]}/$stem$suffix.log") 2>/dev/null; do
    [[ -e ${OPTION[out]}/$stem$suffix.log ]] || return 1
    number=$((number + 1)) suffix=-$number
  done
  printf '%s' "${OPTION[out]}/$stem$suffix.log"
}

# --- what is shown meanwhile ----------------------------------------------------------------------------------------

_watch() {
  set -m
  tail -f -s 0.2 --pid="$$" /dev/null & # ends with the script, however that ends
  _helpers=($!)
  tail -c +1 -f -s 0.2 --pid="$!" "$LOG" & # ends with the process before, when it has shown all
  _tail=$!
  if [[ $QUEUE == slurm ]]; then
    _watch_slurm &
    _helpers+=($!)
  fi
  set +m
}

_unwatch() {
  local helper
  for helper in "${_helpers[@]}"; do kill -- "-$helper"; done
  wait "$_tail" "${_helpers[@]}"
}

# --- running --------------------------------------------------------------------------------------------------------

# One experiment: as many runs as are missing.
run() { _experiment missing "$@"; }

# One run, whatever logs there are.
run_now() { _experiment now "$@"; }

_experiment() {
  local when=$1 parameters=() good=0 missing=1 name
  shift
  while [[ $1 != -- ]]; do
    parameters+=("$1")
    shift
  done
  shift
  if dry; then
    name=$(_stem "${parameters[@]}")
    quoted "${@//"{log}"/$name}"
    return
  fi
  if [[ $when == missing ]]; then
    [[ -n ${OPTION[again]} ]] || good=$(_good_logs "${parameters[@]}")
    missing=$((OPTION[repeat] - good))
  fi
  if ((missing <= 0)); then
    say "$EXPERIMENT ${parameters[*]}: done before, $good logs (--again runs it again)"
    _skipped=$((_skipped + 1))
    return
  fi
  while ((missing > 0)); do
    _run_once "$@"
    missing=$((missing - 1))
  done
}

# One run. Its parameters are those of the caller.
_run_once() {
  local begun=$SECONDS name command status last
  LOG=$(_new_log "${parameters[@]}") ||
    refuse "${OPTION[out]}: no log can be made there; look at its permissions and the disk"
  name=$(basename "$LOG" .log)
  say "$EXPERIMENT ${parameters[*]} -> $LOG"
  command=$(_string "$(_public "$(quoted "$@")")")
  printf '%s"command": %s, "software": {%s}, "started_at": "%s"}\n' "$(_identity "${parameters[@]}")" "$command" \
    "$(_members _string "${SOFTWARE[@]+"${SOFTWARE[@]}"}")" "$(_now)" >>"$LOG" ||
    refuse "$LOG: cannot be written; make room on the disk, or name another folder with --out"
  trap : PIPE # whoever reads our words may go; the run and its log go on
  trap '_on_signal INT' INT
  trap '_on_signal TERM' TERM
  trap '_on_signal HUP' HUP
  set -m # the command gets a process group of its own, which a signal can be sent to
  (_launch "${@//"{log}"/$name}") </dev/null >>"$LOG" 2>&1 &
  _child=$!
  set +m
  [[ -z $_stopped ]] || kill -TERM -- "-$_child" # the signal came just before
  _watch
  while :; do
    wait "$_child"
    status=$?
    kill -0 "$_child" 2>/dev/null || break
  done
  if [[ -n $_stopped ]]; then # the wait was cut short
    wait "$_child"
    last=$?
    ((last == 127)) || status=$last
  fi
  trap - INT TERM HUP
  _child=''
  _end_log "$status" $((SECONDS - begun)) || status=1
  _unwatch
  if [[ -n $_stopped ]]; then
    say "stopped ($_stopped): $LOG says so; the same command continues with what is missing"
    exit 130
  fi
  if ((status)); then
    say "failed (exit status $status): $LOG$(_last_words)"
    _failed=$((_failed + 1))
  else
    _done=$((_done + 1))
  fi
}

# What the program said last.
_last_words() {
  local words
  words=$(tail -n 20 "$LOG" | grep -v '^#testbed-' | grep '[^[:space:]]' | tail -n 1 | tail -c 300)
  printf '%s' "${words:+: $words}"
}

_launch() {
  case $1 in
    sbatch) _follow_slurm "$@" ;;
    qsub) _follow_pbs "$@" ;;
    *) exec "$@" ;;
  esac
}

# The first signal asks the run to end, the second one ends it.
_on_signal() {
  local how=TERM
  [[ -z $_stopped ]] || how=KILL
  _stopped=$1
  [[ -z $_child ]] || kill -"$how" -- "-$_child" 2>/dev/null
}

_end_log() {
  local signal=$_stopped newline=''
  case $1 in
    129) signal=${signal:-HUP} ;;
    130) signal=${signal:-INT} ;;
    137) signal=${signal:-KILL} ;;
    143) signal=${signal:-TERM} ;;
  esac
  [[ -z $(tail -c 1 "$LOG") ]] || newline=$'\n'
  printf '%s#testbed-end {"exit_status": %d, "seconds": %d, "ended_at": "%s"%s}\n' "$newline" "$1" "$2" "$(_now)" \
    "${signal:+, \"signal\": \"$signal\"}" 2>/dev/null >>"$LOG" && return
  say "error: $LOG: its last line cannot be written; make room on the disk, then start again"
  return 1
}

finish() {
  dry && exit 0
  say "$_done runs done, $_skipped experiments done before, $_failed failed"
  exit $((_failed > 0))
}
