#!/bin/sh
# page_test.sh NODE KEISEI STAGE: runs page_test.mjs where its packages are installed; 77 = skipped.
set -eu
here=$(dirname -- "$0")
if [ ! -d "$here/node_modules/playwright-core" ]; then
  echo "skipped: npm ci has not been run in tests/web"
  exit 77
fi
node=$1
shift
exec "$node" "$here/page_test.mjs" "$@"
