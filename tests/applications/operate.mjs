// Operates applications by Chromium through the program, as people do, and checks all that Chromium asks for and is answered. See install.sh.
// Each check is a line: ok or FAIL. Exit code 1 if one failed.
import { createHash, X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Check, Chromium } from './chromium.mjs';

const [site, origin, work, password] = process.argv.slice(2);
const spki = createHash('sha256')
  .update(new X509Certificate(readFileSync(`${work}/cert.pem`)).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
const browser = await Chromium.start(`${work}/profile`, spki, new URL(site).hostname);

let failures = 0;
const report = (passed, what) => {
  failures += passed ? 0 : 1;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${what}`);
};
const expect = (condition, what) => { if (!condition) { throw new Error(what); } };
const shown = selector => `[...document.querySelectorAll(${JSON.stringify(selector)})].some(e => e.complete && e.naturalWidth > 0)`;

// One application, in a window of its own and with a visitor who knows nobody. Steps follow from each other: the first that fails is the last.
async function operate(application, steps) {
  const check = new Check(site, origin);
  // An application that knows the wrong address says so in every line.
  const reportFindings = step => {
    const findings = check.take();
    findings.slice(0, 5).forEach(finding => report(false, `${application}, ${step}: ${finding}`));
    return findings.length;
  };
  const [tab, guest] = [await browser.open(check), await browser.open(check)];
  for (const [step, act] of Object.entries(steps)) {
    const began = Date.now();
    try {
      await act(tab, guest);
      await tab.settle();
      await guest.settle();
      if (reportFindings(step) === 0) {
        report(true, `${application}: ${step} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
      }
    } catch (error) {
      reportFindings(step);
      report(false, `${application}, ${step}: ${error.message}`);
      break;
    }
  }
  // Only gitweb sets none.
  report(check.texts > 0 && (check.cookies > 0 || application === 'gitweb'),
    `${application}: ${check.answers} answers, of them ${check.texts} texts, and ${check.cookies} cookies were read`);
}

const wordpress = {
  async 'install by its installer'(tab) {
    await tab.visit(`${site}/wordpress/`);
    if (await tab.evaluate('!!document.querySelector("#language-continue")')) {
      await tab.follow('#language-continue');
    }
    await tab.fill('#weblog_title', 'A site');
    await tab.fill('#user_login', 'admin');
    await tab.fill('#pass1', password);
    await tab.fill('#admin_email', 'admin@example.org');
    await tab.until('!document.querySelector("#submit").disabled');
    await tab.follow('#submit');
    await tab.has('Success!');
  },
  async 'log in'(tab) {
    await tab.visit(`${site}/wordpress/wp-admin/`);
    await tab.fill('#user_login', 'admin');
    await tab.fill('#user_pass', password);
    await tab.follow('#wp-submit');
    await tab.has('Dashboard');
  },
  async 'edit a post'(tab, guest) {
    await tab.visit(`${site}/wordpress/wp-admin/post.php?post=1&action=edit`);
    await tab.until('window.wp?.data?.select("core/editor")?.getCurrentPostId() === 1');
    await tab.evaluate(`wp.data.dispatch("core/editor").editPost({ title: "Hello edited world" }),
      wp.data.dispatch("core/block-editor").insertBlocks(wp.blocks.createBlock("core/paragraph", { content: "Marmalade is edited in." })),
      undefined`);
    await tab.until('document.querySelector(".editor-post-publish-button[aria-disabled=false]")');
    await tab.click('.editor-post-publish-button');
    await tab.until(`wp.data.select("core/editor").didPostSaveRequestSucceed() && !wp.data.select("core/editor").isSavingPost()
      && !wp.data.select("core/editor").isEditedPostDirty()`);
    await guest.visit(`${site}/wordpress/?p=1`);
    await guest.has('Marmalade is edited in.');
  },
  async 'upload a picture'(tab) {
    await tab.visit(`${site}/wordpress/wp-admin/media-new.php`);
    await tab.choose('.moxie-shim input[type=file]', `${work}/picture.png`);
    await tab.until('document.querySelector(".media-item .edit-attachment")');
    await tab.visit(`${site}/wordpress/wp-admin/upload.php?mode=list`);
    await tab.until(shown('img[src*="/uploads/"]'), 'the picture');
  },
  async 'comment'(tab, guest) {
    await tab.visit(`${site}/wordpress/?p=1`);
    await tab.fill('#comment', 'It was nice to read.');
    await tab.follow('#commentform [type=submit]');
    await tab.has('It was nice to read.');
    await guest.visit(`${site}/wordpress/?p=1`);
    await guest.has('It was nice to read.');
  },
  async 'search'(tab, guest) {
    await guest.visit(`${site}/wordpress/?s=marmalade`);
    await guest.has('Hello edited world');
  },
  async 'feeds'(tab, guest) {
    for (const feed of ['rss2', 'atom', 'comments-rss2']) {
      expect((await guest.get(`/wordpress/?feed=${feed}`)).includes(`${site}/wordpress/`), `the feed ${feed} does not name ${site}`);
    }
  },
  async 'log out'(tab) {
    await tab.follow('#wp-admin-bar-logout a');
    await tab.has('You are now logged out');
  },
};

