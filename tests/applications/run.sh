#!/usr/bin/env bash
# Loads learned pages of real applications and themes in four browsers, and counts what each browser makes the origin do:
# WordPress, MediaWiki and DokuWiki of Debian, and three themes from npm, behind the program on one Apache.
# Needs root, in a network without a way out (run it by: unshare -n tests/applications/run.sh), a Release build, and the Debian packages
# apache2 libapache2-mod-php php-mysql php-sqlite3 php-xml php-mbstring php-gd php-intl mariadb-server wordpress wordpress-theme-twentytwentyone mediawiki dokuwiki
# chromium firefox-esr webkit2gtk-driver xvfb libnss3-tools. The themes must have been unpacked beforehand:
#   THEMES=folder tests/applications/run.sh    (each theme in folder/NAME)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d /tmp/applications.XXXXXX)
chmod 755 "$work"
ip link set lo up
origin=18800 proxy=18843 management=18844
public=https://127.0.0.1:$proxy

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

# The database of WordPress.
mkdir "$work/db" "$work/run" && chown mysql "$work/db" "$work/run"
mariadb-install-db --user=mysql --datadir="$work/db" --skip-test-db > /dev/null
mariadbd --no-defaults --user=mysql --datadir="$work/db" --socket="$work/run/db" --pid-file="$work/run/db.pid" --skip-networking \
  > "$work/db.log" 2>&1 &
for _ in $(seq 60); do ! mariadb --socket="$work/run/db" -e 'create database wp; create user wp@localhost identified by "wp"; grant all on wp.* to wp@localhost' 2> /dev/null || break; sleep 0.5; done

# The applications, as copies that say where the public reaches them.
mkdir "$work/www"
cp -aL /usr/share/wordpress "$work/www/wordpress"
cat > "$work/www/wordpress/wp-config.php" << PHP
<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_HOST', 'localhost:$work/run/db');
define('WP_HOME', '$public/wordpress'); define('WP_SITEURL', '$public/wordpress'); define('DISABLE_WP_CRON', true);
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
cat > "$work/install-wordpress.php" << PHP
<?php
\$_SERVER['HTTP_HOST'] = '127.0.0.1:$proxy'; \$_SERVER['HTTPS'] = 'on'; \$_SERVER['REQUEST_URI'] = '/wordpress/'; \$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require '$work/www/wordpress/wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Site', 'admin', 'admin@example.org', true, '', 'a-password');
switch_theme('twentytwentyone');
PHP
php "$work/install-wordpress.php" > "$work/wordpress.log" 2>&1
mkdir "$work/www/mediawiki" "$work/wiki"
cp -aL /usr/share/mediawiki/. "$work/www/mediawiki/" 2> /dev/null || true
rm -f "$work/www/mediawiki/LocalSettings.php"
php "$work/www/mediawiki/maintenance/install.php" --dbtype sqlite --dbpath "$work/wiki" --server "$public" --scriptpath /mediawiki \
  --confpath "$work/www/mediawiki" --pass a-long-password-1 Wiki Admin > "$work/mediawiki.log" 2>&1
cp -aL /usr/share/dokuwiki "$work/www/dokuwiki"
rm -rf "$work/www/dokuwiki/inc/preload.php"; mkdir -p "$work/doku"
cp -aL /var/lib/dokuwiki/data "$work/doku/data"; cp -rL /etc/dokuwiki "$work/doku/conf"
cat > "$work/www/dokuwiki/inc/preload.php" << PHP
<?php
define('DOKU_CONF', '$work/doku/conf/');
PHP
echo "<?php \$conf['title']='Wiki'; \$conf['savedir']='$work/doku/data'; \$conf['baseurl']='$public'; \$conf['basedir']='/dokuwiki/'; \$conf['useacl']=0; \$conf['license']='0';" > "$work/doku/conf/local.php"
for theme in "${THEMES:-/nothing}"/*/; do [ ! -d "$theme" ] || cp -a "$theme" "$work/www/$(basename "$theme")"; done
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
SetEnvIf X-Forwarded-Proto https HTTPS=on
LogFormat "%m %U%q %>s %{User-Agent}i" counted
CustomLog $work/access.log counted
ErrorLog $work/apache.log
CONF
touch "$work/access.log"
# It ends with its whole process group.
setsid apache2 -f "$work/apache.conf" -DFOREGROUND &

cat > "$work/site.json" << JSON
{
  "PushProxy": {
    "Listen": ["$public"], "DataDirectory": "$work/proxy", "Defaults": { "DebugHeader": true },
    "Management": { "Listen": "http://127.0.0.1:$management" }
  },
  "ReverseProxy": {
    "Routes": { "site": { "ClusterId": "site", "Match": { "Path": "{**all}" }, "Transforms": [{ "RequestHeaderOriginalHost": "true" }] } },
    "Clusters": { "site": { "Destinations": { "one": { "Address": "http://127.0.0.1:$origin/" } } } }
  }
}
JSON
dotnet src/PushProxy.Server/bin/Release/net10.0/pushproxy.dll run --config "$work/site.json" > "$work/proxy.log" 2>&1 &
for _ in $(seq 60); do ! curl -sko /dev/null "$public/" || break; sleep 0.5; done

pages=(${PAGES:-/wordpress/ /mediawiki/index.php/Main_Page /dokuwiki/doku.php})
for theme in "${THEMES:-/nothing}"/*/; do [ ! -d "$theme" ] || pages+=("/$(basename "$theme")/index.html"); done
chromium103=$(tests/PushProxy.Http2.Tests/Clients/get-chromium.sh)
node tests/applications/views.mjs "$public" "http://127.0.0.1:$management" "$work" "$chromium103" "${pages[@]}"
