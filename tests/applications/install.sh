#!/usr/bin/env bash
# Installs and uses WordPress, MediaWiki, DokuWiki, gitweb and phpMyAdmin of Debian, by Chromium (see operate.mjs), through the program,
# which is started with --origin alone and has a name of its own. WordPress and MediaWiki are installed by their own installers. Nothing in
# the applications says where the public reaches them, but what MediaWiki's installer found.
# Prints a line for each check, and fails if one failed.
# Needs root, in a network without a way out (run it by: unshare --net tests/applications/install.sh), a Release build of
# src/PushProxy.Server, openssl, Node, and the Debian packages that tests/run.sh installs for it.
# The public address has no port, as usual: with one, WordPress leaves it out of its feeds' own address, and MediaWiki's installer out of
# $wgServer, whatever Host says.
origin=18900 port=443 name=www.example.test
site=https://$name
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

for file in /usr/share/{wordpress/wp-load.php,mediawiki/index.php,dokuwiki/doku.php,gitweb/gitweb.cgi,phpmyadmin/index.php} \
  /usr/lib/apache2/modules/mod_cgi.so apache2 mariadbd git php chromium node openssl; do
  [ -e "$file" ] || PATH="$PATH:/usr/sbin" command -v "$file" > /dev/null ||
    { echo "$file is missing. tests/run.sh installs what this needs." >&2; exit 1; }
done

start_database
copy_applications ""
password=correct-Horse-9-battery
echo "<?php \$conf['title'] = 'Wiki'; \$conf['savedir'] = '$work/doku/data'; \$conf['useacl'] = 1; \$conf['superuser'] = 'admin';" > "$work/doku/conf/local.php"
echo "admin:$(php -r "echo password_hash('$password', PASSWORD_BCRYPT);"):Admin:admin@example.org:admin,user" > "$work/doku/conf/users.auth.php"
printf '*\t@ALL\t1\n*\t@user\t8\n' > "$work/doku/conf/acl.auth.php"
git init -q "$work/checkout"
git -C "$work/checkout" -c user.name=Somebody -c user.email=somebody@example.org commit -q --allow-empty -m 'A first commit'
git clone -q --bare "$work/checkout" "$work/git/notes.git" 2> /dev/null
start_apache

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2> /dev/null
start_proxy "https://127.0.0.1:$port" --origin "http://127.0.0.1:$origin" --listen "https://127.0.0.1:$port" \
  --cert "$work/cert.pem" --key "$work/key.pem" --PushProxy:DataDirectory="$work/proxy" --PushProxy:Management:Listen=none
php -r '$i = imagecreatetruecolor(640, 480); imagefilledellipse($i, 320, 240, 300, 200, 0xcc4400); imagepng($i, $argv[1]);' "$work/picture.png"

status=0
node tests/applications/operate.mjs "$site" "http://127.0.0.1:$origin" "$work" "$password" || status=1
# It says if a page or a redirect names the origin, and what it could not do. The page that does all that is wrong has to be there.
if grep -E '^[0-9:.]+ (warn|fail|crit): ' "$work/proxy.log" | grep -vF "$site/control/ names the destination" > "$work/complaints"; then
  echo "FAIL the program's log:"; cat "$work/complaints"
  status=1
else
  echo "ok   the program's log has no warning"
fi
exit "$status"
