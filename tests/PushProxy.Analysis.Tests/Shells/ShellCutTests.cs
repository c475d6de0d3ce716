using System.Text;
using PushProxy.Analysis.Shells;

namespace PushProxy.Analysis.Tests.Shells;

/// <summary>Where a shell ends. In the tables a bar stands where it must end; it is not part of the page.</summary>
public class ShellCutTests
{
    [Theory]
    [InlineData("<!DOCTYPE html><html><head>|")]
    [InlineData("<p>|text")]
    [InlineData("<p>text</p>|text")]
    [InlineData("<p>text</p>|<p")]
    [InlineData("<p>text</p>|<p class=\"a")]
    [InlineData("<p>text</p>|<p class='a>b")]
    [InlineData("<p>text</p>|</p")]
    [InlineData("<p class='a>b'>|")]
    [InlineData("<a href=x>|a > b")]
    [InlineData("<br/>|")]
    [InlineData("<P CLASS=x>|")]
    [InlineData("|text")]
    [InlineData("|<")]
    [InlineData("|<!DOCTYPE html>")]
    [InlineData("|")]
    public void It_ends_behind_a_tag(string html) => CutsAt(html, ShellEnd.Given);

    [Theory]
    [InlineData("<p>|<script>f('<p>')")]
    [InlineData("<p>|<script>f('<p>');</scrip")]
    [InlineData("<p>|<script><!-- <script> </script>")]
    [InlineData("<p>|<style>p { color: red } <p>")]
    [InlineData("<head>|<title>One <b> two")]
    [InlineData("<p>|<textarea><p>")]
    [InlineData("<p>|<noscript><p>")]
    [InlineData("<head>|<noscript><link rel=stylesheet href=a.css>")]
    [InlineData("<p>|<iframe><p>")]
    [InlineData("<p>|<xmp><p>")]
    [InlineData("<p>|<noembed><p>")]
    [InlineData("<p>|<noframes><p>")]
    [InlineData("<p>|<!-- <p> --")]
    [InlineData("<p>|<!--[if IE]><link rel=stylesheet href=ie.css>")]
    [InlineData("<p>|<![CDATA[ <p")]
    [InlineData("<p>|<?php <p")]
    [InlineData("<p>|<svg><path d='M0 0'></path>")]
    [InlineData("<p>|<svg><title>One</title><g>")]
    [InlineData("<p>|<math><mi>x</mi>")]
    [InlineData("<p>|<select><option>One</option>")]
    [InlineData("<p>|<template><p></p>")]
    [InlineData("<p>|<template><template></template><p>")]
    public void It_ends_outside_what_would_swallow_markup(string html) => CutsAt(html, ShellEnd.Given);

    [Theory]
    [InlineData("<script>f()</script>|")]
    [InlineData("<script src=a.js></script>|")]
    [InlineData("<style>p{}</style>|")]
    [InlineData("<title>One</title>|")]
    [InlineData("<textarea></textarea>|")]
    [InlineData("<noscript><p></noscript>|")]
    [InlineData("<noscript><iframe src=//t.test/a.html></iframe></noscript>|")]
    [InlineData("<noscript>Without <scripts> 1 < 2 & 3</noscript>|")]
    [InlineData("<!--[if IE]><p><![endif]--><p>|")]
    [InlineData("<svg/>|")]
    [InlineData("<svg><path d='M0 0'/></svg>|")]
    [InlineData("<svg><symbol><title>One</title></symbol></svg>|")]
    [InlineData("<select><option>One<option>Two</select>|")]
    [InlineData("<svg><path d='M0 0'></svg>|")]
    [InlineData("<template><template></template></template>|")]
    [InlineData("<table><tr><td>|")]
    public void It_may_end_behind_it(string html) => CutsAt(html, ShellEnd.Given);

    [Theory]
    [InlineData("<p>|<template></svg><p>")]
    [InlineData("<p>|<svg></math><g>")]
    [InlineData("<p>|<select></template><option>")]
    [InlineData("<p>|<template><svg></template></svg><p>")]
    [InlineData("<p>|<select><textarea></select><p>")]
    [InlineData("<p>|<select><button></select><p>")]
    [InlineData("<p>|<svg><title></svg><p>")]
    [InlineData("<p>|<template/><p>")]
    [InlineData("<p>|<select/><option>")]
    public void Another_elements_end_does_not_end_it(string html) => CutsAt(html, ShellEnd.Given);

