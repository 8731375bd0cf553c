# shellcheck shell=sh disable=SC2154,SC3013  # root and self are the caller's; dash and bash know -nt
# What ./keisei and ./check share: install the packages, configure, build. Sourced, never run.
# Why so: a bare Debian has neither make nor g++; the first stage can only be POSIX sh and the essential packages.
# The caller sets `root` (the repository, absolute) and `self` (its name in messages). What is said goes to stderr.
# Environment: KEISEI_JOBS (compilers at once), KEISEI_SKIP_PACKAGES=1 (never install), CMAKE_PREFIX_PATH (libtorch).

# Memory for one compiler at work on a libtorch source, in KiB.
compiler_kib=1600000
# Longest wait for another apt-get to finish, in seconds.
apt_lock_timeout_s=600
# Everything whose change asks for a new build.
build_inputs='src cmake web configs CMakeLists.txt CMakePresets.json packages.txt'

say() { printf '%s: %s\n' "$self" "$*" >&2; }

# die SENTENCE [HINT]: says what is wrong and what to do, and ends with exit code 1.
die() {
  say "$1"
  [ $# -lt 2 ] || printf '  hint: %s\n' "$2" >&2
  exit 1
}

# packages_in FILE...: the names listed, one a line.
packages_in() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

# is_fresh STAMP: true if no input and no installed package changed, came or went since STAMP was written for this very
# folder. Costs one `find`.
is_fresh() {
  [ -f "$1" ] && read -r fresh_root <"$1" && [ "$fresh_root" = "$root" ] || return 1
  if [ /var/lib/dpkg/status -nt "$1" ]; then return 1; fi
  fresh_stamp=$1
  (
    cd "$root" || exit 1
    set --
    for input in $build_inputs; do
      [ ! -e "$input" ] || set -- "$@" "$input"
    done
    # A folder's own time changes when a file in it comes or goes.
    changed=$(find "$@" -name node_modules -prune -o -newer "$fresh_stamp" -print -quit) && [ -z "$changed" ]
  ) 2>/dev/null
}

# packages_known STAMP LIST...: true if nothing was installed or removed since STAMP saw all of LIST installed.
packages_known() {
  known_stamp=$1
  shift
  [ -f "$known_stamp" ] || return 1
  for list in /var/lib/dpkg/status "$@"; do
    if [ "$list" -nt "$known_stamp" ]; then return 1; fi
  done
}

# missing_packages LIST...: the listed packages that are not installed, one a line. One dpkg-query for all.
missing_packages() {
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^[ih]i  *//p')
  packages_in "$@" | while read -r package; do
    case "
$installed
" in
      *"
$package
"*) ;;
      *) printf '%s\n' "$package" ;;
    esac
  done
}

# as_root COMMAND...: runs it, through sudo where that is needed.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif [ -t 0 ]; then
    sudo -- "$@"
  else
    sudo -n -- "$@"
  fi
}

# apt_get COMMAND...: apt-get without questions; the whole output in build/packages.log, what tells progress on stderr.
apt_get() {
  {
    rc=0
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout="$apt_lock_timeout_s" \
      -o Dpkg::Use-Pty=0 "$@" 2>&1 </dev/null || rc=$?
    echo "$rc" >"$root/build/packages.rc"
  } | tee -a "$root/build/packages.log" | awk '
      /^[0-9]+ upgraded|^Need to get|^After this operation|^Fetched|^[EW]: / { print "  " $0; fflush(); next }
      /^Get:/        { if (++got % 50 == 0)  { print "  " got " files fetched"; fflush() } next }
      /^Setting up / { if (++done % 50 == 0) { print "  " done " packages set up"; fflush() } next }' >&2
  [ "$(cat "$root/build/packages.rc")" = 0 ]
}

