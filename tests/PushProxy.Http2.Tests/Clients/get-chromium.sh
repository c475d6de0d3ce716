#!/bin/sh
# Unpacks the old Chromium of the npm package @sparticuz/chromium: the last one but few that takes HTTP/2 push.
#   get-chromium.sh [version] [folder]      default: 103.0.0, artifacts/clients/chromium103
# Prints the path of the program. Does nothing if it is there already.
set -eu
version=${1:-103.0.0}
here=$(cd "$(dirname "$0")/../../.." && pwd)
out=${2:-${PUSHPROXY_CLIENTS:-$here/artifacts/clients}/chromium${version%%.*}}
if [ -x "$out/chromium" ]; then echo "$out/chromium"; exit 0; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
cd "$work"
npm pack --silent "@sparticuz/chromium@$version" >/dev/null
tar xzf ./*.tgz
for part in chromium swiftshader.tar; do
    node -e 'const fs = require("fs"), zlib = require("zlib"); const [from, to] = process.argv.slice(1); fs.writeFileSync(to, zlib.brotliDecompressSync(fs.readFileSync(from)));' "package/bin/$part.br" "$part"
done
tar xf swiftshader.tar -C "$out" --no-same-owner
chmod +x chromium
mv chromium "$out/chromium"
if ldd "$out/chromium" | grep 'not found' >&2; then
    echo "libraries are missing (Debian: libnss3 libexpat1 libuuid1)" >&2
    exit 1
fi
echo "$out/chromium"
