using System.Text;

namespace PushProxy.Analysis.Tests;

/// <summary>A page of the kind a content management system makes, of any size.</summary>
internal static class SamplePage
{
    /// <summary>How many critical resources it has.</summary>
    public const int Critical = 11;

    /// <summary>The page, of about so many bytes; the head alone is about 5,000.</summary>
    public static string Html(int size)
    {
        var html = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page &amp; more</title>\n");
        for (var i = 0; i < 12; i++)
        {
            html.Append($"<meta property=\"og:thing{i}\" content=\"Some description of the page, number {i}\">\n");
        }

        for (var i = 0; i < 6; i++)
        {
            html.Append($"<link rel='stylesheet' id='plugin-{i}-css' href='/wp-content/plugins/p{i}/style.css?ver=5.{i}' type='text/css' media='all' />\n");
        }

        html.Append("<style>").AppendJoin('\n', Enumerable.Range(0, 20).Select(i => $".c{i} {{ color: #12345{i % 10}; margin: {i}px }}")).Append("</style>\n");
        for (var i = 0; i < 5; i++)
        {
            html.Append($"<script type=\"text/javascript\" src=\"/wp-includes/js/plugin{i}.js?ver=1.{i}\"></script>\n");
        }

        html.Append("<script>var x = {").AppendJoin(',', Enumerable.Range(0, 40).Select(i => $"\"key{i}\":\"<b>{i}</b>\"")).Append("};</script>\n");
        html.Append("<noscript><img src=\"/pixel\"></noscript></head>\n<body class=\"home page\">\n");
        for (var i = 0; html.Length < size - 100; i++)
        {
            html.Append($"<div class=\"col-md-4 item-{i}\" id=\"i{i}\"><a href=\"/item-{i}?ref=home&amp;x=1\"><img src=\"/p{i}.jpg\" alt=\"Product {i}\" width=300></a>");
            html.Append($"<h3>Product {i}</h3><p>Lorem ipsum dolor sit amet, consectetur <b>adipiscing</b> elit, sed do eiusmod tempor.</p></div>\n");
        }

        return html.Append("<script src=\"/late.js\"></script></body></html>").ToString();
    }
}
