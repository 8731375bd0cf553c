#!/bin/sh
# The Debian package: built by scripts/package, its fields and files, and its programs run from it. As root it is also
# installed in a bare Debian 12 that debootstrap makes, or that lies ready as a tar file (KEISEI_BARE_TAR), and removed.
# Usage: package_test.sh SOURCE SCRATCH. Exit code 77 where the tools are missing. SCRATCH/build stays for the next.
set -eu

source=$1
scratch=$2
bare="$scratch/bare"

failed() {
  printf 'package: %s\n' "$*" >&2
  exit 1
}
for tool in cmake cpack ninja dpkg-deb dpkg-shlibdeps file; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed (packages-long.txt)" && exit 77; }
done
clean() { rm -rf --one-file-system "$scratch/files" "$bare" "$scratch/pages"; }
trap clean EXIT
mkdir -p "$scratch"
clean

deb=$(KEISEI_SKIP_PACKAGES=1 KEISEI_PACKAGE_DIR="$scratch/build" sh "$source/scripts/package" -DKEISEI_WITH_TORCH=OFF)
[ -f "$deb" ] || failed "scripts/package named no file: $deb"
dpkg-deb --info "$deb"

# has FIELD TEXT: the control field has the text.
has() {
  case $(dpkg-deb -f "$deb" "$1") in
    *"$2"*) ;;
    *) failed "the field $1 lacks '$2': $(dpkg-deb -f "$deb" "$1")" ;;
  esac
}
has Package keisei
has Architecture "$(dpkg --print-architecture)"
has Section games
has Maintainer '@'
for needed in libc6 libstdc++6 libsqlite3-0 libyaml-cpp libncursesw6; do has Depends "$needed"; done
has Description 'shogi'
[ -z "$(dpkg-deb -I "$deb" conffiles 2>/dev/null)" ] || failed "it has configuration files in /etc"

dpkg-deb --contents "$deb" >"$scratch/contents"
for path in usr/bin/keisei usr/share/man/man1/keisei.1.gz usr/share/man/man1/keisei-train.1.gz \
  usr/share/man/man5/keisei.yaml.5.gz usr/share/bash-completion/completions/keisei \
  usr/share/zsh/vendor-completions/_keisei usr/share/fish/vendor_completions.d/keisei.fish \
  usr/share/keisei/configs/tiny.yaml usr/share/keisei/ops/prometheus/keisei-alerts.yaml \
  usr/share/doc/keisei/copyright usr/share/doc/keisei/configuration.md; do
  grep -q " \./$path\$" "$scratch/contents" || failed "it lacks /$path"
done
! grep -v ' root/root ' "$scratch/contents" || failed "not all files belong to root"
! grep -vE ' \./(usr/.*)?$' "$scratch/contents" || failed "it puts files outside /usr"
rm "$scratch/contents"

# check_program COMMAND...: what must hold of an installed keisei, called as COMMAND.
check_program() {
  "$@" --version | grep -q '^keisei ' || failed "$* --version"
  [ "$("$@" perft --depth 3)" = 'nodes 25470' ] || failed "$* perft"
  # Without keisei-torch doctor names that as a problem and exits with 1.
  "$@" doctor >"$scratch/doctor" || [ $? -eq 1 ] || failed "$* doctor: $(cat "$scratch/doctor")"
  grep -q '^what to do$' "$scratch/doctor" || failed "$* doctor said: $(cat "$scratch/doctor")"
  rm "$scratch/doctor"
}
dpkg-deb -x "$deb" "$scratch/files"
keisei="$scratch/files/usr/bin/keisei"
check_program "$keisei"
! readelf -S "$keisei" 2>/dev/null | grep -q '\.debug_info' || failed "the program is not stripped"
[ "$(zcat "$scratch/files/usr/share/man/man1/keisei-train.1.gz")" = "$("$keisei" man train)" ] ||
  failed "its page is not the one that its program writes"
"$keisei" config check "$scratch/files/usr/share/keisei/configs/base.yaml" >/dev/null || failed "configs/base.yaml"

if [ "$(id -u)" -ne 0 ]; then
  echo "package: not installed in a bare Debian: only root can"
  exit 0
fi
mkdir -p "$bare"
if [ -n "${KEISEI_BARE_TAR:-}" ]; then
  tar -C "$bare" -xf "$KEISEI_BARE_TAR"
elif command -v debootstrap >/dev/null; then
  debootstrap --variant=minbase --include=ca-certificates bookworm "$bare" >"$scratch/debootstrap.log" 2>&1 || {
    tail -n 3 "$scratch/debootstrap.log"
    echo "package: not installed in a bare Debian: debootstrap could not make one"
    exit 0
  }
else
  echo "package: not installed in a bare Debian: debootstrap is not installed (packages-long.txt)"
  exit 0
fi
# Packages come from where this machine takes them.
for path in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/keyrings /etc/hosts \
  /etc/resolv.conf /usr/local/share/ca-certificates; do
  [ -e "$path" ] || continue
  mkdir -p "$bare$(dirname "$path")"
  cp -rLf "$path" "$bare$(dirname "$path")/"
done
rm -f "$bare"/etc/apt/apt.conf.d/20packagekit "$bare"/etc/apt/apt.conf.d/50appstream
cp "$deb" "$bare/keisei.deb"
# Mounts of a namespace of its own end with the command.
# shellcheck disable=SC2016  # expanded inside
inside() {
  unshare --mount --fork sh -c '
    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" || exit 1
    bare=$1
    shift
    exec chroot "$bare" /usr/bin/env -i HOME=/tmp TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"' sh "$bare" "$@" </dev/null
}
inside update-ca-certificates >/dev/null 2>&1 || true
if ! inside apt-get -q -y update >"$scratch/apt.log" 2>&1; then
  tail -n 5 "$scratch/apt.log"
  echo "package: not installed in a bare Debian: its package lists cannot be fetched"
  exit 0
fi
inside apt-get -q -y install --no-install-recommends /keisei.deb >"$scratch/apt.log" 2>&1 ||
  failed "apt-get could not install it: $(tail -n 20 "$scratch/apt.log")"
check_program inside keisei
inside keisei config show --preset tiny >/dev/null || failed "config show in the bare Debian"
inside apt-get -q -y purge keisei >>"$scratch/apt.log" 2>&1 || failed "it cannot be removed"
for path in usr/bin/keisei usr/share/keisei usr/share/doc/keisei; do
  [ ! -e "$bare/$path" ] || failed "it leaves /$path behind"
done
rm -f "$scratch/apt.log" "$scratch/debootstrap.log"
echo "package: installed, run and removed in a bare Debian"