    [Theory]
    [InlineData(ShellEnd.NoContent, "<html><head></head>|<frameset><frame src=a>")]
    [InlineData(ShellEnd.NoContent, "<p>|<plaintext><p>")]
    [InlineData(ShellEnd.NoContent, "<p>|<noscript><iframe></noscript><p>")]
    [InlineData(ShellEnd.NoContent, "<p>|<noscript><!-- </noscript><p>")]
    [InlineData(ShellEnd.NoContent, "<p>|<noscript><svg></noscript><p>")]
    [InlineData(ShellEnd.NoContent, "<p>|<noscript><a href='</noscript><p>")]
    [InlineData(ShellEnd.Refresh, "<head>|<noscript><meta http-equiv=refresh content='0; /plain'></noscript><p>")]
    [InlineData(ShellEnd.Refresh, "<head>|<meta http-equiv=refresh content='5'><title>One</title>")]
    [InlineData(ShellEnd.Refresh, "<head>|<META CONTENT=5 HTTP-EQUIV=' Refresh '><p>")]
    [InlineData(ShellEnd.Nonce, "<head>|<script nonce=abc></script><p>")]
    [InlineData(ShellEnd.Nonce, "<head>|<style NONCE='abc'></style><p>")]
    [InlineData(ShellEnd.Nonce, "<head>|<link rel=stylesheet nonce href=a.css><p>")]
    [InlineData(ShellEnd.Nonce, "<head>|<meta http-equiv=Content-Security-Policy content=\"script-src 'nonce-abc'\"><p>")]
    [InlineData(ShellEnd.Nonce, "<p>|<svg nonce=abc></svg><p>")]
    public void It_ends_before_what_is_for_one_response(ShellEnd end, string html) => CutsAt(html, end);

    [Theory]
    [InlineData("<input type=hidden name=csrf value=1>")]
    [InlineData("<input type=hidden name=_token>")]
    [InlineData("<input type=hidden name=authenticity_token>")]
    [InlineData("<input type=hidden name=__RequestVerificationToken>")]
    [InlineData("<input type=hidden name=__VIEWSTATE>")]
    [InlineData("<input type=hidden id=__VIEWSTATE>")]
    [InlineData("<input type=hidden name=__EVENTVALIDATION>")]
    [InlineData("<input type=hidden name=sesskey>")]
    [InlineData("<input value=Zm9vYmFy0123456789ABCDEF>")]
    [InlineData("<meta name=csrf-token content=1>")]
    [InlineData("<meta name=_csrf content=1>")]
    [InlineData("<meta name=__RequestVerificationToken content=1>")]
    [InlineData("<meta name=x content=d41d8cd98f00b204e9800998ecf8427e>")]
    [InlineData("<div data-token=1>")]
    [InlineData("<body data-csrf='abc'>")]
    [InlineData("<div data-visitor=550e8400-e29b-41d4-a716-446655440000>")]
    [InlineData("<div data-page='{\"csrf_token\":\"a1b2c3d4e5\"}'>")]
    [InlineData("<body hx-headers='{\"X-CSRFToken\": \"a1b2c3d4e5\"}'>")]
    [InlineData("<script>var s = {\"nonce\":\"a1b2c3d4e5\"}</script>")]
    [InlineData("<script>window.csrfToken = 'a1b2c3d4e5'</script>")]
    [InlineData("<script>setUp('sessionId', 'a1b2c3d4e5')</script>")]
    [InlineData("<script type=application/json>{\"xsrf\" : \"a1b2c3d4e5\"}</script>")]
    [InlineData("<textarea>eyJhbGciOiJIUzI1NiIsInR5cCI6</textarea>")]
    [InlineData("<noscript><input name=csrf value=a1b2c3d4e5></noscript>")]
    public void It_ends_before_a_token(string token) => CutsAt("<p>|" + token + "<p>", ShellEnd.Token);

    [Theory]
    [InlineData("Your number is 3F2504E04F8911D39A0C0305E82C3301.")]
    [InlineData("(eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9)")]
    public void It_ends_before_a_text_with_a_token(string text) => CutsAt("<div><p>|" + text + "</p>", ShellEnd.Token);

