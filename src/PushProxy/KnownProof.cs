using PushProxy.Proof;

namespace PushProxy;

/// <summary>
/// Says what early delivery gains on this site: it compares the visitors that get it with those that
/// <see cref="DeliveryPolicy.HoldOut"/> keeps it from.
/// </summary>
public sealed class KnownProof
{
    private readonly ProofBook _book;

    internal KnownProof(ProofBook book) => _book = book;

    /// <summary>
    /// Gets the comparisons as they are now. The first is of all page views, and its verdict is the one that counts; the others are
    /// parts of it, by page group, protocol, kind of client and place in the connection.
    /// </summary>
    public IReadOnlyList<ProofGroup> List() => _book.List();
}

/// <summary>The comparison of one group of page views.</summary>
/// <param name="Kind"><c>all</c>, <c>view</c> (first of a connection, or later), <c>page</c>, <c>protocol</c> or <c>client</c>.</param>
/// <param name="Name">Which of its kind, for instance <c>/news/</c>, <c>HTTP/2</c>, <c>push</c>.</param>
/// <param name="Measures">
/// The comparison of each measure. The first is <c>display</c>: from the request to the last byte, acknowledged by the client, of the page
/// and of everything that blocks its display.
/// </param>
public sealed record ProofGroup(string Kind, string Name, IReadOnlyList<ProofComparison> Measures);

/// <summary>The two arms beside each other, in one measure.</summary>
/// <param name="Measure">
/// <c>display</c>, <c>first-byte</c>, <c>kilobytes</c> (what was sent until the display, in kB, where all else is ms), or what browsers
/// tell: <c>fcp</c>, <c>lcp</c>, <c>ttfb</c>, <c>interim</c>.
/// </param>
/// <param name="Delivered">Those that get early delivery.</param>
/// <param name="HeldOut">Those held out.</param>
/// <param name="Median">The effect on the median; null before both arms have enough visitors to estimate it.</param>
/// <param name="UpperQuartile">The effect on the 75th percentile; null before both arms have enough visitors.</param>
/// <param name="PlannedViews">How many views the verdict waits for; 0 before this can be estimated.</param>
/// <param name="Verdict">What has been decided.</param>
public sealed record ProofComparison(
    string Measure, ProofArm Delivered, ProofArm HeldOut, ProofEffect? Median, ProofEffect? UpperQuartile, long PlannedViews,
    ProofVerdict Verdict)
{
    /// <summary>
    /// Gets how many views have come since the verdict. All else stays as it was decided until about <see cref="PlannedViews"/> more
    /// have come and it is decided anew. It is 0 before the first verdict.
    /// </summary>
    public long ViewsSince { get; init; }
}

/// <summary>One arm in one measure. All times are milliseconds.</summary>
/// <param name="Views">How many views were measured.</param>
/// <param name="Visitors">How many visitors they are from, as far as they can be told apart.</param>
/// <param name="Median">The median; null without views.</param>
/// <param name="UpperQuartile">The 75th percentile; null without views.</param>
/// <param name="Percentiles">
/// The distribution: percentiles 5, 10, …, 95; empty without views.
/// </param>
public sealed record ProofArm(long Views, long Visitors, double? Median, double? UpperQuartile, IReadOnlyList<double> Percentiles);

/// <summary>
/// What early delivery changes, delivered minus held out, with a 95 % interval that respects that views of one visitor are alike.
/// </summary>
/// <param name="Milliseconds">The difference in milliseconds; negative is faster.</param>
/// <param name="Low">The lower end of its interval.</param>
/// <param name="High">The upper end of its interval.</param>
/// <param name="Relative">The difference as a part of the held-out value; −0.2 is 20 % faster.</param>
/// <param name="RelativeLow">The lower end of its interval.</param>
/// <param name="RelativeHigh">The upper end of its interval.</param>
public sealed record ProofEffect(double Milliseconds, double Low, double High, double Relative, double RelativeLow, double RelativeHigh);

/// <summary>What the comparison of the two arms has decided.</summary>
public enum ProofVerdict
{
    /// <summary>Fewer views than planned. Whatever the figures look like, nothing is said.</summary>
    NotYetDecided,

    /// <summary>Early delivery makes pages faster.</summary>
    Gain,

    /// <summary>Early delivery makes pages slower.</summary>
    Harm,

    /// <summary>The planned views have come and show no difference.</summary>
    NoDifference,
}
