using System.Text.Json;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Browsing;

/// <summary>What <c>pushproxy inspect --json</c> says of a page.</summary>
/// <param name="Line">The line it printed.</param>
public sealed record InspectedPage(JsonElement Line)
{
    /// <summary>What would be delivered, in order, each as <c>as path</c>.</summary>
    public IEnumerable<string> Delivered => Line.GetProperty("resources").EnumerateArray()
        .Select(r => $"{r.GetProperty("as").GetString()} {new Uri(r.GetProperty("url").GetString()!).PathAndQuery}");

    /// <summary>What would not, each as <c>reason path</c>.</summary>
    public IEnumerable<string> Skipped => Line.GetProperty("skipped").EnumerateArray()
        .Select(r => $"{r.GetProperty("reason").GetString()} {new Uri(r.GetProperty("url").GetString()!).PathAndQuery}");

    /// <summary>Runs it.</summary>
    public static async Task<InspectedPage> OfAsync(Uri page)
    {
        var result = await PushProxyProcess.RunToEndAsync("inspect", "--json", page.AbsoluteUri);
        Assert.True(result.ExitCode == 0, result.Error);
        var line = Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(["page", "resources", "skipped"], json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(page.AbsoluteUri, json.GetProperty("page").GetString());
        foreach (var resource in json.GetProperty("resources").EnumerateArray())
        {
            Assert.Equal(["as", "blocking", "crossorigin", "reason", "url"], resource.EnumerateObject().Select(p => p.Name).Order());
        }

        return new InspectedPage(json);
    }
}
