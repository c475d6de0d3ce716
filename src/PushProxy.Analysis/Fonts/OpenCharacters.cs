using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Fonts;

/// <summary>
/// The characters of a text for which no font has been found yet. Each is taken once, so that time grows with characters and ranges.
/// </summary>
internal sealed class OpenCharacters
{
    private const int PrivateUseFirst = 0xE000;
    private const int PrivateUseLast = 0xF8FF;

    private readonly AnalysisBudget _budget;
    private readonly int[] _characters;

    // For each place, the first place at or behind it that is still open, or one on the way there.
    private readonly int[] _next;
    private int _left;

    /// <summary>All characters of a text are open.</summary>
    public OpenCharacters(CharacterSet characters, AnalysisBudget budget)
    {
        _budget = budget;
        _characters = budget.Spend(AnalysisCost.Fonts, CharacterSet.Words) ? [.. characters.All().Order()] : [];
        _ = budget.Spend(AnalysisCost.Fonts, _characters.Length);
        _next = new int[_characters.Length + 1];
        for (var i = 0; i < _next.Length; i++)
        {
            _next[i] = i;
        }

        _left = _characters.Length;
    }

    /// <summary>Whether there is a font for each.</summary>
    public bool IsEmpty => _left == 0;

    /// <summary>Takes the characters that a font is used for; returns the first of them, null when there is none.</summary>
    public int? Take(UnicodeRanges ranges)
    {
        int? least = null;
        foreach (var (first, last) in ranges.All)
        {
            if (IsEmpty || !_budget.Spend(AnalysisCost.Fonts, 2))
            {
                break;
            }

            if (Take(first, last) is { } taken && !(taken >= least))
            {
                least = taken;
            }
        }

        return least;
    }

    /// <summary>Takes what a font of the client's system displays: all but the symbols that pages define themselves.</summary>
    public void TakeInstalled()
    {
        Take(0, PrivateUseFirst - 1);
        Take(PrivateUseLast + 1, int.MaxValue);
    }

    private int? Take(int first, int last)
    {
        var start = Array.BinarySearch(_characters, first);
        int? least = null;
        for (var at = Open(start < 0 ? ~start : start); at < _characters.Length && _characters[at] <= last; at = Open(at))
        {
            least ??= _characters[at];
            _next[at] = at + 1;
            _left--;
            _ = _budget.Spend(AnalysisCost.Fonts);
        }

        return least;
    }

    // Halves the way each time it is gone.
    private int Open(int at)
    {
        while (_next[at] != at)
        {
            _next[at] = _next[_next[at]];
            at = _next[at];
        }

        return at;
    }
}
