using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Html;

/// <summary>
/// Parses a page and keeps the elements that can name a resource, in the order in which the parser made them, which is the
/// order in which a browser asks for what they name. The work is bounded by the options.
/// </summary>
/// <remarks>
/// The body begins with its tag or the first image, not where the parser opens it for a stray <c>div</c>: that is how
/// Chromium's preload scanner has it, which asks for nearly everything and decides what blocks rendering.
/// </remarks>
internal sealed class PageElements : IDisposable
{
    // Often enough for a prompt end, seldom enough to cost nothing.
    private const int CheckEvery = 64;

    // What the parser takes: for a token, for a character, and for what it makes of them, in bytes.
    private const int StepsPerToken = 30;
    private const int CharactersAStep = 2;
    private const int BytesPerElement = 640;
    private const int BytesPerAttribute = 132;
    private const int BytesPerText = 132;

    // What the parser makes without saying so: it copies formatting elements with all their attributes into each block that begins
    // before their end tags (HTML §13.2.4.3). That shows only in what it allocates. A page without such copies allocates about twice
    // what is charged for it, and a little besides. Garbage may stay for a while, so no more of it than of the rest is free.
    private const int MostGarbage = 2;
    private const long Unseen = 2 << 20;
    private const int BytesAStep = 4;

    // To put the parser's services together costs more than the head of a page.
    private static readonly IConfiguration Services = Configuration.Default;

    private readonly List<NamedElement> _found = [];
    private readonly long _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    private readonly TextSource _source;
    private readonly PageScope _scope;
    private readonly AnalysisOptions _options;
    private readonly AnalysisBudget _budget;
    private IHtmlDocument? _document;
    private IElement? _last;
    private int _tokens;
    private int _elements;
    private int _templates;
    private int _paidIndex;
    private long _charged;
    private bool _inBody;

    private PageElements(TextSource source, PageScope scope, AnalysisOptions options, AnalysisBudget budget)
    {
        _source = source;
        _scope = scope;
        _options = options;
        _budget = budget;
    }

    /// <summary>The base, link, meta, script and style elements of HTML in a page; those in templates too.</summary>
    public IReadOnlyList<NamedElement> Found => _found;

    /// <summary>The tree; what is in templates is not in it.</summary>
    public IHtmlDocument Document => _document!;

    /// <summary>Parses a page.</summary>
    /// <param name="html">The text.</param>
    /// <param name="length">How much of it counts.</param>
    /// <param name="scope">How much to look at.</param>
    /// <param name="keepsText">Whether the text of style and script elements will be asked for.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="budget">What it may cost; where it ends, the page ends.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static PageElements Parse(
        char[] html, int length, PageScope scope, bool keepsText, AnalysisOptions options, AnalysisBudget budget)
    {
        var source = new TextSource(new CharArrayTextSource(html, length));
        var page = new PageElements(source, scope, options, budget);

        // A parser for each page, for one parser's callbacks know one page only. Text of the kinds left
        // out changes nothing in the tree; other text can open the body.
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = true,
            DisableElementPositionTracking = true,
            SkipComments = true,
            SkipScriptText = !keepsText,
            SkipRawText = !keepsText,
            SkipRCDataText = !keepsText,
            SkipProcessingInstructions = true,
            MaximumDepth = options.MaxDepth,
            OnToken = (token, _) => page.Read(token),
            OnCreated = (element, _) => page.Created(element),
        }, BrowsingContext.New(Services));
        page._document = parser.ParseDocument(source);
        return page;
    }

    /// <summary>Takes the tree apart.</summary>
    public void Dispose() => _document?.Dispose();

    // A token, before the tree builder gets it.
    private void Read(HtmlToken token)
    {
        if (!MayGoOn(token) || (++_tokens % CheckEvery == 0 && (_elements >= _options.MaxElements || DepthOf(_last) >= _options.MaxDepth)))
        {
            Stop();
        }

        var opens = token.Type == HtmlTokenType.StartTag;
        if (token.Name == "template" && (opens || token.Type == HtmlTokenType.EndTag))
        {
            _templates = Math.Max(0, _templates + (opens ? 1 : -1));
        }
        else if (opens && _templates == 0 && token.Name is "body" or "img" or "image")
        {
            _inBody = true;
            if (_scope == PageScope.Head)
            {
                Stop();
            }
        }
    }

    private bool MayGoOn(HtmlToken token)
    {
        var read = Math.Max(0, _source.Index - _paidIndex);
        _paidIndex = _source.Index;
        var bytes = (token is HtmlTagToken tag ? BytesPerAttribute * tag.Attributes.Count : BytesPerText) + (sizeof(char) * (long)read);
        var copies = Math.Max(0, ((GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore) / MostGarbage) - Unseen - _charged - bytes);
        _charged += bytes + copies;
        return _budget.Spend(AnalysisCost.Html, StepsPerToken + (read / CharactersAStep) + (copies / BytesAStep))
            && _budget.Keep(AnalysisCost.Html, bytes + copies);
    }

    // The element has neither its attributes nor its parent yet. The parser may make many for one token.
    private void Created(IElement element)
    {
        _charged += BytesPerElement;
        if (!_budget.Spend(AnalysisCost.Html, StepsPerToken) || !_budget.Keep(AnalysisCost.Html, BytesPerElement))
        {
            Stop();
        }

        _elements++;
        _last = element;
        if (element is IHtmlLinkElement or IHtmlScriptElement or IHtmlBaseElement or IHtmlMetaElement or IHtmlStyleElement)
        {
            _found.Add(new(element, _inBody));
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