    [Theory]
    [InlineData("<link rel=stylesheet href=/css/app.d41d8cd98f00b204e9800998.css>")]
    [InlineData("<script src=/js/d41d8cd98f00b204e9800998ecf8427e.js></script>")]
    [InlineData("<script src=/a.js integrity=sha256-47DEQpj8HBSa/TImW5JCeuQeRkm5NMpJWZG3hSuFU=></script>")]
    [InlineData("<div class=css_1q2w3e4r5t6y7u8i9o0p1a2>")]
    [InlineData("<div id=node_1q2w3e4r5t6y7u8i9o0p1a2>")]
    [InlineData("<img srcset=/d41d8cd98f00b204e9800998ecf8427e.png>")]
    [InlineData("<meta name=viewport content='width=device-width,initial-scale=1'>")]
    [InlineData("<meta name=description content='All about 1,000 things since 1984, and 200 more'>")]
    [InlineData("<meta property=og:image content=https://site.test/images/d41d8cd98f00b204e9800998.png>")]
    [InlineData("<meta name=article:path content=/2024/11/some-title-of-an-article-1234>")]
    [InlineData("<meta name=google-site-verification content=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ>")]
    [InlineData("<meta name=msvalidate.01 content=12C1203B5086AECE94EB3A3D9830B2E>")]
    [InlineData("<meta name=p:domain_verify content=d41d8cd98f00b204e9800998ecf8427e>")]
    [InlineData("<meta http-equiv=Content-Type content='text/html; charset=utf-8'>")]
    [InlineData("<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">")]
    [InlineData("<input name=q value='1984'>")]
    [InlineData("<script>var token = ''; next(token, \"\")</script>")]
    [InlineData("<script>dataLayer.push({'event': 'view', 'id': 'GTM-ABC123'})</script>")]
    [InlineData("<style>p { background: url(/d41d8cd98f00b204e9800998ecf8427e.png) }</style>")]
    [InlineData("<noscript><img src=//t.test/d41d8cd98f00b204e9800998ecf8427e.gif></noscript>")]
    public void What_stays_for_all_is_none(string element) => CutsAt("<p>" + element + "|", ShellEnd.Given);

    [Theory]
    [InlineData("<p>|", false)]
    [InlineData("<meta http-equiv=content-security-policy content=\"default-src 'self'\">|", true)]
    [InlineData("<p>|<template><meta http-equiv=content-security-policy content=\"default-src 'self'\">", false)]
    public void It_says_whether_a_policy_in_it_may_forbid_scripts(string html, bool restricts) =>
        Assert.Equal(restricts, CutsAt(html, ShellEnd.Given).RestrictsScripts);

    [Theory]
    [InlineData("<p\r\nclass=a>\r\ntext\r\n</p>\r\n")]
    [InlineData("\r\n\r\n<p>\r\n\r\n<b>\r\n")]
    [InlineData("<pre>\r\none\r\n</pre>\r\n")]
    [InlineData("<textarea>\r\none\r\n</textarea>\r\n")]
    [InlineData("<script>\r\none\r\n</script>\r")]
    [InlineData("\r<p>\r\n\n\r<b>\r")]
    [InlineData("<p a='\r\n'>&amp;\0&notin;\0<b>\0")]
    [InlineData("\uFEFF<p>é<b>")]
    public void Its_length_counts_bytes(string html)
    {
        var bytes = Encoding.UTF8.GetBytes(html);
        var cut = ShellCut.Of(bytes, "utf-8");
        var expected = html[..html.LastIndexOf('>')] + ">";
        Assert.Equal(expected, Encoding.UTF8.GetString(bytes[..cut.Length]));
    }

    [Theory]
    [InlineData(1, ShellEnd.TooDeep)]
    [InlineData(3, ShellEnd.Given)]
    public void It_ends_where_elements_are_nested_too_deeply(int maxDepth, ShellEnd end) =>
        Assert.Equal(end, ShellCut.Of("<div><div><div>"u8, "utf-8", maxDepth).End);

    [Theory]
    [InlineData("<br>")]
    [InlineData("<img src=a>")]
    [InlineData("<link rel=preload href=a><meta name=a content=b>")]
    [InlineData("<input><hr>")]
    [InlineData("<li>one")]
    [InlineData("<p>one")]
    [InlineData("<dt>one<dd>two")]
    [InlineData("<tr><th>one<td>two")]
    [InlineData("<ul><li><ul><li>one</ul></ul>")]
    [InlineData("<select><option>one<option>two</select>")]
    [InlineData("<svg><path d='M0 0'/></svg>")]
    [InlineData("<div></div>")]
    [InlineData("</div>")]
    public void What_is_not_nested_does_not_count_as_nested(string element)
    {
        var html = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(element, 300)) + "<p>");
        Assert.Equal(new ShellCut(html.Length, ShellEnd.Given, false), ShellCut.Of(html, "utf-8"));
    }

    [Theory]
    [InlineData("<div>")]
    [InlineData("<div/>")]
    [InlineData("<b>")]
    [InlineData("</p><div>")]
    [InlineData("</x><div>")]
    [InlineData("<svg><g>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<template>")]
    public void However_deeply_a_page_is_nested_it_is_read(string element)
    {
        var html = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(element, 3000)));
        var cut = ShellCut.Of(html, "utf-8");
        Assert.InRange(cut.Length, 0, html.Length - 1);
        Assert.True(cut.End is ShellEnd.TooDeep or ShellEnd.Given);
    }

    private static ShellCut CutsAt(string html, ShellEnd end)
    {
        var at = html.IndexOf('|', StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(html.Remove(at, 1));
        var cut = ShellCut.Of(bytes, "utf-8");
        Assert.Equal((html[..at], end), (Encoding.UTF8.GetString(bytes[..cut.Length]), cut.End));
        return cut;
    }
}
