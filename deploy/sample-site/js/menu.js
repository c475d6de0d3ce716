/* Marks the page one is on, and today's row of the calendar. */
document.addEventListener('DOMContentLoaded', function () {
  var here = location.pathname.replace(/\/$/, '/index.html');
  var links = document.querySelectorAll('#menu a');
  for (var i = 0; i < links.length; i++) {
    if (links[i].pathname === here) { links[i].parentNode.className = 'here'; }
  }

  var days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  var rows = document.querySelectorAll('.calendar tbody tr');
  for (var j = 0; j < rows.length; j++) {
    if (rows[j].cells[0].textContent === days[new Date().getDay()]) { rows[j].className += ' today'; }
  }
});
