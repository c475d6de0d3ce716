#!/usr/bin/env bash
# Loads learned pages of real applications and themes in four browsers, and counts what each browser makes the origin do:
# WordPress, MediaWiki and DokuWiki of Debian, and three themes from npm, behind the program on one Apache.
# Needs root, in a network without a way out (run it by: unshare -n tests/applications/run.sh), a Release build, and the Debian packages
# apache2 libapache2-mod-php php-mysql php-sqlite3 php-xml php-mbstring php-gd php-intl mariadb-server wordpress wordpress-theme-twentytwentyone mediawiki dokuwiki
# chromium firefox-esr webkit2gtk-driver xvfb libnss3-tools. The themes must have been unpacked beforehand:
#   THEMES=folder tests/applications/run.sh    (each theme in folder/NAME)
origin=18800 proxy=18843 management=18844
public=https://127.0.0.1:$proxy
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The applications, as copies that say where the public reaches them.
start_database
copy_applications "define('WP_HOME', '$public/wordpress'); define('WP_SITEURL', '$public/wordpress');"
cat > "$work/install-wordpress.php" << PHP
<?php
\$_SERVER['HTTP_HOST'] = '127.0.0.1:$proxy'; \$_SERVER['HTTPS'] = 'on'; \$_SERVER['REQUEST_URI'] = '/wordpress/'; \$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require '$work/www/wordpress/wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Site', 'admin', 'admin@example.org', true, '', 'a-password');
switch_theme('twentytwentyone');
PHP
php "$work/install-wordpress.php" > "$work/wordpress.log" 2>&1
install_mediawiki "$public"
echo "<?php \$conf['title']='Wiki'; \$conf['savedir']='$work/doku/data'; \$conf['baseurl']='$public'; \$conf['basedir']='/dokuwiki/'; \$conf['useacl']=0; \$conf['license']='0';" > "$work/doku/conf/local.php"
for theme in "${THEMES:-/nothing}"/*/; do [ ! -d "$theme" ] || cp -a "$theme" "$work/www/$(basename "$theme")"; done
start_apache

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
start_proxy "$public" --config "$work/site.json"

pages=(${PAGES:-/wordpress/ /mediawiki/index.php/Main_Page /dokuwiki/doku.php})
for theme in "${THEMES:-/nothing}"/*/; do [ ! -d "$theme" ] || pages+=("/$(basename "$theme")/index.html"); done
chromium103=$(tests/PushProxy.Http2.Tests/Clients/get-chromium.sh)
node tests/applications/views.mjs "$public" "http://127.0.0.1:$management" "$work" "$chromium103" "${pages[@]}"
