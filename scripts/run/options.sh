# shellcheck shell=bash
# The options of the run scripts: declared, read, checked, explained. A part of lib.sh.

declare -A OPTION=() _kind=() _meaning=()
declare -a _options=()

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
      *) refuse "'$1' is not an option; $(_known_options)" ;;
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
  # The scripts go elsewhere meanwhile.
  [[ ${_kind[$name]} != @(file|folder) ]] || values=("$(realpath -m -- "${values[0]}")")
  OPTION[$name]=${values[*]}
  _taken=${#values[@]}
}

_check_value() {
  local flag=--${1//_/-}
  case ${_kind[$1]} in
    count | counts)
      [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || refuse "$flag: '$2' is not a whole number from 1 to 999999999"
      ;;
    number | numbers)
      [[ $2 =~ ^(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$ && $2 =~ ^[^eE]*[1-9] ]] ||
        refuse "$flag: '$2' is not a number above zero, written like 0.05 or 5e-2"
      ;;
    file) [[ -r $2 && -f $2 ]] || refuse "$flag: $2: no such file, or it cannot be read" ;;
    folder | word) [[ -n $2 && $2 != *$'\n'* ]] || refuse "$flag: an empty value" ;;
  esac
}

usage() {
  local name flag
  printf 'Usage: %s [OPTION VALUE...]...\n\n%s\n\n' "${0##*/}" "$ABOUT"
  [[ -z ${RETIRED:-} ]] || printf 'Retired: %s\n\n' "$RETIRED"
  printf 'Takes: %s\n\nOptions:\n' "$COSTS"
  for name in "${_options[@]}"; do
    flag=--${name//_/-}
    [[ ${_kind[$name]} == flag ]] || flag+=" ${_kind[$name]^^}"
    [[ ${_kind[$name]} == *s ]] && flag+='...'
    printf '  %-28s %s%s\n' "$flag" "${_meaning[$name]}" "${OPTION[$name]:+ (${OPTION[$name]})}"
  done | sed "s#(${HOME:-/}/#(~/#"
  printf '\nCtrl-C or a lost connection stops the run, and its job: work in tmux or screen. '
  printf 'The same command then\ncontinues with what is missing.\n'
  printf '\nExit status: 0 all runs are done; 1 a run failed; 2 bad usage or a check that fails; 130 stopped.\n'
}
