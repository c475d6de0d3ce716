using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Markup;

namespace PushProxy.Server.Dashboard.Sections;

/// <summary>What is known about what somebody asks for: which page it is, what it gets, and why not the rest.</summary>
internal static class SearchSection
{
    /// <summary>How many of the pages found are unfolded.</summary>
    private const int Unfolded = 2;

    public static void Write(Html html, string text, PageSearch found)
    {
        html.Add($"""
            <section id="found" aria-labelledby="found-head"><h2 id="found-head">What is known about <span class="url">{text}</span></h2>

            """);
        if (found.PageCount == 0 && found.Resources.Count == 0)
        {
            html.Add($"""
                <p>It is no known page, and no known page names it, as far as everybody may be told. A page becomes known when a browser
                asks for it and the origin answers with HTML, and is forgotten when nobody asks for long. What only one visitor's pages
                name is
                not shown. With <code>DebugHeader</code>, the header <code>PushProxy-Decision</code> says why a page was left alone.</p>

                """);
        }

        for (var i = 0; i < found.Pages.Count; i++)
        {
            Page(html, found.Pages[i], $"found-{i}", i < Unfolded);
        }

        if (found.PageCount > found.Pages.Count)
        {
            html.Add($"<p class=\"note\">And {Say.Count(found.PageCount - found.Pages.Count, "more page")}. ");
            html.Add($"A longer text finds fewer.</p>\n");
        }

        foreach (var resource in found.Resources)
        {
            Resource(html, resource);
        }

        html.Add($"</section>\n");
    }

    private static void Page(Html html, SurveyedPage found, string id, bool isOpen)
    {
        var (page, resources) = found;
        var early = resources.Count(static r => r.Way != SurveyedWay.None);
        html.Add($"""
            <details id="{id}"{(isOpen ? " open" : "")}><summary>Page <span class="url">{page.Authority}{page.Path}</span></summary>
            <dl class="facts"><div><dt>route</dt><dd>{page.Route}</dd></div>
            <div><dt>origin thinks</dt><dd>{(page.ThinkTimeMs is { } think ? Say.Milliseconds(think) : "not known yet")}</dd></div>
            <div><dt>saved</dt><dd>{Say.Bytes(page.SavedBytes)}</dd></div><div><dt>wasted</dt><dd>{Say.Bytes(page.WastedBytes)}</dd></div>
            <div><dt>told in vain</dt><dd>{Say.Count(page.WrongNames, "resource")}</dd></div>
            <div><dt>gets</dt><dd>{early} of {resources.Count}</dd></div></dl>

            """);
        if (resources.Count == 0)
        {
            html.Add($"<p>It names nothing of which everybody may be told: ");
            html.Add($"nothing at all, or what so far only one visitor was sent.</p></details>\n");
            return;
        }

        html.Add($"""
            <table><caption>What a new visitor gets with it, in this order</caption><thead><tr><th scope="col">resource</th>
            <th scope="col">how</th><th scope="col">why not, or not sooner</th></tr></thead><tbody>

            """);
        foreach (var resource in resources)
        {
            html.Add($"""
                <tr><th scope="row"><span
                class="url">{Short(resource.Url, page)}</span>{(resource.Kind is null ? "" : $" {resource.Kind}, {resource.FoundBy}")}</th>
                <td>{How(resource.Way)}</td><td>
                """);
            Why(html, resource);
            html.Add($"</td></tr>\n");
        }

        html.Add($"</tbody></table></details>\n");
    }

    private static void Resource(Html html, FoundResource found)
    {
        html.Add($"""
            <h3>Resource <span class="url">{found.Url}</span></h3>
            <p>{Say.Count(found.PageCount, "known page")} {(found.PageCount == 1 ? "names" : "name")} it.
            """);
        if (found.Known is { } known)
        {
            html.Add($" Its size is {(known.Size is { } size ? Say.Bytes(size) : "not known yet")}, ");
            html.Add($"{Say.Bytes(known.SavedBytes)} saved, {Say.Bytes(known.WastedBytes)} wasted.");
            if (known.Excluded is { } excluded)
            {
                html.Add($" It is not delivered: <code>{excluded}</code>. {Reasons.OfResource(excluded)}");
            }
        }

        html.Add($"""
            </p>
            <table><caption>What becomes of it</caption><thead><tr><th scope="col">page</th><th scope="col">how</th>
            <th scope="col">why not, or not sooner</th></tr></thead><tbody>

            """);
        foreach (var (page, resource) in found.Pages)
        {
            html.Add($"<tr><th scope=\"row\">");
            PagesSection.Link(html, page);
            html.Add($"</th><td>{How(resource.Way)}</td><td>");
            Why(html, resource);
            html.Add($"</td></tr>\n");
        }

        html.Add($"</tbody></table>\n");
    }

    private static void Why(Html html, SurveyedResource resource)
    {
        if (resource.Why is { } word)
        {
            html.Add($"<code>{word}</code> <span class=\"meaning\">{Reasons.OfResource(word)}</span>");
        }
        else
        {
            html.Add($"–");
        }
    }

    private static string How(SurveyedWay way) => way switch
    {
        SurveyedWay.Early => "103 or push",
        SurveyedWay.Link => "Link alone",
        SurveyedWay.Push => "push alone",
        _ => "not delivered",
    };

    // Most are of the page's own origin.
    private static string Short(string url, KnownPage page) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Authority == page.Authority ? address.PathAndQuery : url;
}
