using System.Text;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Encodings;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>A page parsed with all its text, and what its elements name.</summary>
internal sealed class ParsedPage : IDisposable
{
    private readonly PageElements _elements;

    private ParsedPage(PageElements elements, PageWalk walk, Encoding encoding)
    {
        _elements = elements;
        Walk = walk;
        Encoding = encoding;
    }

    /// <summary>What its elements name.</summary>
    public PageWalk Walk { get; }

    /// <summary>What queries of its URLs are written in.</summary>
    public Encoding Encoding { get; }

    /// <summary>The tree.</summary>
    public AngleSharp.Html.Dom.IHtmlDocument Document => _elements.Document;

    /// <summary>Reads a page.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ParsedPage Read(
        ReadOnlyMemory<byte> html, string? charset, HttpUrl page, ResponseFields fields, ClientProfile? client, AnalysisOptions options,
        AnalysisBudget budget)
    {
        budget.Until(AnalysisStages.Html);
        using var text = HtmlDecoder.Decode(html.Span[..Math.Min(html.Length, options.MaxBytes)], charset);
        var elements = PageElements.Parse(text.Chars, text.Length, PageScope.WholePage, keepsText: true, options, budget);
        budget.Until(AnalysisStages.Walk);
        var walk = new PageWalk(page, text.OutputEncoding, client, options, budget);
        walk.Builder.Base.UpgradesInsecure = fields.UpgradesInsecure && page.Scheme == "https";
        walk.AddLinkFields(fields.Links, elements.Document);
        walk.Go(elements.Found, followsSheets: true);
        return new(elements, walk, text.OutputEncoding);
    }

    /// <summary>Takes the tree apart.</summary>
    public void Dispose() => _elements.Dispose();
}
