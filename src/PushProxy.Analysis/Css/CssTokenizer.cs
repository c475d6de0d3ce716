namespace PushProxy.Analysis.Css;

/// <summary>
/// Cuts CSS into tokens (CSS Syntax 3 §4). Fails on nothing, looks at each character a bounded number of times, and allocates nothing.
/// </summary>
internal ref struct CssTokenizer(ReadOnlySpan<char> text, int position = 0)
{
    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>Where the next token begins.</summary>
    public int Position { get; set; } = position;

    /// <summary>The next token.</summary>
    public CssToken Next()
    {
        var start = Position;
        if (start >= _text.Length)
        {
            return new(CssTokenKind.End, _text.Length, _text.Length);
        }

        var kind = Read(_text[start]);
        return new(kind, start, Position);
    }

    /// <summary>The next token that is no white space.</summary>
    public CssToken NextSolid()
    {
        while (true)
        {
            if (Next() is { Kind: not CssTokenKind.Space } token)
            {
                return token;
            }
        }
    }

    private readonly char At(int index) => index < _text.Length ? _text[index] : '\0';

    private CssTokenKind Read(char c)
    {
        switch (c)
        {
            case ' ' or '\t' or '\n' or '\r' or '\f':
                while (IsSpace(At(++Position)))
                {
                }

                return CssTokenKind.Space;
            case '/' when At(Position + 1) == '*':
                var end = _text[(Position + 2)..].IndexOf("*/");
                Position = end < 0 ? _text.Length : Position + 2 + end + 2;
                return CssTokenKind.Space;
            case '<' when _text[Position..].StartsWith("<!--"):
                Position += 4;
                return CssTokenKind.Space;
            case '-' when _text[Position..].StartsWith("-->"):
                Position += 3;
                return CssTokenKind.Space;
            case '"' or '\'':
                return QuotedString(c);
            case '#' when IsName(At(Position + 1)) || IsEscape(Position + 1):
                Position++;
                Name();
                return CssTokenKind.Hash;
            case '@' when StartsIdent(Position + 1):
                Position++;
                Name();
                return CssTokenKind.AtKeyword;
        }

        return StartsNumber(Position) ? Number()
            : StartsIdent(Position) ? IdentLike()
            : Single(c);
    }

    private CssTokenKind Single(char c)
    {
        Position++;
        return c switch
        {
            ':' => CssTokenKind.Colon,
            ';' => CssTokenKind.Semicolon,
            ',' => CssTokenKind.Comma,
            '(' or '[' or '{' => CssTokenKind.Open,
            ')' or ']' or '}' => CssTokenKind.Close,
            _ => CssTokenKind.Delim,
        };
    }

    private CssTokenKind QuotedString(char quote)
    {
        for (Position++; Position < _text.Length; Position++)
        {
            var c = _text[Position];
            if (c == quote)
            {
                Position++;
                return CssTokenKind.String;
            }

            if (c is '\n' or '\r' or '\f')
            {
                return CssTokenKind.Bad;
            }

            if (c == '\\')
            {
                Position += At(Position + 1) == '\r' && At(Position + 2) == '\n' ? 2 : 1;
            }
        }

        Position = _text.Length;
        return CssTokenKind.String;
    }

    private CssTokenKind Number()
    {
        Position += _text[Position] is '+' or '-' ? 1 : 0;
        Digits();
        if (At(Position) == '.' && char.IsAsciiDigit(At(Position + 1)))
        {
            Position++;
            Digits();
        }

        if (At(Position) is 'e' or 'E'
            && (char.IsAsciiDigit(At(Position + 1)) || (At(Position + 1) is '+' or '-' && char.IsAsciiDigit(At(Position + 2)))))
        {
            Position += 2;
            Digits();
        }

        if (At(Position) == '%')
        {
            Position++;
        }
        else if (StartsIdent(Position))
        {
            Name();
        }

        return CssTokenKind.Number;
    }

    private CssTokenKind IdentLike()
    {
        var start = Position;
        Name();
        if (At(Position) != '(')
        {
            return CssTokenKind.Ident;
        }

        var isUrl = _text[start..Position].Equals("url", StringComparison.OrdinalIgnoreCase);
        Position++;
        if (!isUrl)
        {
            return CssTokenKind.Function;
        }

        var inner = Position;
        Spaces();
        var isQuoted = At(Position) is '"' or '\'';
        Position = inner;
        return isQuoted ? CssTokenKind.Function : UnquotedUrl();
    }

    // CSS Syntax 3 §4.3.6 and §4.3.14. Position is behind the bracket; white space may stand at both ends only.
    private CssTokenKind UnquotedUrl()
    {
        var kind = CssTokenKind.Url;
        Spaces();
        while (Position < _text.Length && _text[Position] != ')')
        {
            var c = _text[Position];
            if (c == '\\')
            {
                kind = IsEscape(Position) ? kind : CssTokenKind.Bad;
                Position += 2;
            }
            else if (IsSpace(c))
            {
                Spaces();
                kind = At(Position) is ')' or '\0' ? kind : CssTokenKind.Bad;
            }
            else
            {
                kind = c is '"' or '\'' or '(' || char.IsControl(c) ? CssTokenKind.Bad : kind;
                Position++;
            }
        }

        Position = Math.Min(Position + 1, _text.Length);
        return kind;
    }

    private void Spaces()
    {
        while (IsSpace(At(Position)))
        {
            Position++;
        }
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(At(Position)))
        {
            Position++;
        }
    }

    private void Name()
    {
        while (Position < _text.Length)
        {
            if (IsName(_text[Position]))
            {
                Position++;
            }
            else if (IsEscape(Position))
            {
                Position = CssEscape.End(_text, Position);
            }
            else
            {
                return;
            }
        }
    }

    private readonly bool StartsNumber(int at)
    {
        at += At(at) is '+' or '-' ? 1 : 0;
        return char.IsAsciiDigit(At(at)) || (At(at) == '.' && char.IsAsciiDigit(At(at + 1)));
    }

    private readonly bool StartsIdent(int at) => At(at) == '-'
        ? IsNameStart(At(at + 1)) || At(at + 1) == '-' || IsEscape(at + 1)
        : IsNameStart(At(at)) || IsEscape(at);

    private readonly bool IsEscape(int at) => At(at) == '\\' && at + 1 < _text.Length && At(at + 1) is not ('\n' or '\r' or '\f');

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 0x80;

    private static bool IsName(char c) => IsNameStart(c) || char.IsAsciiDigit(c) || c == '-';
}
