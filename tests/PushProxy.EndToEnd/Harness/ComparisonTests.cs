using PushProxy.Testing.Comparing;
using Xunit;

namespace PushProxy.EndToEnd.Harness;

/// <summary>The comparison must report what differs, and overlook only what is PushProxy's to add.</summary>
public sealed class ComparisonTests
{
    private static readonly string[] Page =
    [
        "HTTP/1.1 200 OK", "header Content-Type: text/html", "header Link: </a,b>; rel=next", "body: 1 bytes",
    ];

    [Fact]
    public void Finds_nothing_where_nothing_differs() => Assert.Empty(Differences(Page, Page));

    [Theory]
    [InlineData("header X-Extra: 1")]
    [InlineData("header Link: </x.css>; rel=next")]
    [InlineData("header Set-Cookie: a=1")]
    [InlineData("interim HTTP/1.1 103 Early Hints")]
    public void Reports_a_line_too_many(string line) =>
        Assert.Single(Differences(Page, [.. Page, line]), d => d.StartsWith("+ ", StringComparison.Ordinal));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Reports_a_missing_line(int index) =>
        Assert.Contains(Differences(Page, [.. Page.Where((_, i) => i != index)]), d => d.StartsWith("- ", StringComparison.Ordinal));

    [Fact]
    public void Reports_a_changed_value() =>
        Assert.Equal(["- body: 1 bytes", "+ body: 2 bytes"], Differences(Page, [.. Page[..3], "body: 2 bytes"]));

    [Fact]
    public void Reports_another_order() => Assert.NotEmpty(Differences(Page, [Page[0], Page[3], Page[1], Page[2]]));

    [Theory]
    [InlineData("header Link: </x.css>; rel=preload; as=style")]
    [InlineData("header Link: </x.css>; rel=preload; as=style, <//cdn/a,b>; rel=\"preload\"; as=font")]
    [InlineData("header PushProxy-Decision: link; sent=1")]
    public void Overlooks_what_is_ours(string line)
    {
        Assert.Equal(line.Contains("\"preload\"", StringComparison.Ordinal) ? 1 : 0, Differences(Page, [.. Page, line]).Count);
        Assert.NotEmpty(Comparison.Differences(Make(Page), Make([.. Page, line]), allowOurs: false));
    }

    [Fact]
    public void Reports_a_preload_on_what_is_no_page()
    {
        string[] script = ["HTTP/1.1 200 OK", "header Content-Type: text/javascript"];
        Assert.Single(Differences(script, [.. script, "header Link: </x.css>; rel=preload; as=style"]));
    }

    private static IReadOnlyList<string> Differences(string[] reference, string[] actual) =>
        Comparison.Differences(Make(reference), Make(actual), allowOurs: true);

    private static Transcript Make(string[] lines)
    {
        var transcript = new Transcript();
        Array.ForEach(lines, transcript.Add);
        return transcript;
    }
}
