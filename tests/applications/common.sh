# What run.sh and install.sh share: a folder that goes in the end, a database, copies of the applications, and one Apache for all.
# They set before: origin (Apache's port).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d /tmp/applications.XXXXXX)
chmod 755 "$work"
ip link set lo up

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

start_database() {
  mkdir "$work/db" "$work/run" && chown mysql "$work/db" "$work/run"
  mariadb-install-db --user=mysql --datadir="$work/db" --skip-test-db > /dev/null
  mariadbd --no-defaults --user=mysql --datadir="$work/db" --socket="$work/run/db" --pid-file="$work/run/db.pid" --skip-networking \
    > "$work/db.log" 2>&1 &
  for _ in $(seq 60); do
    ! mariadb --socket="$work/run/db" -e 'create database wp; create user wp@localhost identified by "wp"; grant all on wp.* to wp@localhost' \
      2> /dev/null || return 0
    sleep 0.5
  done
  echo "The database did not start." >&2
  return 1
}

# copy_applications PHP: WordPress is not installed yet; PHP is added to its configuration. DokuWiki has no local.php yet.
copy_applications() {
  mkdir "$work/www" "$work/www/mediawiki" "$work/wiki" "$work/doku" "$work/git"
  cp -aL /usr/share/wordpress "$work/www/wordpress"
  cat > "$work/www/wordpress/wp-config.php" << PHP
<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_HOST', 'localhost:$work/run/db');
define('DISABLE_WP_CRON', true); $1
\$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
  # Its 36,000 files would take longer to copy than to use. It is told by MW_INSTALL_PATH where it is.
  ln -s /usr/share/mediawiki/* "$work/www/mediawiki/"
  rm -f "$work/www/mediawiki/LocalSettings.php" "$work/www/mediawiki/images"
  mkdir "$work/www/mediawiki/images"
  cp -aL /usr/share/dokuwiki "$work/www/dokuwiki"
  cp -aL /var/lib/dokuwiki/data "$work/doku/data"; cp -rL /etc/dokuwiki "$work/doku/conf"
  printf "<?php\ndefine('DOKU_CONF', '%s/doku/conf/');\n" "$work" > "$work/www/dokuwiki/inc/preload.php"
}

# install_mediawiki URL: under /mediawiki of it.
install_mediawiki() {
  MW_INSTALL_PATH="$work/www/mediawiki" php "$work/www/mediawiki/maintenance/install.php" --dbtype sqlite --dbpath "$work/wiki" \
    --server "$1" --scriptpath /mediawiki --confpath "$work/www/mediawiki" --pass a-long-password-1 Wiki Admin \
    > "$work/mediawiki.log" 2>&1
  chown -R www-data "$work/wiki" "$work/www/mediawiki/LocalSettings.php"
}

start_apache() {
  chown -R www-data "$work/www" "$work/wiki" "$work/doku" "$work/git"
  echo "\$projectroot = '$work/git';" > "$work/gitweb.conf"
  cat > "$work/apache.conf" << CONF
ServerRoot /etc/apache2
ServerName 127.0.0.1
PidFile $work/run/apache.pid
Listen 127.0.0.1:$origin
User www-data
Group www-data
IncludeOptional mods-enabled/*.load
IncludeOptional mods-enabled/*.conf
<IfModule !cgi_module>
  LoadModule cgi_module /usr/lib/apache2/modules/mod_cgi.so
</IfModule>
DocumentRoot $work/www
<Directory />
  Require all granted
  Options FollowSymLinks
  AllowOverride All
</Directory>
DirectoryIndex index.php index.html
# gitweb and phpMyAdmin run where Debian has put them.
IncludeOptional conf-available/gitweb*.conf
IncludeOptional /etc/phpmyadmin/apache*.conf
SetEnv MW_INSTALL_PATH $work/www/mediawiki
SetEnv GITWEB_CONFIG $work/gitweb.conf
php_admin_value mysqli.default_socket $work/run/db
# So that PHP knows of https.
SetEnvIf X-Forwarded-Proto https HTTPS=on
LogFormat "%m %U%q %>s %{User-Agent}i" counted
CustomLog $work/access.log counted
ErrorLog $work/apache.log
CONF
  touch "$work/access.log"
  # It ends with its whole process group.
  setsid apache2 -f "$work/apache.conf" -DFOREGROUND &
}

# start_proxy URL OPTIONS...: the program; waits until it answers at that address.
start_proxy() {
  local url=$1; shift
  dotnet src/PushProxy.Server/bin/Release/net10.0/pushproxy.dll run "$@" > "$work/proxy.log" 2>&1 &
  for _ in $(seq 60); do ! curl -sko /dev/null "$url/" || return 0; sleep 0.5; done
  echo "The program did not start." >&2
  return 1
}
