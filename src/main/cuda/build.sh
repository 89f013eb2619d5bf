#!/bin/sh
# Compiles the kernels: one fat binary for each .cu, into src/main/resources/dev/sinq4j/cuda, with manifest.json beside them.
#
#   src/main/cuda/build.sh               compiles what has changed, for every architecture
#   src/main/cuda/build.sh FILE...       only these, such as attention.cu
#   ARCHS="90" src/main/cuda/build.sh    a quick check while developing: into target/cuda, nothing committed changes
#
# nvcc 13.0 is taken from $NVCC, else from the PATH. The binaries are committed; StaleBinariesTest fails where a source is not
# the one that its binary was compiled from. Two builds of the same sources give the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
resources=$root/src/main/resources/dev/sinq4j/cuda
manifest=$resources/manifest.json
usage=$here/resources.tsv
table=$root/docs/gpu-resources.md
quick=${ARCHS:+yes}
archs=${ARCHS:-80 86 89 90 100 120}
ptx=80
common="-O3 -std=c++17 --fatbin -Xptxas=-v -Xfatbin=-compress-all"
nvcc=${NVCC:-nvcc}

command -v "$nvcc" >/dev/null || {
    echo "$0: no nvcc: set NVCC to that of CUDA 13.0, or put it on the PATH" >&2
    exit 3
}
version=$("$nvcc" --version | sed -n 's/.*, V\([0-9.]*\)$/\1/p')
case $version in
    13.0.*) ;;
    *) echo "$0: expected nvcc 13.0, found $version: another compiler makes other binaries" >&2; exit 3 ;;
esac

hash() { sha256sum "$1" | cut -d' ' -f1; }

# What decides codes must round every product and sum by itself, as the CPU does.
flags_of() {
    case $1 in
        quantize*|hqq*|activation_search*) echo "$common --fmad=false" ;;
        *) echo "$common" ;;
    esac
}

# The files of this folder that $1 includes, itself first, headers of headers too.
sources_of() {
    seen=" $1 "
    open=$1
    while [ -n "$open" ]; do
        next=
        for file in $open; do
            for included in $(sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$here/$file"); do
                [ -f "$here/$included" ] || continue
                case $seen in *" $included "*) continue ;; esac
                seen="$seen$included "
                next="$next $included"
            done
        done
        open=$next
    done
    echo $seen
}

# The manifest's entry of module $1 as it would be now, its binary in $2.
entry() {
    printf '    "%s": {\n      "flags": "%s",\n      "architectures": "%s",\n      "nvcc": "%s",\n      "sources": {' \
        "$1" "$(flags_of "$1.cu")" "$archs" "$version"
    separator=
    for file in $(sources_of "$1.cu"); do
        printf '%s\n        "%s": "%s"' "$separator" "$file" "$(hash "$here/$file")"
        separator=,
    done
    printf '\n      },\n      "binary": "%s"\n    }' "$(hash "$2")"
}

# Whether the manifest holds exactly this entry.
is_current() {
    [ -f "$resources/$1.fatbin" ] && [ -f "$manifest" ] || return 1
    entry "$1" "$resources/$1.fatbin" | awk '
        NR == FNR { want[NR] = $0; count = NR; next }
        { sub(/^    },$/, "    }"); have[FNR] = $0; lines = FNR }
        END {
            for (start = 1; start <= lines; start++) {
                for (i = 1; i <= count && have[start + i - 1] == want[i]; i++) ;
                if (i > count) exit 0
            }
            exit 1
        }' - "$manifest"
}

# ptxas -v on standard input, as lines: module, kernel, architecture, registers, shared bytes, stack bytes, spilled bytes.
resources_of() {
    awk -v module="$1" -v OFS='\t' '
        /Compiling entry function/ {
            kernel = $0; sub(/.*entry function .\047?/, "", kernel); sub(/\047.*/, "", kernel); sub(/^\047/, "", kernel)
            split($0, quoted, "\047"); kernel = quoted[2]; arch = quoted[4]
        }
        /bytes stack frame/ { stack = $1; spill = $5 + $9; if (!match($0, /spill/)) spill = 0 }
        /Used [0-9]+ registers/ {
            registers = $0; sub(/.*Used /, "", registers); sub(/ registers.*/, "", registers)
            shared = 0
            if (match($0, /[0-9]+ bytes smem/)) { shared = substr($0, RSTART, RLENGTH); sub(/ .*/, "", shared) }
            print module, kernel, arch, registers, shared, stack, spill
        }'
}

