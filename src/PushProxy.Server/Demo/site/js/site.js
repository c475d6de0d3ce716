/* What all pages of the shop share. Runs in the head, so that the page never shows the wrong state first. */
document.documentElement.className += ' js';

$(function () {
  // Forms that go nowhere say thank you.
  $('form[data-thanks]').submit(function () {
    var form = $(this);
    form.fadeOut(200, function () {
      form.html('').append($('<p>')[0]).find('p').text(form.data('thanks'));
      form.fadeIn(300);
    });
    return false;
  });

  // A product can be reached by its name in the address.
  if (window.location.hash.length > 1) {
    $('[id="' + window.location.hash.slice(1).replace(/[^a-z-]/g, '') + '"]').addClass('chosen');
  }
});
