/* The basket. It lasts as long as the page does: nothing here is for sale. */
$(function () {
  var count = 0;
  var pence = 0;

  $('#products').on('click', '.btn', function () {
    count += 1;
    pence += Number($(this).closest('[data-pence]').data('pence'));
    $('#basket').html('').append('<span>In your basket: </span>').append('<strong></strong>').find('strong')
      .text(count + (count === 1 ? ' thing, ' : ' things, ') + $.money(pence));
    $(this).text('Added');
    return false;
  });
});
