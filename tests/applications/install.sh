#!/usr/bin/env bash
# Uses WordPress, MediaWiki and DokuWiki of Debian through the program, which is started with --origin alone and has a name of its own:
# install (WordPress), log in, comment, edit, search, log out. Nothing in WordPress and DokuWiki says where the public reaches them.
# Fails if an answer names the origin, or the public site by http.
# Needs root, in a network without a way out (run it by: unshare -n tests/applications/install.sh), a Release build, curl, iproute2 and
# the Debian packages apache2 libapache2-mod-php php-mysql php-sqlite3 php-xml php-mbstring php-intl mariadb-server wordpress mediawiki dokuwiki.
origin=18900 port=18943 name=www.example.org
site=https://$name:$port
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

start_database
copy_applications ""
echo "<?php \$conf['title'] = 'Wiki'; \$conf['savedir'] = '$work/doku/data'; \$conf['useacl'] = 1; \$conf['superuser'] = 'admin';" > "$work/doku/conf/local.php"
echo "admin:$(php -r 'echo password_hash("a-password-1", PASSWORD_BCRYPT);'):Admin:admin@example.org:admin,user" > "$work/doku/conf/users.auth.php"
printf '*\t@ALL\t1\n*\t@user\t8\n' > "$work/doku/conf/acl.auth.php"
start_apache
start_proxy "https://127.0.0.1:$port" --origin "http://127.0.0.1:$origin" --listen "https://127.0.0.1:$port" \
  --PushProxy:DataDirectory="$work/proxy" --PushProxy:Management:Listen=none

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
install_mediawiki "$site"
ask mw /mediawiki/; has "Main Page"
ask mw "/mediawiki/index.php?title=Special:UserLogin"; token=$(field wpLoginToken)
ask mw "/mediawiki/index.php?title=Special:UserLogin" --data-urlencode wpName=Admin --data-urlencode wpPassword=a-long-password-1 \
  --data-urlencode "wpLoginToken=$token" -d authAction=login -d title=Special:UserLogin; has "Log out|pt-logout"
ask guest "/mediawiki/index.php?search=Main"; has "Main"
echo "No answer names the origin."
