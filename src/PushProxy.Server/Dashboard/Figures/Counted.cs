namespace PushProxy.Server.Dashboard.Figures;

/// <summary>One sum of an instrument.</summary>
/// <param name="Word">The value of its first tag; empty if it has none.</param>
/// <param name="Second">The value of its second tag; empty if it has none.</param>
/// <param name="Value">The sum.</param>
internal readonly record struct Sum(string Word, string Second, long Value);

/// <summary>What all instruments have counted. What has not been counted yet is 0.</summary>
/// <param name="instruments">The sums by the name of the instrument.</param>
internal sealed class Counted(IReadOnlyDictionary<string, IReadOnlyList<Sum>> instruments)
{
    /// <summary>Nothing.</summary>
    public static readonly Counted Nothing = new(new Dictionary<string, IReadOnlyList<Sum>>());

    /// <summary>All that an instrument has counted.</summary>
    public long this[string instrument] => Of(instrument).Sum(static s => s.Value);

    /// <summary>What an instrument has counted with a first tag.</summary>
    public long this[string instrument, string word] => Of(instrument).Where(s => s.Word == word).Sum(static s => s.Value);

    /// <summary>The sums of an instrument.</summary>
    public IReadOnlyList<Sum> Of(string instrument) => instruments.GetValueOrDefault(instrument) ?? [];

    /// <summary>The sums of an instrument by its first tag, the largest first, without those that are 0.</summary>
    public IReadOnlyList<(string Word, long Value)> By(string instrument) =>
    [
        .. Of(instrument).GroupBy(static s => s.Word).Select(static g => (g.Key, Value: g.Sum(static s => s.Value)))
            .Where(static s => s.Value != 0).OrderByDescending(static s => s.Value).ThenBy(static s => s.Key, StringComparer.Ordinal),
    ];
}
