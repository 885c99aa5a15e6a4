#!/usr/bin/env bash
# How do the requests at a time change the speed of a model that somebody serves?

# shellcheck source=scripts/run/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

SYSTEM=Served WORKLOAD=chat EXPERIMENT=served-chat
ABOUT="Asks a model behind an OpenAI-compatible endpoint, such as those of the SN40L (Metis) and of Sophia, with each
number of requests at a time. Times the first token and the whole of each answer. OPENAI_BASE_URL (https://HOST/.../v1)
and OPENAI_API_KEY name the endpoint and its key; no log and no message holds them."
COSTS="a network connection, and some minutes: each run asks every prompt --repetitions times. Python 3.8 or newer,
which PYTHON names, without packages. The endpoint may count your tokens."

option model word "" "the model's name at the endpoint; needed"
option service word "" "what serves the model, in your words, as SN40L; needed"
option prompts file "$(_root)/scripts/run/prompts.txt" "prompts, one per line"
option concurrency counts "1 4 16" "requests at a time, one run each"
option repetitions count 4 "how often a run asks each prompt"
option max_tokens count 128 "longest answer"
option timeout count 300 "seconds to wait for the endpoint"
parse "$@"

model=${OPTION[model]} service=${OPTION[service]} prompts=${OPTION[prompts]}
PYTHON=${PYTHON:-python3}
prompt_set=sha256-$(sha256sum <"$prompts" | cut -c 1-12)

check "--model: name the model, as the endpoint calls it" test -n "$model"
check "--service: say what serves the model, because the address is not in the log" test -n "$service"
check "OPENAI_BASE_URL is not set; export the endpoint's address, https://HOST/.../v1" test -n "${OPENAI_BASE_URL:-}"
check "$PYTHON: no such command; install Python, or name it with PYTHON" has "$PYTHON"
check_logs_folder
check_space "${OPTION[out]}" 10
versions "$PYTHON"
step cd "$(_root)"
NAMED=(model concurrency)
for concurrency in ${OPTION[concurrency]}; do
  run model="$model" service="$service" concurrency="$concurrency" repetitions="${OPTION[repetitions]}" \
    max_tokens="${OPTION[max_tokens]}" prompt_set="$prompt_set" -- \
    "$PYTHON" -m scripts.run.served --model "$model" --service "$service" --prompts "$prompts" \
    --concurrency "$concurrency" --repetitions "${OPTION[repetitions]}" --max-tokens "${OPTION[max_tokens]}" \
    --timeout "${OPTION[timeout]}"
done
finish