# install_packages LIST...: installs what is missing of the lists; silent and quick where nothing is.
install_packages() {
  [ -z "${KEISEI_SKIP_PACKAGES:-}" ] || return 0
  packages_stamp="$root/build/.packages"
  for list in "$@"; do packages_stamp="$packages_stamp-$(basename "$list" .txt)"; done
  if packages_known "$packages_stamp" "$@"; then return 0; fi
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "not a Debian system: taking for granted that what packages.txt lists is installed"
    return 0
  fi
  missing=$(missing_packages "$@" | tr '\n' ' ')
  if [ -n "$missing" ]; then
    line="apt-get install -y --no-install-recommends ${missing% }"
    if [ "$(id -u)" -eq 0 ]; then
      say "installing Debian packages: ${missing% }"
    elif command -v sudo >/dev/null; then
      say "installing Debian packages through sudo: ${missing% }"
    else
      die "Debian packages are missing, and this is neither root nor is there sudo" "as root: apt-get update && $line"
    fi
    : >"$root/build/packages.log"
    apt_get update || say "the package lists could not be refreshed; trying with those that are here"
    # shellcheck disable=SC2086  # a list of names on purpose
    apt_get install --no-install-recommends $missing ||
      die "the packages could not be installed (whole output: build/packages.log)" "see what stops it with: $line"
  fi
  : >"$packages_stamp"
}

# job_count: compilers at once: KEISEI_JOBS, else one a core as far as memory goes.
job_count() {
  if [ -n "${KEISEI_JOBS:-}" ]; then
    case $KEISEI_JOBS in
      *[!0-9]* | 0*) die "KEISEI_JOBS is '$KEISEI_JOBS'; allowed: a whole number from 1 on" "KEISEI_JOBS=2 $self" ;;
    esac
    echo "$KEISEI_JOBS"
    return
  fi
  awk -v cores="$(nproc)" -v each="$compiler_kib" '
    /^MemAvailable:/ { fit = int($2 / each) }
    END { n = fit < cores ? fit : cores; print n < 1 ? 1 : n }' /proc/meminfo
}

# logged LOG COMMAND...: output on stderr and at the end of LOG; the command's own exit code.
logged() {
  logged_to=$1
  shift
  {
    rc=0
    "$@" 2>&1 </dev/null || rc=$?
    echo "$rc" >"$logged_to.rc"
  } | tee -a "$logged_to" >&2
  rc=$(cat "$logged_to.rc")
  rm -f "$logged_to.rc"
  return "$rc"
}

# configure PRESET TESTS: cmake, if this folder's preset is not configured yet, or without tests where TESTS is ON, or
# without the npm that is there by now.
configure() {
  build="$root/build/$1"
  cache="$build/CMakeCache.txt"
  set -- "$1" "$2" "$build/build.log"
  if [ -f "$build/build.ninja" ] && grep -q "^CMAKE_HOME_DIRECTORY:INTERNAL=$root\$" "$cache"; then
    if { [ "$2" = OFF ] || grep -q '^KEISEI_WITH_TESTS:[A-Z]*=ON$' "$cache"; } &&
      { ! grep -q '^KEISEI_NPM:[A-Z]*=.*-NOTFOUND$' "$cache" || ! command -v npm >/dev/null; }; then return 0; fi
  else
    rm -rf "$cache" "$build/CMakeFiles"
  fi
  (cd "$root" && logged "$3" cmake --preset "$1" -DKEISEI_WITH_TESTS="$2") ||
    die "cmake could not configure (whole output: build/$1/build.log)" \
      "if a package is named above, add it; if the folder is old, remove build/$1 and try again"
}

# build_preset PRESET TESTS TARGET...: configures and builds what is stale; ninja decides what that is.
build_preset() {
  preset=$1
  with_tests=$2
  shift 2
  mkdir -p "$root/build/$preset"
  : >"$root/build/$preset/build.log"
  # Taken before the build: a source edited while it runs is built next time.
  stamp_next="$root/build/$preset/.stamp-next"
  printf '%s\n' "$root" >"$stamp_next"
  configure "$preset" "$with_tests"
  at_once=$(job_count) || exit 1
  say "building $preset with $at_once compiler(s) at once"
  built="$root/build/$preset"
  logged "$built/build.log" env NINJA_STATUS='[%f/%t] ' ninja -C "$built" -j "$at_once" "$@" ||
    die "the build failed (whole output: build/$preset/build.log)" \
      "the compiler's own words are above; 'Killed' means too little memory: KEISEI_JOBS=1 $self"
  mv "$stamp_next" "$root/build/$preset/.stamp"
}

# lock_build: waits until no other launcher builds here. unlock_build: lets the next one in.
lock_build() {
  mkdir -p "$root/build" || die "the folder '$root/build' cannot be made" "build in a folder that you may write to"
  exec 9>"$root/build/.lock"
  if ! flock -n 9; then
    say "another launcher is building here; waiting for it"
    flock 9
  fi
}
unlock_build() { exec 9>&-; }
