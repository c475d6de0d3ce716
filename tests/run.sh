#!/usr/bin/env bash
# Installs the clients and browsers the tests need (Debian packages, as root or by sudo, and two from npm), runs all tests, and checks
# the code style. Arguments go to dotnet test, and then there are only tests:  tests/run.sh --filter-class '*PassThrough*'
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# What must be on PATH, and the package that brings it.
clients=(
  chromium:chromium
  firefox-esr:firefox-esr
  WebKitWebDriver:webkit2gtk-driver
  Xvfb:xvfb
  nginx:nginx
  nghttp:nghttp2-client
  node:nodejs
  npm:npm
  curl:curl
  openssl:openssl
  docker-compose:docker-compose
  haproxy:haproxy
  h2o:h2o
  apache2:apache2
  caddy:caddy
  ip:iproute2
  unshare:util-linux
  redis-server:redis-server
  promtool:prometheus
)

# What the applications need that tests/applications/install.sh tries. They are Debian's own, so their packages are asked for.
applications=(
  wordpress
  wordpress-theme-twentytwentythree
  mediawiki
  dokuwiki
  gitweb
  phpmyadmin
  mariadb-server
  libapache2-mod-php
  php-mysql
  php-sqlite3
  php-xml
  php-mbstring
  php-intl
  php-gd
  php-curl
  git
)

missing_packages() {
  local client package
  for client in "${clients[@]}"; do
    PATH="$PATH:/usr/sbin" command -v "${client%%:*}" > /dev/null || echo "${client#*:}"
  done
  for package in "${applications[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2> /dev/null; then
    echo "Not installed: $*. Install them, or run tests/run.sh as root; tests that need them will fail." >&2
    return
  fi
  # Debian starts what it installs, unless a policy forbids it. The tests start servers themselves.
  local policy=/usr/sbin/policy-rc.d own_policy=
  if [ ! -e "$policy" ]; then
    own_policy=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" > /dev/null
    as_root chmod 755 "$policy"
  fi
  # Nobody reads manuals here.
  echo 'man-db man-db/auto-update boolean false' | as_root debconf-set-selections
  # It would look for a running database to make one of its own in, and fail without.
  ! printf '%s\n' "$@" | grep -qx phpmyadmin ||
    echo 'phpmyadmin phpmyadmin/dbconfig-install boolean false' | as_root debconf-set-selections
  local status=0
  # Without waiting for the disk after each file.
  {
    as_root apt-get -q update &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends -o Dpkg::Options::=--force-unsafe-io "$@"
  } < /dev/null || status=$?
  [ -z "$own_policy" ] || as_root rm "$policy"
  return "$status"
}

install_all() {
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" = 0 ] || install_packages "${missing[@]}"

  # The last Chromium but few that takes server push; it ships inside an npm package.
  tests/PushProxy.Http2.Tests/Clients/get-chromium.sh > /dev/null ||
    echo "Chromium 103 can't be had; tests that need it will fail." >&2

  # What finds mistakes that keep people from using a page.
  tests/PushProxy.EndToEnd/Dashboard/get-axe.sh > /dev/null ||
    echo "axe-core can't be had; tests that need it will fail." >&2
}

format=
if [ "$#" = 0 ]; then
  # What is fetched and unpacked waits for the network and the disk, and what is built for the processors.
  install_all &
  installation=$!
  dotnet build PushProxy.sln --configuration Release --nologo --verbosity quiet < /dev/null

  # The build enforces most of .editorconfig, but not white space and the order of usings. The summary counts this as one more test. It
  # takes what the installation and then the tests leave of the processors.
  formatted=$(mktemp)
  nice -n 19 bash -c 'start=$SECONDS; dotnet format PushProxy.sln --verify-no-changes --no-restore; echo "$? $((SECONDS - start))"' \
    < /dev/null > "$formatted" 2>&1 &
  format=$!
  wait "$installation"
  set -- --no-build
else
  install_all
fi

results=artifacts/test-results
rm -rf "$results"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
# One project at a time: each uses all processors, and browsers and servers of several at once only wait for each other.
dotnet test --solution PushProxy.sln --configuration Release --max-parallel-test-modules 1 --results-directory "$PWD/$results" \
  --report-xunit-xml --fail-skips on --no-ansi --no-progress "$@" < /dev/null 2>&1 | tee "$log" || status=$?

style=
if [ -n "$format" ]; then
  wait "$format" || true
  read -r code seconds < <(tail -n 1 "$formatted") || code=1
  if [ "$code" = 0 ]; then
    style="1 0 ${seconds:-0}"
  else
    style="0 1 ${seconds:-0}"
    [ "$status" != 0 ] || status=1
    cat "$formatted"
    echo "The code style is not what .editorconfig says. 'dotnet format PushProxy.sln' mends it."
  fi
  rm -f "$formatted"
fi

# One line a project: each writes a report whose <assembly> element counts.
echo
total=0 all_passed=0
for report in "$results"/*.xml; do
  [ -e "$report" ] || continue
  assembly=$(grep -o -m1 '<assembly [^>]*>' "$report")
  count() { sed -E "s/.* $1=\"([^\"]*)\".*/\1/" <<< "$assembly"; }
  printf '%-28s %5d passed %5d failed  %s s\n' "$(basename "$(count name)" .dll)" "$(count passed)" \
    "$(($(count failed) + $(count errors)))" "$(count time)"
  total=$((total + $(count passed) + $(count failed)))
  all_passed=$((all_passed + $(count passed)))
done

# Reports are named by the time; of two projects that begin in the same microsecond one report is lost, but not from the summary.
succeeded=$(sed -nE 's/^ *succeeded: ([0-9]+).*/\1/p' "$log" | tail -n 1)
if [ "${succeeded:-0}" -gt "$all_passed" ]; then
  printf '%-28s %5d passed %5d failed  %s s\n' "report-lost" "$((succeeded - all_passed))" 0 0
fi
if [ -n "$style" ]; then
  # Three words: passed, failed, seconds.
  # shellcheck disable=SC2086
  printf '%-28s %5d passed %5d failed  %s s\n' "code-style" $style
fi
if [ "$total" = 0 ]; then
  echo "No test ran."
  [ "$status" != 0 ] || status=1
fi
exit "$status"
