/* The stock room: bars as long as the stock, and which wait was chosen. */
$(function () {
  $('.progress-bar').each(function () {
    $(this).css('width', Math.round(100 * $(this).data('left') / $(this).data('full')) + '%');
  });
  $('.stock-waits a').each(function () {
    if ($(this).attr('href') === window.location.pathname + window.location.search) { $(this).parent().addClass('active'); }
  });
});
