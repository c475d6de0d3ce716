/* Lamplight: marks the page one is on, and gives outside links their own tab. */
$(function () {
  var here = window.location.pathname;
  $('.main-navigation a').each(function () {
    if (this.pathname === here || (this.pathname === '/blog' && here.indexOf('/blog/') === 0)) { $(this).parent().addClass('current-menu-item'); }
  });
  $('.entry-content a').filter('[href^="http"]').attr('rel', 'noopener').attr('target', '_blank');
});
