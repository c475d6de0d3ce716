#!/usr/bin/env bash
# Crawls WordPress, MediaWiki and DokuWiki of Debian with some hundred pages, through the program in shadow, as visitors of several networks,
# some of whom are logged in, and prints what would have become of shells.
# Needs root, in a network without a way out (run it by: unshare -n tests/applications/shells.sh), a Release build, and the packages of run.sh.
origin=18900 proxy=18943 management=18944
public=https://127.0.0.1:$proxy
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
count=${PAGES:-100}

start_database
copy_applications "define('WP_HOME', '$public/wordpress'); define('WP_SITEURL', '$public/wordpress');"
cat > "$work/install-wordpress.php" << PHP
<?php
\$_SERVER['HTTP_HOST'] = '127.0.0.1:$proxy'; \$_SERVER['HTTPS'] = 'on'; \$_SERVER['REQUEST_URI'] = '/wordpress/'; \$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define('WP_INSTALLING', true);
require '$work/www/wordpress/wp-load.php'; require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Site', 'admin', 'admin@example.org', true, '', 'a-password');
for (\$i = 1; \$i <= 9; \$i++) wp_insert_user(['user_login' => "user\$i", 'user_pass' => 'a-password', 'user_email' => "u\$i@example.org"]);
for (\$i = 1; \$i <= $count; \$i++) wp_insert_post(['post_title' => "Post \$i", 'post_content' => "Text of post \$i.", 'post_status' => 'publish',
  'post_author' => 1, 'tags_input' => ['tag' . \$i % 7]]);
PHP
php "$work/install-wordpress.php" > "$work/wordpress.log" 2>&1
install_mediawiki "$public"
mkdir "$work/texts"
for i in $(seq "$count"); do echo "Text of page $i. [[Page $((i % count + 1))]]" > "$work/texts/Page_$i.txt"; done
MW_INSTALL_PATH="$work/www/mediawiki" php "$work/www/mediawiki/maintenance/importTextFiles.php" "$work"/texts/*.txt >> "$work/mediawiki.log" 2>&1
chown -R www-data "$work/wiki"
echo "<?php \$conf['title']='Wiki'; \$conf['savedir']='$work/doku/data'; \$conf['baseurl']='$public'; \$conf['basedir']='/dokuwiki/'; \$conf['useacl']=0; \$conf['license']='0';" > "$work/doku/conf/local.php"
for i in $(seq "$count"); do echo "====== Page $i ====== text [[page$((i % count + 1))]]" > "$work/doku/data/pages/page$i.txt"; done
start_apache

start_proxy "$public" --origin "http://127.0.0.1:$origin" --listen "$public" --PushProxy:DataDirectory="$work/proxy" \
  --PushProxy:Management:Listen="http://127.0.0.1:$management" --PushProxy:Shell:After="${AFTER:-20}" --PushProxy:Shell:WithCookies=true
node tests/applications/shells.mjs "$public" "http://127.0.0.1:$management" "$count" "${ROUNDS:-6}"
