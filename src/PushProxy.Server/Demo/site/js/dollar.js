/*
 * dollar.js 1.8: find elements, listen to events, fade things, fetch things.
 * The helper library this site was built on. Scripts after it need it, so it stands in the head.
 */
(function (window, document) {
  'use strict';

  var slice = Array.prototype.slice;
  var readyQueue = [];
  var isReady = document.readyState === 'complete';

  function Collection(elements) {
    this.length = 0;
    for (var i = 0; i < elements.length; i++) {
      this[this.length++] = elements[i];
    }
  }

  function $(what, within) {
    if (typeof what === 'function') {
      if (isReady) { what($); } else { readyQueue.push(what); }
      return new Collection([document]);
    }
    if (what instanceof Collection) { return what; }
    if (typeof what === 'string') {
      if (what.charAt(0) === '<') {
        var holder = document.createElement('div');
        holder.innerHTML = what;
        return new Collection(slice.call(holder.childNodes));
      }
      return new Collection((within || document).querySelectorAll(what));
    }
    return new Collection(what ? [what] : []);
  }

  document.addEventListener('DOMContentLoaded', function () {
    isReady = true;
    while (readyQueue.length) { readyQueue.shift()($); }
  });

  // ---- small helpers ----

  $.each = function (list, visit) {
    var i;
    if (typeof list.length === 'number') {
      for (i = 0; i < list.length; i++) {
        if (visit.call(list[i], i, list[i]) === false) { break; }
      }
    } else {
      for (i in list) {
        if (Object.prototype.hasOwnProperty.call(list, i) && visit.call(list[i], i, list[i]) === false) { break; }
      }
    }
    return list;
  };

  $.extend = function (target) {
    slice.call(arguments, 1).forEach(function (source) {
      $.each(source || {}, function (name, value) { target[name] = value; });
    });
    return target;
  };

  $.map = function (list, change) {
    var result = [];
    $.each(list, function (i, item) {
      var changed = change(item, i);
      if (changed !== null && changed !== undefined) { result = result.concat(changed); }
    });
    return result;
  };

  $.trim = function (text) { return (text || '').replace(/^\s+|\s+$/g, ''); };

  $.param = function (values) {
    return $.map(Object.keys(values), function (name) {
      return encodeURIComponent(name) + '=' + encodeURIComponent(values[name]);
    }).join('&').replace(/%20/g, '+');
  };

  $.debounce = function (milliseconds, callback) {
    var timer;
    return function () {
      var self = this, args = arguments;
      clearTimeout(timer);
      timer = setTimeout(function () { callback.apply(self, args); }, milliseconds);
    };
  };

  $.money = function (pence) {
    return '£' + (pence / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  };

  $.cookie = function (name, value, days) {
    if (value === undefined) {
      var found = new RegExp('(?:^|; )' + name + '=([^;]*)').exec(document.cookie);
      return found ? decodeURIComponent(found[1]) : null;
    }
    var until = new Date();
    until.setTime(until.getTime() + (days || 1) * 864e5);
    document.cookie = name + '=' + encodeURIComponent(value) + '; expires=' + until.toUTCString() + '; path=/; SameSite=Lax';
    return value;
  };

  // ---- requests ----

  $.ajax = function (options) {
    var settings = $.extend({ method: 'GET', url: '', data: null, success: function () {}, error: function () {} }, options);
    var request = new XMLHttpRequest();
    var query = settings.data ? $.param(settings.data) : '';
    var url = settings.url;
    if (query && settings.method === 'GET') { url += (url.indexOf('?') < 0 ? '?' : '&') + query; }
    request.open(settings.method, url, true);
    request.setRequestHeader('X-Requested-With', 'XMLHttpRequest');
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      if (request.status >= 200 && request.status < 300) {
        settings.success(settings.json ? JSON.parse(request.responseText) : request.responseText, request);
      } else {
        settings.error(request);
      }
    };
    request.send(settings.method === 'GET' ? null : query);
    return request;
  };

  $.get = function (url, success) { return $.ajax({ url: url, success: success }); };

  // ---- movement ----

  function animate(element, from, to, milliseconds, apply, done) {
    var start = null;
    function step(now) {
      start = start || now;
      var part = Math.min(1, (now - start) / milliseconds);
      apply(element, from + (to - from) * (0.5 - Math.cos(part * Math.PI) / 2));
      if (part < 1) { window.requestAnimationFrame(step); } else if (done) { done.call(element); }
    }
    window.requestAnimationFrame(step);
  }

  function setOpacity(element, value) { element.style.opacity = value; }

  // ---- what a collection can do ----

  Collection.prototype = $.fn = {
    constructor: Collection,

    each: function (visit) { $.each(this, visit); return this; },
    get: function (index) { return index === undefined ? slice.call(this) : this[index]; },
    eq: function (index) { return $(this[index < 0 ? this.length + index : index]); },
    first: function () { return this.eq(0); },
    last: function () { return this.eq(-1); },
    map: function (change) { return $.map(this, change); },

    filter: function (selector) {
      return new Collection(slice.call(this).filter(function (element) { return element.matches(selector); }));
    },
    find: function (selector) {
      return new Collection($.map(this, function (element) { return slice.call(element.querySelectorAll(selector)); }));
    },
    closest: function (selector) {
      return new Collection($.map(this, function (element) { return element.closest(selector); }));
    },
    parent: function () { return new Collection($.map(this, function (element) { return element.parentNode; })); },
    children: function () { return new Collection($.map(this, function (element) { return slice.call(element.children); })); },
    index: function () { return this[0] ? slice.call(this[0].parentNode.children).indexOf(this[0]) : -1; },

    hasClass: function (name) { return slice.call(this).some(function (element) { return element.classList.contains(name); }); },
    addClass: function (name) { return this.each(function () { this.classList.add(name); }); },
    removeClass: function (name) { return this.each(function () { this.classList.remove(name); }); },
    toggleClass: function (name, on) {
      return this.each(function () { this.classList.toggle(name, on === undefined ? !this.classList.contains(name) : on); });
    },

    attr: function (name, value) {
      if (value === undefined) { return this[0] ? this[0].getAttribute(name) : null; }
      return this.each(function () { this.setAttribute(name, value); });
    },
    removeAttr: function (name) { return this.each(function () { this.removeAttribute(name); }); },
    data: function (name, value) { return this.attr('data-' + name, value); },
    val: function (value) {
      if (value === undefined) { return this[0] ? this[0].value : ''; }
      return this.each(function () { this.value = value; });
    },
    css: function (name, value) {
      if (value === undefined) { return this[0] ? window.getComputedStyle(this[0])[name] : null; }
      return this.each(function () { this.style[name] = value; });
    },
    text: function (value) {
      if (value === undefined) { return $.map(this, function (element) { return element.textContent; }).join(''); }
      return this.each(function () { this.textContent = value; });
    },
    html: function (value) {
      if (value === undefined) { return this[0] ? this[0].innerHTML : ''; }
      return this.each(function () { this.innerHTML = value; });
    },

    append: function (what) { return this.each(function () { var home = this; $(what).each(function () { home.appendChild(this); }); }); },
    prepend: function (what) { return this.each(function () { var home = this; $(what).each(function () { home.insertBefore(this, home.firstChild); }); }); },
    before: function (what) { return this.each(function () { var self = this; $(what).each(function () { self.parentNode.insertBefore(this, self); }); }); },
    remove: function () { return this.each(function () { this.parentNode.removeChild(this); }); },
    empty: function () { return this.html(''); },

    on: function (names, selector, handler) {
      if (typeof selector === 'function') { handler = selector; selector = null; }
      return this.each(function () {
        var element = this;
        names.split(' ').forEach(function (name) {
          element.addEventListener(name, function (event) {
            var target = selector ? event.target.closest(selector) : element;
            if (target && element.contains(target) && handler.call(target, event) === false) {
              event.preventDefault();
              event.stopPropagation();
            }
          });
        });
      });
    },
    trigger: function (name) {
      return this.each(function () { this.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true })); });
    },
    click: function (handler) { return handler ? this.on('click', handler) : this.each(function () { this.click(); }); },
    submit: function (handler) { return this.on('submit', handler); },
    change: function (handler) { return this.on('change', handler); },

    show: function () { return this.each(function () { this.style.display = ''; }); },
    hide: function () { return this.each(function () { this.style.display = 'none'; }); },
    fadeIn: function (milliseconds, done) {
      return this.show().each(function () { animate(this, 0, 1, milliseconds || 300, setOpacity, done); });
    },
    fadeOut: function (milliseconds, done) {
      return this.each(function () {
        animate(this, 1, 0, milliseconds || 300, setOpacity, function () {
          this.style.display = 'none';
          if (done) { done.call(this); }
        });
      });
    },
    serialize: function () {
      return $.param(slice.call(this[0].elements).reduce(function (values, field) {
        if (field.name && !field.disabled) { values[field.name] = field.value; }
        return values;
      }, {}));
    }
  };

  window.$ = window.dollar = $;
}(window, document));
