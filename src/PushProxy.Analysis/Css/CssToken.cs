namespace PushProxy.Analysis.Css;

/// <summary>The tokens of CSS Syntax 3 §4, as far as anything here tells them apart.</summary>
internal enum CssTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>White space, comments, <c>&lt;!--</c> and <c>--&gt;</c>.</summary>
    Space,

    /// <summary>A name.</summary>
    Ident,

    /// <summary>A name and the bracket it opens.</summary>
    Function,

    /// <summary><c>@name</c>.</summary>
    AtKeyword,

    /// <summary><c>#name</c>.</summary>
    Hash,

    /// <summary>A quoted string, also one that the end of the text closes.</summary>
    String,

    /// <summary><c>url(…)</c> without quotes.</summary>
    Url,

    /// <summary>A string with a line end in it, or a URL with a quote: what it stands in is invalid.</summary>
    Bad,

    /// <summary>A number, with or without a unit.</summary>
    Number,

    /// <summary>Any other character.</summary>
    Delim,

    /// <summary><c>:</c>.</summary>
    Colon,

    /// <summary><c>;</c>.</summary>
    Semicolon,

    /// <summary><c>,</c>.</summary>
    Comma,

    /// <summary><c>(</c>, <c>[</c> or <c>{</c>.</summary>
    Open,

    /// <summary><c>)</c>, <c>]</c> or <c>}</c>.</summary>
    Close,
}

/// <summary>A token: its kind, and where it is in the text.</summary>
internal readonly record struct CssToken(CssTokenKind Kind, int Start, int End);
