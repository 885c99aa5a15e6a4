# shellcheck shell=bash
# Write a configuration of the model zoo with another batch size, number of steps and vocabulary. An empty value keeps
# what the configuration says. It knows the form of release 2.1 (train_input) and the later one (train_dataloader).
#
# bash cerebras_params.sh FROM TO BATCH_SIZE STEPS VOCABULARY

awk -v batch="$3" -v steps="$4" -v vocab="$5" '
  # The keys above a line, by their indentation.
  match($0, /^ *[A-Za-z_]+:/) {
    end = RLENGTH
    indent = match($0, /[A-Za-z_]/) - 1
    key = substr($0, indent + 1, end - indent - 1)
    while (depth && indents[depth] >= indent) depth--
    above = depth ? keys[depth] : ""
    keys[++depth] = key
    indents[depth] = indent
    if (key == "batch_size" && above ~ /^(train_input|train_dataloader)$/) { set(batch); batches++ }
    if (key == "max_steps" && above ~ /^(runconfig|loop)$/) { set(steps); limits++ }
    if (key == "vocab_file" && vocab != "") set("\"" vocab "\"")
  }
  { print }
  function set(value) { if (value != "") $0 = substr($0, 1, indent) key ": " value }
  END { exit batches != 1 ? 3 : steps != "" && limits != 1 ? 4 : 0 }' "$1" >"$2"
case $? in
  0) exit 0 ;;
  3) printf 'error: %s: it has no batch size of the training, or several\n' "$1" >&2 ;;
  4) printf 'error: %s: it has no max_steps of the training, or several\n' "$1" >&2 ;;
  *) printf 'error: %s: cannot be written from %s\n' "$2" "$1" >&2 ;;
esac
rm -f "$2"
exit 1
