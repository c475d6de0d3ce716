using PushProxy.Testing.Clients;

namespace PushProxy.EndToEnd.Early;

/// <summary>Somebody with a name, who asks for the same page by every channel there is.</summary>
/// <param name="Name">What only this one's page names a file after.</param>
/// <param name="Fields">Request header fields by which the site knows who asks.</param>
public sealed record Visitor(string Name, params string[] Fields)
{
    /// <summary>Nobody the site knows.</summary>
    public static Visitor Anonymous { get; } = new("anonymous");

    /// <summary>Views the page by push, by 103, and by Link alone; each on a connection of its own.</summary>
    /// <returns>All that came, response heads and promises, by channel.</returns>
    public async Task<IReadOnlyList<Told>> ViewAsync(EarlySite site, string page)
    {
        ArgumentNullException.ThrowIfNull(site);
        var pushed = await Nghttp.RunAsync(site.Url(page), ["accept: text/html", .. Fields]);
        var hinted = await Nghttp.RunAsync(site.Url(page), ["accept: text/html", "--no-push", .. Fields]);
        var linked = await Curl.HeadsAsync(site.Url(page), ["--http1.1", "Accept: text/html", .. Fields]);
        return
        [
            new Told(this, "push", pushed.Text),
            new Told(this, "103", hinted.Text),
            new Told(this, "Link", string.Join('\n', linked.SelectMany(h => h.Fields).Select(f => $"{f.Name}: {f.Value}"))),
        ];
    }
}

/// <summary>What one visitor was told by one channel: everything but the page's own content.</summary>
/// <param name="Visitor">Who.</param>
/// <param name="Channel">How.</param>
/// <param name="Text">All of it.</param>
public sealed record Told(Visitor Visitor, string Channel, string Text)
{
    /// <summary>Whether the text has this anywhere.</summary>
    public bool Names(string text) => Text.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() => $"{Visitor.Name} by {Channel}:\n{Text}";
}
