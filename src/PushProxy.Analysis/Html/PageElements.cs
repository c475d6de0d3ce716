using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Text;

namespace PushProxy.Analysis.Html;

/// <summary>
/// Parses a page and keeps the elements that can name a resource, in the order in which the parser made them, which is the
/// order in which a browser asks for what they name. The work is bounded by the options.
/// </summary>
internal sealed class PageElements : IDisposable
{
    // Often enough for a prompt end, seldom enough to cost nothing.
    private const int CheckEvery = 64;

    private readonly List<IElement> _found = [];
    private readonly TextSource _source;
    private readonly PageScope _scope;
    private readonly AnalysisOptions _options;
    private readonly CancellationToken _cancellation;
    private int _elements;
    private IElement? _last;
    private IHtmlDocument? _document;

    private PageElements(TextSource source, PageScope scope, AnalysisOptions options, CancellationToken cancellation)
    {
        _source = source;
        _scope = scope;
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>The base, link and script elements of HTML in a page; those in templates too.</summary>
    public IReadOnlyList<IElement> Found => _found;

    /// <summary>Parses a page.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PageElements Parse(char[] html, int length, PageScope scope, AnalysisOptions options, CancellationToken cancellation)
    {
        var source = new TextSource(new CharArrayTextSource(html, length));
        var page = new PageElements(source, scope, options, cancellation);

        // A parser for each page: it costs microseconds, and one parser's callback knows one page only.
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = true,
            DisableElementPositionTracking = true,
            SkipComments = true,
            SkipScriptText = true,
            SkipRawText = true,
            SkipRCDataText = true,
            SkipProcessingInstructions = true,
            MaximumDepth = options.MaxDepth,
            OnCreated = (element, _) => page.Created(element),
        });
        page._document = parser.ParseDocument(source);
        return page;
    }

    /// <summary>Takes the tree apart.</summary>
    public void Dispose() => _document?.Dispose();

    // The element has neither its attributes nor its parent yet.
    private void Created(IElement element)
    {
        if (++_elements % CheckEvery == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_elements >= _options.MaxElements || DepthOf(_last) >= _options.MaxDepth)
            {
                Stop();
            }
        }

        _last = element;
        switch (element)
        {
            case IHtmlLinkElement or IHtmlScriptElement or IHtmlBaseElement:
                _found.Add(element);
                break;
            case IHtmlBodyElement when _scope == PageScope.Head:
            case { LocalName: "frameset" }:
                Stop();
                break;
        }
    }

    // To the parser this is the end of the page, so it leaves a whole tree behind.
    private void Stop() => _source.Index = _source.Length;

    private static int DepthOf(INode? node)
    {
        var depth = 0;
        for (; node is not null; node = node.Parent)
        {
            depth++;
        }

        return depth;
    }
}
