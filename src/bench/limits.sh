#!/bin/sh
# Our side of docs/performance.md, one row after the other: every figure whole-process, best of the repetitions, with the
# share of what this machine reads and computes, measured by the same process.
#
#   src/bench/limits.sh SMALL_MODEL [WORK_FOLDER]
#
# SMALL_MODEL   SmolLM2-135M as a Hugging Face folder
# WORK_FOLDER   where quantized checkpoints go, about 3 GB; default: target/limits
#
# A peer's command in PEER, if set, is run before and after each row, so that both meet the same machine.
set -eu
cd "$(dirname "$0")/../.."
small=$1
work=${2:-target/limits}
shape=synthetic:configs/shapes/llama-3.2-1b.json
text=experiments/quickstart/stories.txt
repetitions=${REPETITIONS:-5}
mkdir -p "$work"

row() {
  echo
  echo "## $1"
  shift
  if [ -n "${PEER:-}" ]; then sh -c "$PEER"; fi
  "$@"
  if [ -n "${PEER:-}" ]; then sh -c "$PEER"; fi
}

timed() {
  start=$(date +%s.%N)
  "$@"
  end=$(date +%s.%N)
  echo "whole process: $(echo "$end - $start" | bc) s"
}

checkpoint() { # model method bits folder
  rm -rf "$work/$4"
  timed ./sinq4j quantize --no-cache --model "$1" --method "$2" --bits "$3" --group 64 --format sinq --out "$work/$4"
}

for method in rtn sinq; do
  row "quantize the 1B shape, $method, 4 bits" checkpoint "$shape" "$method" 4 "1b-$method-4"
done
for bits in 3 8; do
  row "quantize the 1B shape, sinq, $bits bits" checkpoint "$shape" sinq "$bits" "1b-sinq-$bits"
done
for method in rtn sinq hqq asinq; do
  row "quantize SmolLM2, $method, 4 bits" checkpoint "$small" "$method" 4 "small-$method-4"
done

for bits in 4 3 8; do
  row "1B shape, $bits bits: decode, context 0 to 128" \
    ./sinq4j bench --model "$work/1b-sinq-$bits" --prompt-tokens 1 --generate-tokens 128 --repetitions "$repetitions"
done
row "1B shape, bf16: decode, context 0 to 128" \
  ./sinq4j bench --model "$shape" --prompt-tokens 1 --generate-tokens 128 --repetitions "$repetitions"
for tokens in 512 2047; do
  row "1B shape, 4 bits: prefill $tokens" \
    ./sinq4j bench --model "$work/1b-sinq-4" --prompt-tokens $tokens --generate-tokens 1 --repetitions "$repetitions"
  row "1B shape, bf16: prefill $tokens" \
    ./sinq4j bench --model "$shape" --prompt-tokens $tokens --generate-tokens 1 --repetitions "$repetitions"
done
for context in 128 4096; do
  row "1B shape, 4 bits: decode at context $context" \
    ./sinq4j bench --model "$work/1b-sinq-4" --prompt-tokens $context --generate-tokens 16 --repetitions 3
done
row "SmolLM2 as it is: prefill 512, decode 128" ./sinq4j bench --model "$small" --repetitions "$repetitions"
row "SmolLM2, 4 bits: decode, context 0 to 128" \
  ./sinq4j bench --model "$work/small-sinq-4" --prompt-tokens 1 --generate-tokens 128 --repetitions "$repetitions"
for window in 16 2048; do # the difference of the two is about what a window itself takes, warm-up included
  row "SmolLM2: from the start to the end of a window of $window" \
    timed ./sinq4j perplexity --model "$small" --text "$text" --window $window --windows 1
done
