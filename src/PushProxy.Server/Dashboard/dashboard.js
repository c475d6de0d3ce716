// Fetches the figures again, as long as somebody looks at them. Without it the page has the same figures, and a link to load it again.
'use strict';
{
  const every = 5000;
  const [pause, state] = ['pause', 'state'].map(id => document.getElementById(id));
  let paused = false, timer = 0;

  const differs = (a, b) => a.innerHTML !== b.innerHTML || a.className !== b.className;

  // What was unfolded stays so, and what had the focus has it again.
  const swap = (old, fresh) => {
    for (const one of old.querySelectorAll('details[id]')) {
      const same = fresh.querySelector('#' + CSS.escape(one.id));
      if (same) same.open = one.open;
    }
    if (!differs(old, fresh)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const kind = focused && focused.localName;
    const at = focused ? [...old.querySelectorAll(kind)].indexOf(focused) : -1;
    const href = focused && focused.getAttribute('href');
    old.replaceWith(fresh);
    if (focused) {
      const all = [...fresh.querySelectorAll(kind)];
      const next = (href && all.find(one => one.getAttribute('href') === href)) || all[at];
      if (next) next.focus({ preventScroll: true });
    }
  };

  // Whoever is about to copy something is not disturbed.
  const selects = section => {
    const selection = getSelection();
    return !selection.isCollapsed && selection.containsNode(section, true);
  };

  const show = text => {
    const fresh = new DOMParser().parseFromString(text, 'text/html');
    document.getElementById('time').replaceWith(fresh.getElementById('time'));
    const root = document.getElementById('sections');
    const all = [...fresh.querySelectorAll('#sections > section')];
    for (const section of [...root.children]) {
      if (!all.some(one => one.id === section.id)) section.remove();
    }
    all.forEach((section, i) => {
      const old = document.getElementById(section.id);
      if (!old) root.insertBefore(section, root.children[i] || null);
      else if (!selects(old)) swap(old, section);
    });
  };

  const poll = async () => {
    try {
      const answer = await fetch('?part=live', { cache: 'no-store' });
      if (!answer.ok) throw new Error(answer.status);
      show(await answer.text());
      if (state.textContent) state.textContent = '';
    } catch {
      state.textContent = 'No answer: these figures are old.';
    }
    next();
  };

  const next = () => {
    clearTimeout(timer);
    if (!paused && document.visibilityState === 'visible') timer = setTimeout(poll, every);
  };

  pause.hidden = false;
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.textContent = paused ? 'Go on' : 'Pause';
    next();
  });
  document.addEventListener('visibilitychange', next);
  next();
}
