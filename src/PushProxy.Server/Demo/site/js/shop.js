/* The product list: choosing a kind, sorting by price. At the end of the body, so nothing waits for it. */
$(function () {
  var list = $('#products');

  $('#kinds').on('click', 'a', function () {
    var kind = $(this).data('kind');
    $('#kinds li').removeClass('active');
    $(this).parent().addClass('active');
    list.children().each(function () {
      $(this).toggleClass('hidden', kind !== 'all' && $(this).data('kind') !== kind);
    });
    return false;
  });

  $('#sort').change(function () {
    var direction = $(this).val() === 'dear' ? -1 : 1;
    var byPrice = $(this).val() !== 'shelf';
    var cells = list.children().get().sort(function (a, b) {
      return byPrice ? direction * (a.getAttribute('data-pence') - b.getAttribute('data-pence')) : a.getAttribute('data-shelf') - b.getAttribute('data-shelf');
    });
    cells.forEach(function (cell) { list[0].appendChild(cell); });
  });
});
