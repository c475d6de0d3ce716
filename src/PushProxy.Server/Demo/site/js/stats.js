/*
 * Stands where a counter from somewhere else would be: asynchronous, nothing waits for it.
 * It tells nobody. It writes into the foot of the page how fast that page was.
 */
(function () {
  'use strict';

  function milliseconds(value) { return Math.round(value) + ' ms'; }

  function report() {
    var place = document.getElementById('timing');
    var visit = performance.getEntriesByType && performance.getEntriesByType('navigation')[0];
    if (!place || !visit) { return; }
    var paint = performance.getEntriesByName('first-contentful-paint')[0];
    place.textContent = (visit.nextHopProtocol || 'unknown protocol') +
      ' · first byte ' + milliseconds(visit.responseStart) +
      (paint ? ' · first paint ' + milliseconds(paint.startTime) : '') +
      ' · loaded ' + milliseconds(visit.loadEventStart);
  }

  function later() { setTimeout(report, 200); }
  if (document.readyState === 'complete') { later(); } else { window.addEventListener('load', later); }
}());