const mediawiki = {
  async 'install by its installer'(tab) {
    await tab.visit(`${site}/mediawiki/`);
    await tab.follow('a[href*="mw-config"]');
    const go = () => tab.follow('input[name="submit-continue"]');
    await go(); // language
    await go(); // what the installer found
    await tab.click('#DBType_sqlite');
    await tab.fill('[name="sqlite_wgSQLiteDataDir"]', `${work}/wiki`);
    await go();
    await tab.fill('[name="config_wgSitename"]', 'Wiki');
    await tab.fill('[name="config__AdminName"]', 'Admin');
    await tab.fill('[name="config__AdminPassword"]', password);
    await tab.fill('[name="config__AdminPasswordConfirm"]', password);
    await tab.click('[name="config__SkipOptional"][value="skip"]');
    for (let i = 0; i < 3; i++) { // "install", "yes", "done"
      await go();
    }
    await tab.has('LocalSettings.php');
    // What the installer offers for download is what the administrator puts on the server, and that he allows uploads.
    const settings = await tab.get(await tab.evaluate('document.querySelector("a[href*=\'localsettings=1\']").href'));
    expect(settings.includes(`$wgServer = "${site}";`), `not ${site}: ${/.*wgServer.*/.exec(settings)?.[0]}`);
    writeFileSync(`${work}/www/mediawiki/LocalSettings.php`, `${settings}\n$wgEnableUploads = true;\n`);
  },
  async 'log in'(tab) {
    await tab.visit(`${site}/mediawiki/`);
    await tab.follow('#pt-login a');
    await tab.fill('#wpName1', 'Admin');
    await tab.fill('#wpPassword1', password);
    await tab.follow('#wpLoginAttempt');
    await tab.until('document.querySelector("#pt-logout")');
  },
  async 'edit a page'(tab, guest) {
    await tab.visit(`${site}/mediawiki/index.php?title=Notes&action=edit`);
    await tab.fill('#wpTextbox1', 'Marmalade is edited in.');
    await tab.follow('#wpSave');
    await tab.has('Marmalade is edited in.');
    await guest.visit(`${site}/mediawiki/index.php/Notes`);
    await guest.has('Marmalade is edited in.');
  },
  async 'upload a picture'(tab) {
    await tab.visit(`${site}/mediawiki/index.php/Special:Upload`);
    await tab.choose('#wpUploadFile', `${work}/picture.png`);
    await tab.fill('#wpDestFile', 'Picture.png');
    await tab.follow('[name=wpUpload]');
    await tab.has('File:Picture.png');
    await tab.until(shown('#file img'), 'the picture');
  },
  async 'search'(tab, guest) {
    await guest.visit(`${site}/mediawiki/index.php?title=Special:Search&search=Notes&fulltext=1`);
    await guest.until('document.querySelector(".mw-search-results a[href$=Notes]")');
    await guest.visit(`${site}/mediawiki/index.php/Main_Page`);
    await guest.fill('#searchInput', 'Notes');
    await guest.follow('#searchform [name=go], #searchform button, #searchButton');
    await guest.has('Marmalade is edited in.');
  },
  async 'feeds'(tab, guest) {
    for (const feed of ['rss', 'atom']) {
      expect((await guest.get(`/mediawiki/index.php?title=Special:RecentChanges&feed=${feed}`)).includes(`${site}/mediawiki/`),
        `the feed ${feed} does not name ${site}`);
    }
  },
  async 'log out'(tab) {
    await tab.visit(`${site}/mediawiki/index.php/Notes`);
    // Without its script the link leads to a question.
    await tab.until('mw.loader.getState("mediawiki.page.ready") === "ready"');
    await tab.follow('#pt-logout a');
    await tab.until('document.querySelector("#pt-login")');
  },
};

