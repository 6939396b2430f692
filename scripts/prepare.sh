# Read by scripts/start, dev and test. `prepare` goes to the project's folder, installs the packages that are missing and
# puts Node 24 first in PATH; `prepare production` leaves the development packages out. The version check stands here because
# an older Node dies on a TypeScript file before any check in it could speak. `make_folders` makes the two that a server needs.

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

node_major() {
  node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0
}

prepare() {
  cd "$(dirname "$0")/.." || exit 1
  command -v npm >/dev/null || fail 'npm is missing. Install Node.js 20 or newer, which brings it, and run this again.'
  [ "$(node_major)" -ge 20 ] || fail "Node.js $(node -v 2>/dev/null || echo '(none)') is too old. Install version 20 or newer and run this again."

  if [ "${1:-}" = production ]; then
    node scripts/missing-packages.mjs --production || install_packages --omit=dev
  else
    node scripts/missing-packages.mjs || install_packages
  fi

  PATH="$PWD/node_modules/.bin:$PATH"
  # What was compiled is kept, and found before the first file is read: half of a start's time, and 18 MB.
  NODE_COMPILE_CACHE="${NODE_COMPILE_CACHE:-$PWD/.cache/compiled}"
  export PATH NODE_COMPILE_CACHE
  [ "$(node_major)" -ge 24 ] ||
    fail "Deskbell runs on Node.js 24, and for this machine ($(uname -sm)) npm brings none. Install Node.js 24 and run this again."
}

# Without peers: the WhatsApp library asks for an image library that it does without, and that weighs 20 MB.
install_packages() {
  echo 'Installing packages …' >&2
  npm ci --omit=peer --no-fund --no-audit --loglevel=error "$@" >&2 || fail 'The packages could not be installed. Check the network and run this again.'
}

make_folders() {
  export DATA_DIR="${DATA_DIR:-data}" KEYS_DIR="${KEYS_DIR:-keys}"
  mkdir -p "$DATA_DIR" && mkdir -p -m 700 "$KEYS_DIR" || fail "The folders $DATA_DIR and $KEYS_DIR could not be made."
}
