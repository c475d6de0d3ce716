#!/bin/sh
# Unpacks axe-core, which finds mistakes that keep people from using a page, from its npm package into artifacts/clients.
# Prints the path of the script. Does nothing if it is there already.
set -eu
version=4.14.1
sha512=FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==
here=$(cd "$(dirname "$0")/../../.." && pwd)
out=${PUSHPROXY_CLIENTS:-$here/artifacts/clients}/axe-core-$version
if [ -f "$out/axe.min.js" ]; then echo "$out/axe.min.js"; exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "axe-core@$version" >/dev/null
if [ "$(openssl dgst -sha512 -binary ./*.tgz | openssl base64 -A)" != "$sha512" ]; then
    echo "axe-core $version is not what it was" >&2
    exit 1
fi
tar xzf ./*.tgz
mkdir -p "$out"
mv package/axe.min.js "$out/axe.min.js"
echo "$out/axe.min.js"
