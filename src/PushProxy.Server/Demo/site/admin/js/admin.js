/* The back office: bars of the chart, finding a row, a clock. */
$(function () {
  $('.chart-bar').each(function () {
    $(this).find('i').css('height', Math.round(118 * $(this).data('value') / 100) + 'px');
  });

  $('#find').on('input', $.debounce(120, function () {
    var wanted = $(this).val().toLowerCase();
    $('#orders tbody tr').each(function () {
      this.style.display = this.textContent.toLowerCase().indexOf(wanted) < 0 ? 'none' : '';
    });
  }));

  $('#clock').text(new Date().toTimeString().slice(0, 5));
});
