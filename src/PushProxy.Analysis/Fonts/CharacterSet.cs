using System.Text;

namespace PushProxy.Analysis.Fonts;

/// <summary>The characters of a text.</summary>
internal sealed class CharacterSet
{
    /// <summary>The size of one, in words of 8 bytes, without characters beyond the first plane.</summary>
    public const int Words = 0x10000 / 64;

    private readonly ulong[] _plane = new ulong[Words];
    private readonly HashSet<int> _beyond = [];

    /// <summary>How many characters beyond the first plane there are.</summary>
    public int Beyond => _beyond.Count;

    /// <summary>Adds those of a text. White space at a line end is a space; other controls are nothing.</summary>
    public void Add(ReadOnlySpan<char> text, bool isUppercase)
    {
        foreach (var c in text)
        {
            if (c >= ' ' && !char.IsSurrogate(c))
            {
                Add(c);
                if (isUppercase)
                {
                    Add(char.ToUpperInvariant(c));
                }
            }
        }

        if (text.IndexOfAnyInRange('\ud800', '\udfff') < 0)
        {
            return;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (!rune.IsBmp)
            {
                _beyond.Add(rune.Value);
                if (isUppercase)
                {
                    _beyond.Add(Rune.ToUpperInvariant(rune).Value);
                }
            }
        }
    }

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<int> All()
    {
        for (var word = 0; word < _plane.Length; word++)
        {
            for (var bits = _plane[word]; bits != 0; bits &= bits - 1)
            {
                yield return (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(bits);
            }
        }

        foreach (var character in _beyond)
        {
            yield return character;
        }
    }

    private void Add(char c) => _plane[c / 64] |= 1UL << (c % 64);

    /// <summary>Whether a text is displayed at all: there is something in it but white space.</summary>
    public static bool IsVisible(string text) => text.AsSpan().IndexOfAnyExcept(" \t\n\r\f") >= 0;
}
