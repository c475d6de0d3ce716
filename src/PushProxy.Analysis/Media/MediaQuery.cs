namespace PushProxy.Analysis.Media;

/// <summary>
/// One media query: a recursive descent along the grammar of Media Queries 4, §3. Nesting is bounded, for a page may nest
/// as deeply as it likes.
/// </summary>
internal ref struct MediaQuery
{
    private const int MaxNesting = 16;

    private readonly ReadOnlySpan<char> _text;
    private readonly ClientProfile? _client;
    private int _at;
    private int _nesting;

    private MediaQuery(ReadOnlySpan<char> text, ClientProfile? client)
    {
        _text = text;
        _client = client;
    }

    /// <summary>Evaluates a query in normal form (see <see cref="MediaText.Normalise"/>).</summary>
    /// <param name="query">The query.</param>
    /// <param name="client">The screen; null where it is not known.</param>
    /// <param name="normal">The same, with brackets closed that the end of the attribute closes.</param>
    public static MediaResult Evaluate(string query, ClientProfile? client, out string normal)
    {
        normal = query;
        if (!query.All(IsPlain))
        {
            return MediaResult.Malformed;
        }

        normal += new string(')', Math.Max(0, query.Count(c => c == '(') - query.Count(c => c == ')')));
        var parser = new MediaQuery(normal, client);
        var result = parser.Query();
        return parser.AtEnd ? result : MediaResult.Malformed;
    }

    private readonly bool AtEnd => _at == _text.Length;

    private MediaResult Query()
    {
        var start = _at;
        var word = Word();
        var negated = word is "not";
        if (word.IsEmpty || (negated && Next is '('))
        {
            _at = start;
            return Condition(orAllowed: true);
        }

        if (negated || word is "only")
        {
            word = Word();
        }

        if (!IsMediaType(word))
        {
            return MediaResult.Malformed;
        }

        var result = word is "all" or "screen" ? MediaResult.Always : MediaResult.Never;
        if (!AtEnd)
        {
            var condition = Word() is "and" ? Condition(orAllowed: false) : MediaResult.Malformed;
            result = condition == MediaResult.Malformed || result == MediaResult.Always ? condition : result;
        }

        return negated ? Not(result) : result;
    }

    // Without a type in front, a condition is all "and" or all "or"; behind one, it is all "and".
    private MediaResult Condition(bool orAllowed)
    {
        if (Next is not '(')
        {
            var word = Word();
            return word is "not" ? Not(InBrackets()) : MediaResult.Malformed;
        }

        var result = InBrackets();
        var first = ReadOnlySpan<char>.Empty;
        while (!AtEnd && Next is not ')' && result != MediaResult.Malformed)
        {
            var word = Word();
            if (!(word is "and" || (word is "or" && orAllowed)) || !(first.IsEmpty || word.SequenceEqual(first)))
            {
                return MediaResult.Malformed;
            }

            first = word;
            result = word is "and" ? And(result, InBrackets()) : Or(result, InBrackets());
        }

        return result;
    }

    private MediaResult InBrackets()
    {
        if (Next is not '(' || _nesting == MaxNesting)
        {
            return MediaResult.Malformed;
        }

        var end = _at + ClosingBracket(_text[_at..]);
        var inner = _text[(_at + 1)..end].Trim(' ');
        _at = end + 1;
        Skip();
        if (!(inner is ['(', ..] || inner.StartsWith("not (")))
        {
            return !MediaFeature.IsKnown(inner) ? MediaResult.Unknown
                : _client is null ? MediaResult.Depends
                : MediaMatch.Fulfils(inner.ToString(), _client) ? MediaResult.Always
                : MediaResult.Never;
        }

        var nested = new MediaQuery(inner, _client) { _nesting = _nesting + 1 };
        var result = nested.Condition(orAllowed: true);
        return nested.AtEnd && result != MediaResult.Malformed ? result : MediaResult.Unknown;
    }

    private readonly char Next => AtEnd ? '\0' : _text[_at];

    // A word that touches a bracket is a function's name, and no function is known: "and(".
    private ReadOnlySpan<char> Word()
    {
        var start = _at;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(Next) || Next is '-' or '_'))
        {
            _at++;
        }

        var word = _text[start.._at];
        if (Next is '(')
        {
            return [];
        }

        Skip();
        return word;
    }

    private void Skip()
    {
        while (Next is ' ')
        {
            _at++;
        }
    }

    private static int ClosingBracket(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return text.Length - 1;
    }

    private static bool IsMediaType(ReadOnlySpan<char> word) =>
        !word.IsEmpty && !char.IsAsciiDigit(word[0]) && word is not ("-" or "not" or "only" or "and" or "or" or "layer");

    private static MediaResult Not(MediaResult result) => result switch
    {
        MediaResult.Always => MediaResult.Never,
        MediaResult.Never => MediaResult.Always,
        _ => result,
    };

    private static MediaResult And(MediaResult one, MediaResult other) => Join(one, other, MediaResult.Never, MediaResult.Always);

    private static MediaResult Or(MediaResult one, MediaResult other) => Join(one, other, MediaResult.Always, MediaResult.Never);

    // Kleene's logic (Media Queries 4 §3.1), with "it depends" below "unknown" in a conjunction and above it in a disjunction.
    private static MediaResult Join(MediaResult one, MediaResult other, MediaResult decides, MediaResult yields)
    {
        if (one == MediaResult.Malformed || other == MediaResult.Malformed)
        {
            return MediaResult.Malformed;
        }

        var weaker = decides == MediaResult.Never ? MediaResult.Unknown : MediaResult.Depends;
        return one == decides || other == decides ? decides
            : one == yields ? other
            : other == yields ? one
            : one == other ? one
            : weaker;
    }

    // What is outside this set is outside the grammar, or an escape nobody writes in earnest.
    private static bool IsPlain(char c) => c is >= ' ' and < '\x7f' and not ('"' or '\'' or '\\' or ';' or '{' or '}' or '[' or ']');
}
