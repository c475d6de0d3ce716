using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Markup;
using PushProxy.Server.Dashboard.Sections;

namespace PushProxy.Server.Dashboard;

/// <summary>
/// Writes the page. All figures are in its HTML; its script only fetches them again. Style and script are inside, and the policy allows
/// these two by their hashes and nothing else.
/// </summary>
internal static class DashboardPage
{
    private static readonly string s_style = Resources.Text("dashboard.css");
    private static readonly string s_script = Resources.Text("dashboard.js");

    /// <summary>The page's Content-Security-Policy.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{HashOf(s_style)}'; script-src '{HashOf(s_script)}'; img-src data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>The whole page.</summary>
    /// <inheritdoc cref="Beginning"/>
    public static string Whole(DashboardData data, string? asked = null, PageSearch? found = null) =>
        Beginning(data, asked, found) + End(data);

    /// <summary>The page up to what needs a look at all pages, so that it is painted before that.</summary>
    /// <param name="data">What it shows.</param>
    /// <param name="asked">What was searched for; null if nothing was.</param>
    /// <param name="found">What was found.</param>
    public static string Beginning(DashboardData data, string? asked = null, PageSearch? found = null)
    {
        var html = new Html();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>{VerdictText.Of(data.Proof, data.HoldOut).Headline} PushProxy</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <link rel="icon" href="data:,">
            <style>
            """);
        html.AddOwn(s_style);
        html.Add($"""
            </style></head><body>
            <a class="skip" href="#main">To the figures</a>
            <header><h1>PushProxy</h1>
            <form role="search" action="" method="get"><label for="q">A URL, a path, or a part of one</label>
            <span class="field"><input id="q" name="q" type="search" maxlength="{DashboardQuery.MaxLength}" value="{asked}"
            autocomplete="off" spellcheck="false">
            <button>Explain</button></span></form>
            <p id="live"><span id="time">
            """);
        Time(html, data);
        html.Add($"""
            </span> <a href="">Load again</a> <button id="pause" type="button" hidden>Pause</button> <span id="state"
            role="status"></span></p>
            <nav aria-label="Sections"><a href="#verdict">Verdict</a> <a href="#work">What was done</a> <a href="#reasons">Why not the
            rest</a>
            <a href="#pages">Pages</a> <a href="#shells">Shells</a> <a href="#origin">Origin</a> <a href="#errors">Errors</a>
            <a href="#instance">Instances</a></nav></header>
            <main id="main" tabindex="-1">

            """);
        if (asked is not null && found is not null)
        {
            SearchSection.Write(html, asked, found);
        }

        html.Add($"<div id=\"sections\">\n");
        FirstSections(html, data);
        return html.ToString();
    }

    /// <summary>The rest of the page.</summary>
    public static string End(DashboardData data)
    {
        var html = new Html();
        LastSections(html, data);
        html.Add($"</div></main>\n<script>");
        html.AddOwn(s_script);
        html.Add($"</script></body></html>\n");
        return html.ToString();
    }

    /// <summary>What changes by itself, for the script: the time, and all sections but that of a search.</summary>
    public static string Live(DashboardData data)
    {
        var html = new Html();
        html.Add($"<span id=\"time\">");
        Time(html, data);
        html.Add($"</span>\n<div id=\"sections\">\n");
        FirstSections(html, data);
        LastSections(html, data);
        html.Add($"</div>\n");
        return html.ToString();
    }

    private static void FirstSections(Html html, DashboardData data)
    {
        VerdictSection.Write(html, data);
        WorkSection.Write(html, data);
        ReasonsSection.Write(html, data);
    }

    private static void LastSections(Html html, DashboardData data)
    {
        PagesSection.Write(html, data);
        ShellsSection.Write(html, data);
        OriginSection.Write(html, data);
        StateSection.Write(html, data);
    }

    private static void Time(Html html, DashboardData data) => html.Add(
        $"As of {data.Now.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC.");

    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
