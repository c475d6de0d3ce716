/* Tables that sort when their heads are clicked. */
$.fn.sortable = function () {
  return this.each(function () {
    var table = $(this);
    table.on('click', 'th', function () {
      var head = $(this);
      var column = head.index();
      var down = head.hasClass('up');
      table.find('th').removeClass('up').removeClass('down');
      head.addClass(down ? 'down' : 'up');

      function value(row) {
        var cell = row.children[column];
        var text = cell.getAttribute('data-value') || cell.textContent;
        return isNaN(Number(text)) ? text : Number(text);
      }

      var body = table.find('tbody')[0];
      $(body).children().get()
        .sort(function (a, b) { return (value(a) > value(b) ? 1 : -1) * (down ? -1 : 1); })
        .forEach(function (row) { body.appendChild(row); });
    });
  });
};

$(function () { $('.grid').sortable(); });
