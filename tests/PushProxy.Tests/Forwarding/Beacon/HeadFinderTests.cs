using System.Text;
using AngleSharp.Html.Parser;
using PushProxy.Forwarding.Beacon;
using Xunit;

namespace PushProxy.Tests.Forwarding.Beacon;

public class HeadFinderTests
{
    private const string Script = "<script src=x></script>";

    // What may stand before a head, and what may not. Most is wrong in a way that browsers put right.
    private static readonly string[] Pieces =
    [
        "<!doctype html>", "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0//EN\" \"x>y\">", " \n\t\r\f", "<!-- <head> -->", "<!--[if IE]><html><![endif]-->",
        "<!--[if !IE]><!-->", "<!--<![endif]-->", "<!-->", "<!--->", "<!---->", "<!-- a --!>", "<!-- -- > --->", "<!--!>-->", "<!-- <!-- -->", "<!->", "<!>",
        "<?xml version=\"1.0\"?>", "<![CDATA[x]]>", "<html>", "<HTML lang=en>", "<html lang='>' dir=\">\">", "<html a = b/c d>", "<html/>", "<html a=\"1\"b='2'/c>",
        "<html =a>", "<html a= >", "<html a=b'\"<head>", "<html\n>", "<head>", "<HEAD>", "<hEaD data-x='<!--'>", "<head/>", "<head profile=\"a>b\">", "<head a=/>",
        "<header>", "<heading>", "<hea>", "<htm>", "</head>", "</html>", "<title>t</title>", "<meta charset=utf-8>", "text", "<body>", "<", "<>", "< head>", "&lt;",
    ];

    [Theory]
    [InlineData("<head>|<title>")]
    [InlineData("<!doctype html><html lang=en><head>|<title>")]
    [InlineData("﻿<!doctype html>\r\n<!-- licence: <head> -->\n<HTML><HEAD PROFILE='>'>|")]
    [InlineData("<html a=\"<head>\" b='<head>'><head>|")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-8\"?><!DOCTYPE html PUBLIC \"x\"><html xmlns=x><head\n/>|")]
    [InlineData("<!--[if IE 9]><html class=ie9><![endif]--><!--[if !IE]><!--><html><!--<![endif]--><head>|")]
    [InlineData("<!--><head>|--><head>")]
    public void Finds_the_beginning_of_the_head_at_any_split(string text)
    {
        var at = Encoding.UTF8.GetByteCount(text[..text.IndexOf('|', StringComparison.Ordinal)]);
        var bytes = Encoding.UTF8.GetBytes(text.Replace("|", "", StringComparison.Ordinal));
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(at, Find(bytes, first, second));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("text<head>")]
    [InlineData("<title>x</title><head>")]
    [InlineData("<header><head>")]
    [InlineData("<heads>")]
    [InlineData("<htmlx><head>")]
    [InlineData("</p><head>")]
    [InlineData("<!-- <head>")]
    [InlineData("<html a=\"><head>")]
    [InlineData("<body><head>")]
    [InlineData("{\"a\":\"<head>\"}")]
    [InlineData("x﻿<head>")]
    [InlineData("<!doctype html>﻿<head>")]
    [InlineData("< head>")]
    public void Elsewhere_it_finds_none(string text) => Assert.Equal(-1, Find(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_utf_16_it_finds_none(bool bigEndian)
    {
        var encoding = new UnicodeEncoding(bigEndian, byteOrderMark: true);
        Assert.Equal(-1, Find(encoding.GetBytes("<!doctype html><html><head>")));
        Assert.Equal(-1, Find([.. encoding.GetPreamble(), .. encoding.GetBytes("<!doctype html><html><head>")]));
    }

    [Fact]
    public void It_looks_no_farther_than_it_may()
    {
        var comment = $"<!--{new string('x', HeadFinder.MaxBytes - 13)}-->";
        Assert.Equal(HeadFinder.MaxBytes, Find(Encoding.ASCII.GetBytes(comment + "<head>")));
        Assert.Equal(-1, Find(Encoding.ASCII.GetBytes(" " + comment + "<head>")));
        var finder = default(HeadFinder);
        finder.Find(Encoding.ASCII.GetBytes(" " + comment + "<head>"));
        Assert.True(finder.HasGivenUp);
    }

    [Fact]
    public void Where_it_finds_one_a_browser_has_the_script_first_in_the_head_and_all_else_as_before()
    {
        var random = new Random(18);
        var parser = new HtmlParser();
        var found = 0;
        for (var i = 0; i < 4000; i++)
        {
            var html = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)])) + "<p>end";
            var at = Find(Encoding.ASCII.GetBytes(html), random.Next(html.Length), html.Length);
            if (at < 0)
            {
                continue;
            }

            found++;
            var tagged = parser.ParseDocument(html.Insert(at, Script));
            var script = Assert.IsAssignableFrom<AngleSharp.Html.Dom.IHtmlScriptElement>(tagged.Head!.FirstChild);
            script.Remove();
            Assert.Equal(parser.ParseDocument(html).DocumentElement.OuterHtml, tagged.DocumentElement.OuterHtml);
        }

        Assert.InRange(found, 200, 4000);
    }

    [Fact]
    public void What_is_no_markup_stops_it()
    {
        var random = new Random(19);
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var finder = default(HeadFinder);
            Assert.Equal(-1, finder.Find([(byte)'x', .. bytes]));
            Assert.True(finder.HasGivenUp);
        }
    }

    private static int Find(byte[] bytes, params int[] splits)
    {
        var finder = default(HeadFinder);
        var start = 0;
        foreach (var end in splits.Append(bytes.Length).Order())
        {
            if (finder.Find(bytes.AsSpan(start, end - start)) is >= 0 and var at)
            {
                return start + at;
            }

            start = end;
        }

        return -1;
    }
}
