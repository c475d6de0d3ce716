using System.Text;
using AngleSharp;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;
using AngleSharp.Text;
using PushProxy.Analysis.Encodings;

namespace PushProxy.Analysis.Shells;

/// <summary>
/// Reads what pages begin with, tag by tag, as a browser's parser does, and notes behind which tags it may be cut: where markup that is
/// put there is markup of the page, whatever comes before.
/// </summary>
internal sealed class ShellReader
{
    private static readonly IConfiguration Services = Configuration.Default;

    private readonly TextSource _source;
    private readonly OpenElements _open;
    private readonly StringBuilder _noscript = new();
    private readonly int _maxDepth;
    private int _cut;
    private bool _restrictsScripts;
    private bool _restrictedAtCut;
    private ShellEnd? _end;

    private ShellReader(TextSource source, int maxDepth) =>
        (_source, _open, _maxDepth) = (source, new OpenElements(maxDepth), maxDepth);

    public static ShellCut Read(ReadOnlySpan<byte> beginning, string? charset, int maxDepth)
    {
        if (!IsCuttable(EncodingOf(beginning, charset)))
        {
            return new ShellCut(0, ShellEnd.Encoding, false);
        }

        // One character for each byte, so that places are the same. What matters here is ASCII.
        var reader = Parse(Encoding.Latin1.GetString(beginning), maxDepth);
        var cut = Math.Min(reader._cut, beginning.Length);

        // A browser that has to guess waits for a kilobyte, and may guess otherwise than from the whole page.
        return cut > 0 && EncodingOf(beginning[..cut], charset) is null
            ? new ShellCut(0, ShellEnd.Encoding, false)
            : new ShellCut(cut, reader._end ?? ShellEnd.Given, reader._restrictedAtCut);
    }

    private static ShellReader Parse(string html, int maxDepth)
    {
        var source = new TextSource(new CharArrayTextSource(html.ToCharArray(), html.Length));
        var reader = new ShellReader(source, maxDepth);
        var parser = new HtmlParser(new HtmlParserOptions
        {
            IsScripting = true,
            DisableElementPositionTracking = true,
            SkipComments = true,
            SkipProcessingInstructions = true,
            MaximumDepth = maxDepth,
            OnToken = (token, _) => reader.Token(token),
        }, BrowsingContext.New(Services));
        parser.ParseDocument(source).Dispose();
        return reader;
    }

    private static Encoding? EncodingOf(ReadOnlySpan<byte> bytes, string? charset) =>
        bytes is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..] ? EncodingLabels.Utf16LittleEndian
            : bytes.StartsWith("\uFEFF"u8) ? EncodingLabels.Utf8
            : EncodingLabels.Find(charset)
            ?? MetaPrescan.Find(bytes[..Math.Min(bytes.Length, MetaPrescan.Reach)]);

    // In the others each byte below 64 is the character that it is in ASCII. (What is not known yet may become known behind the end.)
    private static bool IsCuttable(Encoding? encoding) =>
        encoding is not UnicodeEncoding && encoding?.CodePage is not (50220 or 50221 or 50222);

    private void Token(HtmlToken token)
    {
        if (_end is not null)
        {
            return;
        }

        switch (token)
        {
            case HtmlTagToken tag when token.Type == HtmlTokenType.StartTag:
                Opened(tag);
                break;
            case HtmlTagToken:
                Ended(token.Name);
                break;
            case { Type: HtmlTokenType.Character } when _open.Raw == "noscript":
                _noscript.Append(token.Data);
                break;
            case { Type: HtmlTokenType.Character } when IsToken(token.Data):
                Stop(ShellEnd.Token);
                break;
        }
    }

    private bool IsToken(string text) => _open.Raw switch
    {
        null or "title" or "textarea" => TokenLooks.HasRandomWord(text),
        "script" => TokenLooks.IsInScript(text),
        _ => false,
    };

    private void Opened(HtmlTagToken tag)
    {
        if (WhyNot(tag) is { } reason)
        {
            Stop(reason);
            return;
        }

        _open.Open(tag.Name, tag.IsSelfClosing);
        MayCut();
    }

    private void Ended(string name)
    {
        if (name == "noscript" && _open.Raw == name && WhyNotBehind(_noscript.ToString()) is { } reason)
        {
            Stop(reason);
            return;
        }

        _noscript.Clear();
        _open.Close(name);
        MayCut();
    }

    private void MayCut()
    {
        if (!_open.IsClosed)
        {
            (_cut, _restrictedAtCut) = (_source.Index, _restrictsScripts);
        }
    }

    // Without scripts it is markup, and what is open at its end stays open.
    private ShellEnd? WhyNotBehind(string noscript)
    {
        const string Next = "<p>";
        var inner = Parse(noscript + Next, _maxDepth);
        return inner._end ?? (inner._cut == noscript.Length + Next.Length ? null : ShellEnd.NoContent);
    }

    private ShellEnd? WhyNot(HtmlTagToken tag)
    {
        if (tag.Name is "frameset" or "plaintext")
        {
            return ShellEnd.NoContent;
        }

        if (_open.IsFull)
        {
            return ShellEnd.TooDeep;
        }

        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name.Equals("nonce", StringComparison.OrdinalIgnoreCase))
            {
                return ShellEnd.Nonce;
            }
        }

        return tag.Name == "meta" ? WhyNotMeta(tag) : IsTokenTag(tag) ? ShellEnd.Token : null;
    }

    private ShellEnd? WhyNotMeta(HtmlTagToken meta)
    {
        var (directive, content) = (ValueOf(meta, "http-equiv"), ValueOf(meta, "content"));
        switch (directive.Trim().ToLowerInvariant())
        {
            case "refresh":
                return ShellEnd.Refresh;
            case "content-security-policy":
                _restrictsScripts = true;
                return content.Contains("'nonce-", StringComparison.OrdinalIgnoreCase) ? ShellEnd.Nonce : null;
        }

        // What shows a search engine who owns the site stays for years.
        var name = ValueOf(meta, "name");
        var proves = name.Contains("verif", StringComparison.OrdinalIgnoreCase)
            || name.Contains("validat", StringComparison.OrdinalIgnoreCase);
        return TokenLooks.IsNamed(name) || (!proves && TokenLooks.IsToken("content", content)) ? ShellEnd.Token : null;
    }

    private static bool IsTokenTag(HtmlTagToken tag)
    {
        if (tag.Name == "input" && (TokenLooks.IsNamed(ValueOf(tag, "name")) || TokenLooks.IsNamed(ValueOf(tag, "id"))))
        {
            return true;
        }

        foreach (var attribute in tag.Attributes)
        {
            var isNamed = attribute.Value.Length > 0 && attribute.Name.StartsWith("data-", StringComparison.OrdinalIgnoreCase)
                && TokenLooks.IsNamed(attribute.Name);
            if (isNamed || TokenLooks.IsToken(attribute.Name, attribute.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static string ValueOf(HtmlTagToken tag, string name)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute.Value;
            }
        }

        return "";
    }

    // To the parser this is the end of the page.
    private void Stop(ShellEnd reason)
    {
        _end = reason;
        _source.Index = _source.Length;
    }
}
