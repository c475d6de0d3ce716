namespace PushProxy.Analysis.Shells;

/// <summary>
/// The elements that are open, roughly as in a browser's parser: where the two may differ, more are open here. What is put behind a tag is
/// ordinary markup unless one of them is closed to it.
/// </summary>
/// <param name="maxDepth">How many may be open.</param>
internal sealed class OpenElements(int maxDepth)
{
    // In them is text that is no markup, to some browsers or all.
    private static readonly HashSet<string> RawText = new(StringComparer.Ordinal)
    {
        "script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext",
    };

    // In them, a meta or script element would be dropped, or be something else.
    private static readonly HashSet<string> Closed = new(RawText, StringComparer.Ordinal) { "svg", "math", "select", "template" };

    // Nothing is in them (HTML §13.1.2). In a select they may be something else.
    private static readonly HashSet<string> Void = new(StringComparer.Ordinal)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
        "basefont", "bgsound", "frame", "image", "keygen", "param",
    };

    // The next of the same name ends them (HTML §13.1.2.4).
    private static readonly HashSet<string> Implied = new(StringComparer.Ordinal)
    {
        "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "caption", "colgroup", "rt", "rp",
    };

    private readonly List<string> _names = [];

    /// <summary>Whether what comes now is in an element in which it is no markup of the page.</summary>
    public bool IsClosed => ClosedAbove(-1);

    /// <summary>The element whose text comes now if it is no markup; null if it is.</summary>
    public string? Raw => _names is [.., var last] && RawText.Contains(last) ? last : null;

    /// <summary>Whether no more may be open.</summary>
    public bool IsFull => _names.Count >= maxDepth;

    /// <summary>A start tag has come.</summary>
    public void Open(string name, bool isSelfClosing)
    {
        if ((Void.Contains(name) && !_names.Contains("select")) || (isSelfClosing && IsForeign(name)))
        {
            return;
        }

        if (Implied.Contains(name) && _names.LastIndexOf(name) is >= 0 and var at && _names.FindIndex(at, n => !Implied.Contains(n)) < 0)
        {
            _names.RemoveRange(at, _names.Count - at);
        }

        _names.Add(name);
    }

    /// <summary>An end tag has come. It ends nothing if its element is not open, or if one between is closed to it.</summary>
    public void Close(string name)
    {
        // What else may be in a select depends on the browser's age.
        if (_names.LastIndexOf(name) is >= 0 and var at && !ClosedAbove(at)
            && (name != "select" || _names.FindIndex(at + 1, static n => n is not ("option" or "optgroup")) < 0))
        {
            _names.RemoveRange(at, _names.Count - at);
        }
    }

    // Only in SVG and MathML, and for them, does the slash at a tag's end say something.
    private bool IsForeign(string name) => name is "svg" or "math"
        || (!Closed.Contains(name) && _names.Exists(static n => n is "svg" or "math"));

    private bool ClosedAbove(int at) => _names.FindIndex(at + 1, static n => Closed.Contains(n)) >= 0;
}
