# shellcheck shell=bash
# What the run scripts share: options, checks, one log a run with a first and a last line that programs can read, signals,
# the wait in a queue, and resuming. Bash 4 or newer and GNU coreutils are all it needs.
#
# A script sets SYSTEM, EXPERIMENT, WORKLOAD, ABOUT and COSTS, declares its options, and calls:
#
#   option NAME KIND DEFAULT MEANING   declare --name; KIND: count counts number numbers file folder word flag
#   parse "$@"                         read the command line into OPTION[name]; lists are separated by blanks
#   check "SENTENCE" COMMAND...        a condition that must hold before anything starts, and what to do where it does not
#   check_space FOLDER MEGABYTES       room on the disk
#   step COMMAND...                    set something up; printed only in a dry run
#   run NAME=VALUE... -- COMMAND...    one experiment: as many runs as are missing, each into a log of its own
#   finish                             say what was done, and exit
#
# Exit status: 0 all runs are done; 1 a run failed; 2 bad usage, or a check that does not hold; 130 interrupted.

set -uo pipefail

declare -A OPTION=() _kind=() _meaning=()
declare -a _options=() SOFTWARE=()
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

# --- options ------------------------------------------------------------------------------------------------------

option() {
  _options+=("$1")
  _kind[$1]=$2 OPTION[$1]=$3 _meaning[$1]=$4
}

_common_options() {
  option repeat count 1 "how many good logs of each experiment there are to be"
  option out folder "$(_root)/raw_logs/${SYSTEM,,}" "where the logs go"
  option again flag '' "run even what has its logs already"
  option dry_run flag '' "print every command, start nothing"
  option poll number 5 "seconds between two looks at the queue"
}

_root() { (cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd); }

parse() {
  _common_options
  local name
  while (($#)); do
    case $1 in
      --help | -h)
        usage
        exit 0
        ;;
      --?*=*)
        set -- "${1%%=*}" "${1#*=}" "${@:2}"
        continue
        ;;
      --?*) name=${1#--} name=${name//-/_} ;;
      *) refuse "'$1' is no option; $(_known_options)" ;;
    esac
    [[ $name =~ ^[a-z_]+$ && -n ${_kind[$name]:-} ]] || refuse "unknown option $1; $(_known_options)"
    shift
    _take "$name" "$@"
    shift "$_taken"
  done
}

_known_options() {
  local flags=("${_options[@]/#/--}")
  printf 'allowed: %s --help' "${flags[*]//_/-}"
}

