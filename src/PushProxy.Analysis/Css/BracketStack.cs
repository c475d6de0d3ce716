namespace PushProxy.Analysis.Css;

/// <summary>Which brackets are open: nested as deeply as a text likes, without recursion.</summary>
internal ref struct BracketStack(char close)
{
    private List<char>? _more;

    /// <summary>How many are open.</summary>
    public int Depth { get; private set; } = 1;

    /// <summary>One is opened that ends with a character.</summary>
    public void Push(char closing)
    {
        (_more ??= []).Add(closing);
        Depth++;
    }

    /// <summary>A closing bracket; false when it is not the one that is due, which changes nothing.</summary>
    public bool Pop(char closing)
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
