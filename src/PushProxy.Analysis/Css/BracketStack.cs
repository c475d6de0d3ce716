namespace PushProxy.Analysis.Css;

/// <summary>Which brackets are open: nested as deeply as a text likes, without recursion.</summary>
internal ref struct BracketStack(char close)
{
    private List<char>? _more;

    /// <summary>How many are open.</summary>
    public int Depth { get; private set; } = 1;

    /// <summary>The character that closes what another opens.</summary>
    public static char Closing(char open) => open switch { '(' => ')', '[' => ']', _ => '}' };

    /// <summary>Goes behind the bracket that closes a block. False: something in it spoils the declaration around it.</summary>
    /// <param name="tokens">The tokens, from the first in the block on.</param>
    /// <param name="text">What they are read from.</param>
    /// <param name="close">What closes the block.</param>
    public static bool Skip(ref CssTokenizer tokens, ReadOnlySpan<char> text, char close)
    {
        var isGood = true;
        var open = new BracketStack(close);
        while (open.Depth > 0 && tokens.Next() is { Kind: not CssTokenKind.End } token)
        {
            isGood &= open.Take(token, text) && token.Kind != CssTokenKind.Bad;
        }

        return isGood;
    }

    /// <summary>Takes the next token; false when it is a closing bracket that is not the one that is due, which changes nothing.</summary>
    public bool Take(CssToken token, ReadOnlySpan<char> text)
    {
        switch (token.Kind)
        {
            case CssTokenKind.Function:
                Push(')');
                return true;
            case CssTokenKind.Open:
                Push(Closing(text[token.Start]));
                return true;
            case CssTokenKind.Close:
                return Pop(text[token.Start]);
            default:
                return true;
        }
    }

    private void Push(char closing)
    {
        (_more ??= []).Add(closing);
        Depth++;
    }

    private bool Pop(char closing)
    {
        var due = Depth == 1 ? close : _more![^1];
        if (due != closing)
        {
            return false;
        }

        if (Depth > 1)
        {
            _more!.RemoveAt(_more.Count - 1);
        }

        Depth--;
        return true;
    }
}
