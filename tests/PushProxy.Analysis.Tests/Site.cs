using System.Collections.Concurrent;
using System.Text;

namespace PushProxy.Analysis.Tests;

/// <summary>Files on https://site.test for the tests, by path; counts what is asked for.</summary>
internal sealed class Site : ISubresourceSource
{
    private readonly Dictionary<string, byte[]> _files;

    public Site(params (string Path, string Text)[] files) => _files = files.ToDictionary(file => file.Path, file => Encoding.UTF8.GetBytes(file.Text));

    /// <summary>What was asked for, in no order.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    /// <summary>The version of all its files; null for none.</summary>
    public string? Version { get; set; } = "1";

    /// <summary>The charset it says its files are in.</summary>
    public string? Charset { get; set; }

    /// <summary>A file as bytes.</summary>
    public byte[] this[string path]
    {
        set => _files[path] = value;
    }

    public ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation)
    {
        Asked.Add(url.AbsolutePath);
        return new(_files.TryGetValue(url.AbsolutePath, out var file) ? new StylesheetText(file, Charset, Version) : null);
    }

    public ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) =>
        new(_files.TryGetValue(url.AbsolutePath, out var file) ? file : (ReadOnlyMemory<byte>?)null);

    /// <summary>Analyses a page at https://site.test/ and what it names here, for a desktop screen.</summary>
    public Task<PageAnalysis> AnalyzeAsync(string html, AnalysisOptions? options = null, ResponseFields? fields = null) =>
        AnalyzeAsync(html, ClientProfile.Desktop, new(options), fields);

    /// <summary>Analyses a page at https://site.test/ and what it names here.</summary>
    public async Task<PageAnalysis> AnalyzeAsync(string html, ClientProfile? client, PageAnalyzer analyzer, ResponseFields? fields = null) =>
        await analyzer.AnalyzeAsync(
            Encoding.UTF8.GetBytes(html), new("https://site.test/"), "utf-8", this, client, fields, TestContext.Current.CancellationToken);

    /// <summary>What is critical, as "place:path", in order.</summary>
    public static string Found(PageAnalysis analysis) => string.Join(' ', analysis.Resources.Select(resource => $"{resource.FoundBy}:{resource.Url.AbsolutePath}"));

    /// <summary>What is left out, as "reason:path", in order.</summary>
    public static string Skipped(PageAnalysis analysis) =>
        string.Join(' ', analysis.Skipped.Select(skipped => $"{skipped.Reason}:{skipped.Url.Replace("https://site.test/", "/", StringComparison.Ordinal)}"));
}
