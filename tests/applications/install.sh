#!/usr/bin/env bash
# Uses WordPress, MediaWiki and DokuWiki of Debian through the program, which is started with --origin alone and has a name of its own:
# install (WordPress), log in, comment, edit, search, log out. Nothing in WordPress and DokuWiki says where the public reaches them.
# Fails if an answer names the origin, or the public site by http.
# Needs root, in a network without a way out (run it by: unshare -n tests/applications/install.sh), a Release build, curl, iproute2 and
# the Debian packages apache2 libapache2-mod-php php-mysql php-sqlite3 php-xml php-mbstring php-intl mariadb-server wordpress mediawiki dokuwiki.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d /tmp/applications.XXXXXX)
chmod 755 "$work"
ip link set lo up
origin=18900 port=18943 name=www.example.org
site=https://$name:$port

stop() {
  local status=$?
  [ "$status" = 0 ] || tail -n 5 "$work"/*.log >&2
  trap - EXIT
  kill $(jobs -p) 2> /dev/null || true
  wait 2> /dev/null || true
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT

mkdir "$work/db" "$work/run" && chown mysql "$work/db" "$work/run"
mariadb-install-db --user=mysql --datadir="$work/db" --skip-test-db > /dev/null
mariadbd --no-defaults --user=mysql --datadir="$work/db" --socket="$work/run/db" --pid-file="$work/run/db.pid" --skip-networking \
  > "$work/db.log" 2>&1 &
for _ in $(seq 60); do ! mariadb --socket="$work/run/db" -e 'create database wp; create user wp@localhost identified by "wp"; grant all on wp.* to wp@localhost' 2> /dev/null || break; sleep 0.5; done

mkdir "$work/www"
cp -aL /usr/share/wordpress "$work/www/wordpress"
cat > "$work/www/wordpress/wp-config.php" << PHP
<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_HOST', 'localhost:$work/run/db');
define('DISABLE_WP_CRON', true);
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
mkdir "$work/www/mediawiki" "$work/wiki" "$work/doku"
cp -aL /usr/share/mediawiki/. "$work/www/mediawiki/" 2> /dev/null || true
rm -f "$work/www/mediawiki/LocalSettings.php"
cp -aL /usr/share/dokuwiki "$work/www/dokuwiki"
cp -aL /var/lib/dokuwiki/data "$work/doku/data"; cp -rL /etc/dokuwiki "$work/doku/conf"
printf "<?php\ndefine('DOKU_CONF', '%s/doku/conf/');\n" "$work" > "$work/www/dokuwiki/inc/preload.php"
echo "<?php \$conf['title'] = 'Wiki'; \$conf['savedir'] = '$work/doku/data'; \$conf['useacl'] = 1; \$conf['superuser'] = 'admin';" > "$work/doku/conf/local.php"
echo "admin:$(php -r 'echo password_hash("a-password-1", PASSWORD_BCRYPT);'):Admin:admin@example.org:admin,user" > "$work/doku/conf/users.auth.php"
printf '*\t@ALL\t1\n*\t@user\t8\n' > "$work/doku/conf/acl.auth.php"
chown -R www-data "$work/www" "$work/wiki" "$work/doku"

cat > "$work/apache.conf" << CONF
ServerRoot /etc/apache2
ServerName 127.0.0.1
PidFile $work/run/apache.pid
Listen 127.0.0.1:$origin
User www-data
Group www-data
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
DocumentRoot $work/www
<Directory />
  Require all granted
  Options FollowSymLinks
  AllowOverride All
</Directory>
DirectoryIndex index.php index.html
# So that PHP knows of https.
SetEnvIf X-Forwarded-Proto https HTTPS=on
ErrorLog $work/apache.log
CONF
setsid apache2 -f "$work/apache.conf" -DFOREGROUND &
dotnet src/PushProxy.Server/bin/Release/net10.0/pushproxy.dll run --origin "http://127.0.0.1:$origin" --listen "https://127.0.0.1:$port" \
  --PushProxy:DataDirectory="$work/proxy" --PushProxy:Management:Listen=none > "$work/proxy.log" 2>&1 &
for _ in $(seq 60); do ! curl -sko /dev/null "https://127.0.0.1:$port/" || break; sleep 0.5; done

# ask JAR PATH [curl options]: the answer in $work/answer; fails if it names what it must not.
ask() {
  local jar=$work/$1.jar path=$2; shift 2
  curl -sk -i -L --max-redirs 5 --resolve "$name:$port:127.0.0.1" -b "$jar" -c "$jar" -o "$work/answer" "$@" "$site$path"
  if grep -aq -e "127.0.0.1" -e "http://$name" "$work/answer"; then
    grep -a -m 3 -e "127.0.0.1" -e "http://$name" "$work/answer" | cut -c1-300 >&2
    echo "$path names the origin, or the site by http" >&2; exit 1
  fi
}
has() { grep -aqE "$1" "$work/answer" || { head -c 3000 "$work/answer" >&2; echo "no $1" >&2; exit 1; }; }
field() { grep -aoE "name=.?$1.? [^>]*value=.?[^\"' >]*|value=.?[^\"' >]*.? name=.?$1.?" "$work/answer" | head -1 | sed -E "s/.*value=.?([^\"' >]*).*/\1/"; }

echo "WordPress"
ask wp /wordpress/; has "install.php|WordPress"
ask wp "/wordpress/wp-admin/install.php?step=2" --data-urlencode "weblog_title=A site" -d user_name=admin -d admin_password=a-password-1 \
  -d admin_password2=a-password-1 -d pw_weak=on -d admin_email=admin@example.org -d blog_public=0 -d language=; has "Success|success"
ask wp /wordpress/wp-login.php
ask wp /wordpress/wp-login.php -d log=admin -d pwd=a-password-1 -d testcookie=1 --data-urlencode "redirect_to=$site/wordpress/wp-admin/"; has "Dashboard"
ask wp /wordpress/wp-admin/post-new.php; has "$name:$port"
ask guest /wordpress/; has "Hello world"
ask guest "/wordpress/?p=1"; has "comment"
ask guest /wordpress/wp-comments-post.php -d comment_post_ID=1 -d comment_parent=0 -d author=guest -d email=guest@example.org --data-urlencode "comment=It was nice"; has "It was nice|awaiting"
ask guest "/wordpress/?s=hello"; has "Hello world"
ask guest "/wordpress/?feed=rss2"; has "<link>$site/wordpress"
ask wp /wordpress/wp-admin/
logout=$(grep -aoE "wp-login.php\?action=logout[^\"']*" "$work/answer" | head -1 | sed 's/&amp;/\&/g; s/&#038;/\&/g')
ask wp "/wordpress/$logout"; has "logged out"

echo "DokuWiki"
ask doku "/dokuwiki/doku.php?id=start&do=login"; token=$(field sectok)
ask doku "/dokuwiki/doku.php?id=start" -d do=login -d u=admin -d p=a-password-1 -d "sectok=$token"; has "Log Out|logout"
ask doku "/dokuwiki/doku.php?id=notes:first&do=edit"; token=$(field sectok)
ask doku "/dokuwiki/doku.php?id=notes:first" -d "do[save]=1" -d "sectok=$token" -d id=notes:first -d rev=0 -d date=0 -d prefix=. -d suffix= \
  --data-urlencode "wikitext=A first note"; has "A first note"
ask guest "/dokuwiki/doku.php?id=notes:first"; has "A first note"
ask guest "/dokuwiki/feed.php"; has "$site/dokuwiki"

echo "MediaWiki"
php "$work/www/mediawiki/maintenance/install.php" --dbtype sqlite --dbpath "$work/wiki" --server "$site" --scriptpath /mediawiki \
  --confpath "$work/www/mediawiki" --pass a-long-password-1 Wiki Admin > "$work/mediawiki.log" 2>&1
chown -R www-data "$work/wiki" "$work/www/mediawiki/LocalSettings.php"
ask mw /mediawiki/; has "Main Page"
ask mw "/mediawiki/index.php?title=Special:UserLogin"; token=$(field wpLoginToken)
ask mw "/mediawiki/index.php?title=Special:UserLogin" --data-urlencode wpName=Admin --data-urlencode wpPassword=a-long-password-1 \
  --data-urlencode "wpLoginToken=$token" -d authAction=login -d title=Special:UserLogin; has "Log out|pt-logout"
ask guest "/mediawiki/index.php?search=Main"; has "Main"
echo "No answer names the origin."
