/* How long an article takes to read, at two hundred words a minute. */
$(function () {
  $('.hentry').each(function () {
    var words = $.trim($(this).find('.entry-content').text()).split(/\s+/).length;
    $(this).find('.reading-time').text(' · ' + Math.max(1, Math.round(words / 200)) + ' min to read');
  });
});
