namespace PushProxy.Knowledge.Shells;

/// <summary>Compares passing bytes with those that are expected at their beginning.</summary>
/// <param name="expected">What is expected.</param>
internal struct PrefixMatch(ReadOnlyMemory<byte> expected)
{
    private bool _differs;

    /// <summary>How many bytes have been found to be the same.</summary>
    public int Same { get; private set; }

    /// <summary>Whether all that is expected has come.</summary>
    public readonly bool IsComplete => Same == expected.Length;

    /// <summary>Compares the bytes that come next.</summary>
    /// <returns>How many of them are expected. The rest comes behind what is expected, or differs.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        if (_differs || IsComplete)
        {
            return 0;
        }

        var rest = expected.Span[Same..];
        var common = bytes.CommonPrefixLength(rest);
        _differs = common < bytes.Length && common < rest.Length;
        Same += common;
        return common;
    }

    /// <summary>Whether bytes have come that differ.</summary>
    public readonly bool Differs => _differs;
}
