#!/usr/bin/env bash
# What the action of action.yml does, with the command testbed-report: a report of logs, texts proofread against them,
# and both as tables on the job's page. Outside of a job, it prints the tables.
#   job.sh LOGS OUT [PAGES]    PAGES are texts separated by blanks; patterns such as docs/*.md are expanded
# Exit status: 0 the site is built and no number is contradicted or missing, 1 something is, 2 bad usage.
set -uo pipefail

logs=${1:?a log or a folder of logs} out=${2:?the folder of the report} pages=${3-}
summary=${GITHUB_STEP_SUMMARY:-/dev/stdout}
outputs=${GITHUB_OUTPUT:-/dev/null}
status=0

testbed-report report "$logs" "$out" || exit
echo "site=$out/site" >>"$outputs"

{
  echo '## Runs'
  echo
  testbed-report runs "$logs" --format markdown
  echo
} >>"$summary"

# The shell expands the patterns and splits at blanks, as the input asks for.
# shellcheck disable=SC2086
set -- $pages
if [ $# -gt 0 ]; then
  testbed-report proofread "$@" "$logs" --format csv -o "$out/proofread.csv" || status=$?
  {
    echo '## Numbers of the texts'
    echo
    testbed-report proofread "$@" "$logs" --format markdown
  } >>"$summary"
fi
exit "$status"