const dokuwiki = {
  async 'log in'(tab) {
    await tab.visit(`${site}/dokuwiki/`);
    await tab.follow('a.login, .action.login a');
    await tab.fill('#dw__login [name=u]', 'admin');
    await tab.fill('#dw__login [name=p]', password);
    await tab.follow('#dw__login [type=submit]');
    await tab.until('document.querySelector("a.logout, .action.logout a")');
  },
  async 'edit a page'(tab, guest) {
    await tab.visit(`${site}/dokuwiki/doku.php?id=notes:first&do=edit`);
    await tab.fill('#wiki__text', 'Marmalade is edited in.');
    await tab.follow('#edbtn__save');
    await tab.has('Marmalade is edited in.');
    await guest.visit(`${site}/dokuwiki/doku.php?id=notes:first`);
    await guest.has('Marmalade is edited in.');
  },
  async 'upload a picture'(tab) {
    await tab.visit(`${site}/dokuwiki/doku.php?id=notes:first&do=media&ns=notes&tab_files=upload`);
    await tab.choose('#mediamanager__uploader input[type=file]', `${work}/picture.png`);
    await tab.click('#mediamanager__upload_button');
    await tab.until('document.querySelector(".qq-upload-success")');
    await tab.visit(`${site}/dokuwiki/doku.php?id=notes:first&do=media&ns=notes&image=notes:picture.png`);
    await tab.until(shown('img[src*="picture.png"]'), 'the picture');
  },
  async 'search'(tab, guest) {
    await guest.visit(`${site}/dokuwiki/doku.php?id=notes:first`);
    await guest.fill('#qsearch__in', 'marmalade');
    await guest.follow('#dw__search [type=submit]');
    await guest.has('notes:first');
    await guest.has('is edited in');
  },
  async 'feeds'(tab, guest) {
    for (const feed of ['rss2', 'atom1']) {
      expect((await guest.get(`/dokuwiki/feed.php?type=${feed}`)).includes(`${site}/dokuwiki/`), `the feed ${feed} does not name ${site}`);
    }
  },
  async 'log out'(tab) {
    await tab.visit(`${site}/dokuwiki/doku.php?id=notes:first`);
    await tab.follow('a.logout, .action.logout a');
    await tab.until('document.querySelector("a.login, .action.login a")');
  },
};

const gitweb = {
  async 'summary with its style'(tab) {
    await tab.visit(`${site}/gitweb/`);
    await tab.follow('a[href*="p=notes.git"]');
    await tab.has('A first commit');
    // gitweb.css makes the title's background blue-grey.
    expect(await tab.evaluate('getComputedStyle(document.querySelector(".page_header")).backgroundColor') === 'rgb(217, 216, 209)',
      'gitweb.css is not applied');
    await tab.until(shown('img.logo'), 'the logo');
  },
  async 'commit, tree and feeds'(tab) {
    await tab.follow('a[href*="a=commit"]');
    await tab.has('A first commit');
    for (const feed of ['rss', 'atom', 'opml']) {
      expect((await tab.get(feed === 'opml' ? '/gitweb/?a=opml' : `/gitweb/?p=notes.git;a=${feed}`)).includes(`${site}/gitweb`),
        `the feed ${feed} does not name ${site}`);
    }
  },
};

const phpmyadmin = {
  async 'log in'(tab) {
    await tab.visit(`${site}/phpmyadmin/`);
    await tab.fill('#input_username', 'wp');
    await tab.fill('#input_password', 'wp');
    await tab.follow('#input_go');
    await tab.until('document.querySelector("#server-breadcrumb, #pma_navigation_tree")');
  },
  async 'see the databases'(tab) {
    await tab.visit(`${site}/phpmyadmin/index.php?route=/server/databases`);
    await tab.until('document.querySelector("#dbStatsForm")?.innerText.includes("information_schema")');
  },
  async 'see a table'(tab) {
    await tab.visit(`${site}/phpmyadmin/index.php?route=/sql&db=information_schema&table=ENGINES`);
    await tab.has('InnoDB');
  },
  async 'log out'(tab) {
    await tab.follow('a[href*="route=/logout"]');
    await tab.until('document.querySelector("#input_password")');
  },
};

// That the checks would find something: a page that does all that is wrong, which the proxy passes on as it is.
async function control() {
  mkdirSync(`${work}/www/control`);
  copyFileSync(`${work}/picture.png`, `${work}/www/control/picture.png`);
  writeFileSync(`${work}/www/control/index.php`, `<?php header('Set-Cookie: a=b; Domain=elsewhere.test'); ?>
    <link rel=stylesheet href="${site.replace('https:', 'http:')}/wrong.css"><img src="http://elsewhere.test/wrong.png">
    <script>const api = '${origin.replaceAll('/', '\\/')}\\/api';</script><a href="?back=${encodeURIComponent(site.replace(/:\d+$/, ''))}:81">x</a>`);
  const check = new Check(site, origin);
  const tab = await browser.open(check);
  await tab.visit(`${site}/control/`);
  await tab.settle();
  const found = check.take();
  for (const wrong of [/names the origin/, /cookie for elsewhere/, /another address/, /console says: Mixed Content/, /wrong\.css.*mixed-content/]) {
    report(found.some(finding => wrong.test(finding)), `control: ${wrong.source} would be seen`);
  }
}

async function others() {
  for (const [application, steps] of Object.entries({ DokuWiki: dokuwiki, MediaWiki: mediawiki, gitweb, phpMyAdmin: phpmyadmin })) {
    await operate(application, steps);
  }
  await control();
}

try {
  await Promise.all([operate('WordPress', wordpress), others()]);
} finally {
  await browser.close();
}
process.exitCode = failures > 0 ? 1 : 0;
