using System.Globalization;
using System.Text;

namespace PushProxy.Analysis.Bench;

/// <summary>A page of the kind a theme makes, and stylesheets of the kind it comes with: of given sizes, the same each time.</summary>
internal static class Site
{
    private static readonly string[] Properties =
        ["color:#123456", "padding:4px 8px", "margin:0 auto", "border:1px solid rgba(0,0,0,.1)", "display:flex", "width:50%", "font-weight:700", "line-height:1.5", "background-color:#fff"];

    private static readonly string[] Patterns =
        [".c{0}", ".card .c{0}", "ul.nav>li.c{0} a", ".c{0}:hover", ".row>.c{0}:first-child", "a.c{0}:not(.btn)", ".c{0}::before", "h3.c{0}, .c{0} h3", "#i{0} .title", "[data-toggle=x{0}]"];

    /// <summary>A stylesheet of about so many bytes.</summary>
    /// <param name="number">Which one: they differ, as the stylesheets of a page do.</param>
    /// <param name="size">Its size in bytes.</param>
    public static byte[] Stylesheet(int number, int size)
    {
        var css = new StringBuilder();
        css.Append(CultureInfo.InvariantCulture, $"@font-face{{font-family:Face{number};src:url(f{number}.eot);src:url(f{number}.woff2) format('woff2'),url(f{number}.woff) format('woff');unicode-range:U+0000-00FF}}\n");
        css.Append(CultureInfo.InvariantCulture, $"body{{font-family:Face{number},sans-serif;margin:0}}h{number + 1}{{font-family:Face{number}}}\n");
        for (var i = 0; css.Length < size; i++)
        {
            if (i % 200 == 100)
            {
                css.Append("@media (min-width:768px){");
            }

            css.AppendFormat(CultureInfo.InvariantCulture, Patterns[i % Patterns.Length], (i * 7) % 1000).Append('{');
            for (var p = 0; p < 3; p++)
            {
                css.Append(Properties[(i + (p * number) + p) % Properties.Length]).Append(';');
            }

            css.Append("}\n").Append(i % 200 == 150 ? "}" : "");
        }

        return Encoding.UTF8.GetBytes(css.ToString());
    }

    /// <summary>A page of about so many bytes that names three stylesheets.</summary>
    public static byte[] Page(int size)
    {
        var html = new StringBuilder("<!DOCTYPE html><html><head><meta charset=utf-8><title>Site</title>");
        html.Append("<link rel=stylesheet href=1.css><link rel=stylesheet href=2.css><link rel=stylesheet href=3.css><script src=a.js></script></head><body>\n");
        html.Append("<header class='c1 hero' style='background-image:url(hero.jpg);min-height:500px'><h1>Hello</h1></header><main class=row>\n");
        for (var i = 0; html.Length < size; i++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"col c{i} c{i + 300} card\" id=\"i{i}\"><a class=\"btn c{i + 7}\" href=\"/item-{i}\"><img src=\"/p{i}.jpg\" alt=\"\" width=300 height=200></a>");
            html.Append(CultureInfo.InvariantCulture, $"<h3 class=title>Product {i}</h3><p class=c{i + 500}>Lorem ipsum dolor sit amet, consectetur <b>adipiscing</b> elit, sed do eiusmod tempor.</p></div>\n");
        }

        return Encoding.UTF8.GetBytes(html.Append("</main><script src=b.js></script></body></html>").ToString());
    }
}