# Read the values of one option; sets _taken to how many words they are.
_take() {
  local name=$1 values=()
  shift
  _taken=0
  if [[ ${_kind[$name]} == flag ]]; then
    OPTION[$name]=yes
    return
  fi
  while (($#)) && [[ $1 != --* ]]; do
    values+=("$1")
    shift
    [[ ${_kind[$name]} == *s ]] || break
  done
  ((${#values[@]})) || refuse "--${name//_/-} needs a value: ${_meaning[$name]}"
  local value
  for value in "${values[@]}"; do _check_value "$name" "$value"; done
  OPTION[$name]=${values[*]}
  _taken=${#values[@]}
}

_check_value() {
  local flag=--${1//_/-}
  case ${_kind[$1]} in
    count | counts)
      [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || refuse "$flag: '$2' is no whole number from 1 to 999999999"
      ;;
    number | numbers)
      [[ $2 =~ ^(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$ && $2 =~ ^[^eE]*[1-9] ]] ||
        refuse "$flag: '$2' is no number above zero, written like 0.05 or 5e-2"
      ;;
    file) [[ -r $2 && -f $2 ]] || refuse "$flag: $2: no such file, or it cannot be read" ;;
    folder | word) [[ -n $2 && $2 != *$'\n'* ]] || refuse "$flag: an empty value" ;;
  esac
}

usage() {
  local name flag
  printf 'Usage: %s [OPTION VALUE...]...\n\n%s\n\nTakes: %s\n\nOptions:\n' "${0##*/}" "$ABOUT" "$COSTS"
  for name in "${_options[@]}"; do
    flag=--${name//_/-}
    [[ ${_kind[$name]} == flag ]] || flag+=" ${_kind[$name]^^}"
    [[ ${_kind[$name]} == *s ]] && flag+='...'
    printf '  %-28s %s%s\n' "$flag" "${_meaning[$name]}" "${OPTION[$name]:+ (${OPTION[$name]})}"
  done | sed "s#(${HOME:-/}/#(~/#"
  printf '\nExit status: 0 all runs are done; 1 a run failed; 2 bad usage, or a check that does not hold; 130 interrupted.\n'
}

dry() { [[ -n ${OPTION[dry_run]} ]]; }

# --- before anything starts ------------------------------------------------------------------------------------------

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
  check "${OPTION[out]}: logs cannot be written there; name another folder with --out" test -d "${OPTION[out]}" -a -w "${OPTION[out]}"
}

step() {
  if dry; then
    quoted "$@"
  else
    "$@" || refuse "the step '$(quoted "$@")' failed; its own words stand above"
  fi
}

# Print a command so that a shell would read it back.
quoted() {
  local word line=
  for word; do line+=" $(printf '%q' "$word")"; done
  printf '%s\n' "${line# }"
}

# --- the record ------------------------------------------------------------------------------------------------------

# Without the home folder and the account's name.
_public() {
  local text=$1 tilde='~' account
  [[ ${HOME:-/} == / ]] || text=${text//"$HOME"/$tilde}
  account=$(id -un 2>/dev/null) || account=
  [[ -z $account ]] || text=$(sed -E "s#(^|[^[:alnum:]_.-])$account([^[:alnum:]_.-]|\$)#\1\$USER\2#g" <<<"$text")
  printf '%s' "$text"
}

# A value as JSON: a number as it stands, else a string.
_json() {
  if [[ $1 =~ ^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$ ]]; then
    printf '%s' "$1"
    return
  fi
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"} text=${text//$'\n'/\\n} text=${text//$'\t'/\\t} text=${text//$'\r'/\\r}
  printf '"%s"' "${text//[$'\001'-$'\037']/}"
}

# Words NAME=VALUE as the inside of a JSON object; `strings` keeps versions like 2.10 from being numbers.
_members() {
  local form=$1 pair line=
  shift
  for pair; do
    line+=", \"${pair%%=*}\": "
    if [[ $form == strings ]]; then line+="\"${pair#*=}\""; else line+=$(_json "$(_public "${pair#*=}")"); fi
  done
  printf '%s' "${line#, }"
}

# What tells one experiment from another: the beginning of a log's first line.
_identity() {
  printf '#testbed-run {"format": 1, "system": "%s", "experiment": "%s", "workload": "%s", "parameters": {%s}, "command": ' \
    "$SYSTEM" "$EXPERIMENT" "$WORKLOAD" "$(_members values "$@")"
}

_now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Count the logs of an experiment whose last line says that all went well.
_good_logs() {
  local identity log first count=0
  identity=$(_identity "$@")
  for log in "${OPTION[out]}/$EXPERIMENT"-*.log; do
    [[ -f $log ]] || continue
    IFS= read -r first <"$log"
    [[ $first == "$identity"* && $(tail -n 1 "$log") == '#testbed-end {"exit_status": 0,'* ]] && count=$((count + 1))
  done
  printf '%s' "$count"
}

# Make the log, which must not be there yet, and print its path.
_new_log() {
  local stem=$EXPERIMENT pair name suffix='' number=1
  for pair; do
    name=${pair%%=*}
    [[ ${#NAMED[@]} -gt 0 && " ${NAMED[*]} " != *" $name "* ]] || stem+="-${name//_/-}-${pair#*=}"
  done
  stem=$(printf '%s' "$stem" | tr -c 'A-Za-z0-9.+-' _ | cut -c 1-180)-$(date -u +%Y%m%dT%H%M%SZ)
  until (set -C && : >"${OPTION[out]}/$stem$suffix.log") 2>/dev/null; do
    [[ -e ${OPTION[out]}/$stem$suffix.log ]] || return 1
    number=$((number + 1)) suffix=-$number
  done
  printf '%s' "${OPTION[out]}/$stem$suffix.log"
}

# --- running ---------------------------------------------------------------------------------------------------------

run() {
  local parameters=() good missing
  while [[ $1 != -- ]]; do
    parameters+=("$1")
    shift
  done
  shift
  if dry; then
    quoted "$@"
    return
  fi
  good=0
  [[ -n ${OPTION[again]} ]] || good=$(_good_logs "${parameters[@]}")
  missing=$((OPTION[repeat] - good))
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
  local begun=$SECONDS status last
  LOG=$(_new_log "${parameters[@]}") || refuse "${OPTION[out]}: no log can be made there; look at its permissions and the disk"
  say "$EXPERIMENT ${parameters[*]} -> $LOG"
  printf '%s%s, "software": {%s}, "started_at": "%s"}\n' "$(_identity "${parameters[@]}")" \
    "$(_json "$(_public "$(quoted "$@")")")" "$(_members strings "${SOFTWARE[@]+"${SOFTWARE[@]}"}")" "$(_now)" >>"$LOG" ||
    refuse "$LOG: cannot be written; make room on the disk, or name another folder with --out"
  trap '_on_signal INT' INT
  trap '_on_signal TERM' TERM
  trap '_on_signal HUP' HUP
  set -m # the command gets a process group of its own, which a signal can be sent to
  (_launch "$@") </dev/null >>"$LOG" 2>&1 &
  _child=$!
  set +m
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
    say "failed (exit status $status): $LOG"
    _failed=$((_failed + 1))
  else
    _done=$((_done + 1))
  fi
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

# --- the log on the terminal, and the queue ----------------------------------------------------------------------------

_watch() {
  set -m
  sleep infinity &
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

# Show a job that waits: its state and the time waited; on a terminal in one line, elsewhere whenever the state changes.
_show_wait() {
  local waited=$((SECONDS - $2)) end=$'\n'
  if [[ -t 2 ]]; then end=$'\r'; elif [[ $1 == "${_shown:-}" ]]; then return; fi
  _shown=$1
  printf 'waiting: job %s, %d:%02d%s' "$1" $((waited / 60)) $((waited % 60)) "$end" >&2
}

_watch_slurm() {
  local begun=$SECONDS job
  while :; do
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
  while :; do
    job=$(scontrol -o show job "$id" 2>&1)
    state=$(sed -nE 's/.* JobState=([A-Z_]+).*/\1/p' <<<"$job")
    reason=$(sed -nE 's/.* ExitCode=([0-9]+):([0-9]+).*/\1 \2/p' <<<"$job")
    case $state in
      COMPLETED | FAILED | CANCELLED | TIMEOUT | DEADLINE | PREEMPTED | OUT_OF_MEMORY | NODE_FAIL | BOOT_FAIL) break ;;
    esac
    if [[ $job == *'Invalid job id'* ]]; then
      printf 'Slurm: job %s is no longer known; how it ended cannot be told\n' "$id"
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

# The same with PBS. It hands a job's output over only at the end, so the job script itself appends to TESTBED_LOG and
# leaves its exit status in TESTBED_STATUS; what PBS has to say besides is appended then.
_follow_pbs() {
  local id='' state begun=$SECONDS
  export TESTBED_LOG=$LOG TESTBED_STATUS=$LOG.status
  trap '[[ -z $id ]] || qdel "$id"' TERM
  id=$("$1" -V -j oe -o "$LOG.pbs" "${@:2}") || return 1
  while state=$(qstat "$id" 2>/dev/null | awk 'NR > 2 { print $(NF - 1) }') && [[ -n $state && $state != [CF] ]]; do
    [[ $state == [RE] ]] || _show_wait "$id $state" "$begun" 2>&3
    _pause
  done
  [[ ! -f $LOG.pbs ]] || cat "$LOG.pbs"
  printf 'PBS: job %s ended\n' "$id"
  state=$(cat "$LOG.status" 2>/dev/null || echo 143) # nothing left: it was killed
  rm -f "$LOG.pbs" "$LOG.status"
  return "$state"
}

finish() {
  dry && exit 0
  say "$_done runs done, $_skipped experiments done before, $_failed failed"
  exit $((_failed > 0))
}