# resources.tsv on standard input, as a document: a row a kernel, sm_80 and sm_90 side by side. Warps are those that registers leave room for,
# of 64: a multiprocessor has 65536 of them, a warp takes them in portions of 256.
table_of() {
    cat <<'END'
# What the kernels take

Written by `src/main/cuda/build.sh` from what `ptxas -v` says (`src/main/cuda/resources.tsv`, which has every architecture). Of a thread: registers,
bytes of stack, and bytes that did not fit into registers and are written out and read back (spilled). Of a block: bytes of static
shared memory; dynamic shared memory is in each kernel's comment. *Warps* is the occupancy that registers leave room for, of 64 warps on a
multiprocessor, before whole blocks and shared memory are counted. None of it was measured on a GPU.

END
    awk -F'\t' '
        function warps(registers) {
            room = int(65536 / (int((registers * 32 + 255) / 256) * 256))
            return room > 64 ? 64 : room
        }
        { spilled += $7; stack += $6; count++ }
        $3 == "sm_80" || $3 == "sm_90" {
            key = $1 " | " $2
            if (!(key in seen)) { seen[key] = 1; keys[++n] = key }
            of[key, $3] = $4 " | " $5 " | " $6 " | " $7 " | " warps($4)
        }
        END {
            printf "%d kernels for %d architectures: %d bytes spilled, %d bytes of stack in all of them together.\n\n", n, count / n, spilled, stack
            print "| file | kernel | sm_80: registers | static shared | stack | spilled | warps | sm_90: registers | static shared | stack | spilled | warps |"
            print "|---|---|---|---|---|---|---|---|---|---|---|---|"
            for (i = 1; i <= n; i++) print "| " keys[i] " | " of[keys[i], "sm_80"] " | " of[keys[i], "sm_90"] " |"
        }'
}

# The binary does not say where it was compiled: nvcc runs inside this folder, on relative names.
compile() {
    code=
    for arch in $archs; do code="$code -gencode=arch=compute_$arch,code=sm_$arch"; done
    [ "$quick" ] || code="$code -gencode=arch=compute_$ptx,code=compute_$ptx"
    (cd "$here" && nice "$nvcc" $(flags_of "$1.cu") $code -o "$2" "$1.cu") >"$2.log" 2>&1 || {
        grep -v "^ptxas info" "$2.log" >&2
        echo "$0: $1.cu does not compile" >&2
        exit 1
    }
    grep -v "^ptxas info\|bytes stack frame\|^$" "$2.log" >&2 || true
}

work=$root/target/cuda
mkdir -p "$work" "$resources"
cd "$here"
files=${*:-$(ls *.cu)}

for file in $files; do
    module=$(basename "$file" .cu)
    if [ "$quick" ]; then
        echo "$module.cu for $archs"
        compile "$module" "$work/$module.fatbin"
        resources_of "$module" <"$work/$module.fatbin.log"
        continue
    fi
    is_current "$module" && continue
    echo "$module.cu"
    compile "$module" "$work/$module.fatbin"
    mv "$work/$module.fatbin" "$resources/$module.fatbin"
    touch "$usage"
    {
        awk -F'\t' -v module="$module" '$1 != module' "$usage"
        resources_of "$module" <"$work/$module.fatbin.log"
    } | LC_ALL=C sort >"$usage.new"
    mv "$usage.new" "$usage"
    entry "$module" "$resources/$module.fatbin" >"$work/$module.entry"
done
[ "$quick" ] && exit 0

# Entries of modules that were not compiled now stay as the manifest has them.
{
    printf '{\n  "modules": {\n'
    separator=
    for file in *.cu; do
        module=${file%.cu}
        [ -f "$resources/$module.fatbin" ] || continue
        printf '%s' "$separator"
        if [ -f "$work/$module.entry" ]; then
            cat "$work/$module.entry"
        else
            awk -v start="    \"$module\": {" '
                $0 == start { inside = 1 }
                inside && /^    },?$/ { printf "    }"; exit }
                inside { print }' "$manifest"
        fi
        separator=',
'
    done
    printf '\n  }\n}\n'
} >"$manifest.new"
mv "$manifest.new" "$manifest"
mkdir -p "${table%/*}"
table_of <"$usage" >"$table"
rm -f "$work"/*.entry
for binary in "$resources"/*.fatbin; do
    [ -f "$here/$(basename "$binary" .fatbin).cu" ] || rm -f "$binary"
done
