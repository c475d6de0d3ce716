namespace PushProxy.Load.Soak.Probes;

/// <summary>What became of a probe at one proxy.</summary>
/// <param name="Status">Of the response; 0 when there was none.</param>
/// <param name="Hash">Of the content that came.</param>
/// <param name="Expected">The hash that the origin said the content has; null when it said none, or content is not to be expected.</param>
/// <param name="Broken">Why the response did not come, or not to its end; null when it did.</param>
internal sealed record ProbeAnswer(int Status, string Hash, string? Expected, string? Broken)
{
    /// <summary>
    /// Whether a client has what it asked for. The origin itself never says 5xx: that is the proxy's word for an origin that failed.
    /// </summary>
    public bool Served => Broken is null && Status < 500;

    /// <summary>Whether it is what the origin sent.</summary>
    public bool IsRight => Expected is null || Expected == Hash;

    /// <inheritdoc/>
    public override string ToString() =>
        Broken is not null ? $"{(Status == 0 ? "" : Status + ", then ")}{Broken}" : $"{Status}{(IsRight ? "" : " with wrong content")}";
}

/// <summary>What the two answers to a probe say of the proxy that is tested.</summary>
internal enum PairVerdict
{
    /// <summary>Both served the same.</summary>
    Same,

    /// <summary>Neither served it.</summary>
    BothFailed,

    /// <summary>Ours served it, stock YARP did not.</summary>
    OnlyOurs,

    /// <summary>Stock YARP served it, ours did not.</summary>
    OnlyStock,

    /// <summary>Both served something, and it was not the same.</summary>
    Different,

    /// <summary>Ours served, as if it were complete, what the origin did not send.</summary>
    WrongContent,
}

/// <summary>Tells what a pair says.</summary>
internal static class PairVerdicts
{
    /// <summary>Compares two answers to the same request.</summary>
    public static PairVerdict Compare(ProbeAnswer ours, ProbeAnswer stock) => (ours.Served, stock.Served) switch
    {
        (true, _) when !ours.IsRight => PairVerdict.WrongContent,
        (true, true) => ours.Status == stock.Status && (ours.Hash == stock.Hash || !stock.IsRight)
            ? PairVerdict.Same
            : PairVerdict.Different,
        (true, false) => PairVerdict.OnlyOurs,
        (false, true) => PairVerdict.OnlyStock,
        _ => PairVerdict.BothFailed,
    };

    /// <summary>Whether ours did worse than stock YARP.</summary>
    public static bool IsWorse(this PairVerdict verdict) =>
        verdict is PairVerdict.OnlyStock or PairVerdict.Different or PairVerdict.WrongContent;
}
