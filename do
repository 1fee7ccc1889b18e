#!/usr/bin/env bash
# ./do VERB: the one door to building, running and testing Préau on Debian 12. `./do help` lists the verbs.
set -euo pipefail
cd "$(dirname "$0")"
export CCACHE_SLOPPINESS=pch_defines,time_macros
jobs=$(nproc)

say() { printf '\033[1m» %s\033[0m\n' "$*" >&2; }
fail() { printf 'do: %s\n' "$*" >&2; exit 1; }

# Installs the Debian packages of packages.txt and the npm packages of package-lock.json that are missing.
setup() {
    local missing=() root=()
    while read -r package; do
        [[ -z "$package" || "$package" == \#* ]] && continue
        # Another package may provide it (node from elsewhere provides node and npm).
        case "$package" in nodejs) command -v node >/dev/null && continue ;; npm) command -v npm >/dev/null && continue ;; esac
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
    done <packages.txt
    if ((${#missing[@]})); then
        say "Installing ${#missing[@]} Debian packages"
        if ((EUID != 0)); then
            command -v sudo >/dev/null || fail "these packages are missing, ask an administrator: apt-get install ${missing[*]}"
            root=(sudo)
        fi
        "${root[@]}" apt-get update -q
        DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
    fi
    if ! cmp -s package-lock.json node_modules/.installed-lock; then
        say "Installing npm packages"
        npm ci --no-audit --no-fund --loglevel=error
        cp package-lock.json node_modules/.installed-lock
    fi
}

configure() { # PRESET
    [[ -f build/$1/build.ninja ]] || cmake --preset "$1" >build-"$1".log 2>&1 || { cat build-"$1".log; exit 1; }
    rm -f build-"$1".log
}
build() { # PRESET TARGETS…
    local preset=$1
    shift
    configure "$preset"
    ninja -C "build/$preset" -j"$jobs" "$@"
}

# A PostgreSQL 15 cluster of our own, in a temporary directory, on a Unix socket only. It is thrown away, so it need not
# survive a power cut: tests that cut the power cut ours.
start_postgres() {
    local bin=/usr/lib/postgresql/15/bin
    postgres_directory=$(mktemp -d /tmp/preau-pg.XXXXXX)
    as_postgres=()
    if ((EUID == 0)); then # PostgreSQL refuses root
        chown postgres "$postgres_directory"
        as_postgres=(setpriv --reuid=postgres --regid=postgres --init-groups)
    fi
    (cd "$postgres_directory" && "${as_postgres[@]}" $bin/initdb -D "$postgres_directory/data" -E UTF8 --locale=C -A trust -U preau >"$postgres_directory/initdb.log" 2>&1) ||
        { cat "$postgres_directory/initdb.log"; fail "PostgreSQL did not start"; }
    (cd "$postgres_directory" && "${as_postgres[@]}" $bin/pg_ctl -D "$postgres_directory/data" -w -l "$postgres_directory/data/log" \
        -o "-c listen_addresses= -c unix_socket_directories=$postgres_directory -c max_connections=300 -c fsync=off -p 5432" start >/dev/null) ||
        { cat "$postgres_directory/data/log"; fail "PostgreSQL did not start"; }
    export PREAU_TEST_PG="host=$postgres_directory port=5432 user=preau dbname=postgres"
    trap stop_postgres EXIT
}
stop_postgres() {
    (cd "$postgres_directory" && "${as_postgres[@]}" /usr/lib/postgresql/15/bin/pg_ctl -D "$postgres_directory/data" -m immediate stop >/dev/null 2>&1) || true
    rm -rf "$postgres_directory"
}

test_all() {
    local select=()
    [[ "${1:-}" == --deep ]] && { export PREAU_DEEP=1; shift; }
    (($#)) && select=("$@")
    setup
    say "Building the tests (ASan, UBSan) and the release server"
    build asan
    build tsan db_test http_test bus_test
    build release preau
    start_postgres
    say "Testing"
    ctest --test-dir build/asan --output-on-failure --no-tests=error -j "$jobs" "${select[@]}"
}

check() {
    setup
    local changed
    changed=$(git diff --name-only --diff-filter=d HEAD -- '*.cpp' '*.hpp'; git ls-files --others --exclude-standard -- '*.cpp' '*.hpp')
    configure asan
    if [[ -n "$changed" ]]; then
        say "Format"
        # shellcheck disable=SC2086
        clang-format-19 --dry-run --Werror $changed
    fi
    say "Lint"
    node tests/lint.mjs
    say "Build"
    build asan
    if [[ -n "$changed" ]]; then
        say "Tidy"
        grep '\.cpp$' <<<"$changed" | xargs -r -P "$jobs" -n 1 clang-tidy-19 --quiet -p build/asan
    fi
    start_postgres
    say "Fast tests"
    ctest --test-dir build/asan --output-on-failure -L fast -j "$jobs"
}

run() {
    setup
    build release preau
    local data=${PREAU_DATA:-data}
    if [[ ! -e $data/main.db ]]; then
        say "A demonstration school in $data/ (delete the folder to start again)"
        local password
        password=$(tr -dc 'a-z2-9' </dev/urandom | head -c 14 || true)
        build/release/preau demo --data "$data" --password "$password"
        printf '\n  Sign in at http://localhost:8080/signin as "teacher", password "%s"\n  (also: colleague, head, secretary, inspector, manager, admin;\n   admin adds a second factor first: a passkey, or an application, or oathtool --totp --base32 KEY)\n\n' "$password" | tee "$data/sign-in.txt"
    else
        cat "$data/sign-in.txt" 2>/dev/null || true
    fi
    exec build/release/preau serve --data "$data" "$@"
}

bench() {
    setup
    build release
    (($#)) || { ls bench/*.mjs | sed 's,bench/,  ./do bench ,; s,\.mjs,,' | grep -v ' _'; exit 0; }
    exec node "bench/$1.mjs" "${@:2}"
}

fuzz() {
    setup
    build fuzz
    local seconds=${1:-60} target
    for target in build/fuzz/fuzz/*_fuzz; do
        local name
        name=$(basename "$target" _fuzz)
        say "$name for $seconds s"
        mkdir -p "build/fuzz/found/$name"
        "$target" -max_total_time="$seconds" "build/fuzz/found/$name" "fuzz/corpus/$name"
    done
}

help() {
    cat <<'TEXT'
./do run              install what is missing, build, make a demonstration school, serve on http://localhost:8080
./do test [--deep]    set up, build and pass every test (further arguments go to ctest: ./do test -R files)
./do build            build/release/preau
./do check            format, lint, tidy of changed files, fast tests
./do bench [NAME]     print a published number (without NAME: their list)
./do fuzz [SECONDS]   every fuzzer for that long (60)
./do fmt              format all C++
./do setup            only install what is missing
TEXT
}

verb=${1:-help}
(($#)) && shift
case $verb in
    run) run "$@" ;;
    test) test_all "$@" ;;
    build) setup; build release ;;
    check) check ;;
    bench) bench "$@" ;;
    fuzz) fuzz "$@" ;;
    fmt) git ls-files -- '*.cpp' '*.hpp' | xargs clang-format-19 -i ;;
    setup) setup ;;
    help | --help | -h) help ;;
    *) help >&2; fail "there is no verb called $verb" ;;
esac
