#!/bin/sh
# xboard_game.sh KEISEI: XBoard, on a screen that nobody sees, plays one game of `keisei usi` against itself, through
# uci2wb in USI mode. The game has to end, XBoard's record has to hold it without a forfeit, and every move that went to
# the engines has to be legal. 77 = skipped.
set -eu
keisei=$1
export PATH="$PATH:/usr/games"
for program in xboard uci2wb Xvfb timeout; do
  command -v "$program" >/dev/null 2>&1 || {
    echo "skipped: $program is not installed"
    exit 77
  }
done
folder=$(mktemp -d)
screen=
# shellcheck disable=SC2317  # called by the trap
tidy_up() {
  [ -z "$screen" ] || kill "$screen" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap tidy_up EXIT
trap 'exit 1' INT TERM

Xvfb -displayfd 3 -screen 0 1024x768x24 -nolisten tcp 3>"$folder/display" >"$folder/screen.log" 2>&1 &
screen=$!
tries=0
until [ -s "$folder/display" ]; do
  tries=$((tries + 1))
  [ "$tries" -le 600 ] || {
    echo "Xvfb did not start"
    cat "$folder/screen.log"
    exit 1
  }
  sleep 0.1
done
DISPLAY=:$(cat "$folder/display")
export DISPLAY

# uci2wb takes a program without arguments. What it says to the engine is kept: the last position has the whole game.
for side in first second; do
  cat >"$folder/$side" <<END
#!/bin/sh
exec tee -a '$folder/$side.log' | '$keisei' usi --player material:1 --seed 3
END
  chmod +x "$folder/$side"
done

code=0
HOME=$folder timeout 1200 xboard -variant shogi -mg 1 -popupExitMessage false -sgf "$folder/game.pgn" -tc 2 -inc 2 \
  -fcp "uci2wb -s $folder/first" -scp "uci2wb -s $folder/second" >"$folder/xboard.log" 2>&1 || code=$?
fail() {
  echo "$1"
  cat "$folder/xboard.log" "$folder/game.pgn" || true
  exit 1
}
[ "$code" -eq 0 ] || fail "xboard ended with $code"
[ -s "$folder/game.pgn" ] || fail "there is no record of the game"
grep -Eq '^\[Result "(1-0|0-1|1/2-1/2)"\]' "$folder/game.pgn" || fail "the game has no result"
if grep -Eiq 'illegal|forfeit|false|exited|hang' "$folder/game.pgn"; then fail "the game did not end by its rules"; fi

moves=$(cat "$folder/first.log" "$folder/second.log" | sed -n 's/^position startpos moves //p' |
  awk '{ if (NF > most) { most = NF; line = $0 } } END { print line }' | tr -d '\r')
[ -n "$moves" ] || fail "no engine was told a move"
printf 'startpos moves %s\n' "$moves" >"$folder/game.usi"
"$keisei" convert "$folder/game.usi" "$folder/game.csa" >"$folder/convert.log" 2>&1 || {
  cat "$folder/convert.log"
  fail "the game holds a move that is not legal"
}
echo "played: $(printf '%s' "$moves" | wc -w) moves, $(sed -n 's/^\[Result //p' "$folder/game.pgn")"
