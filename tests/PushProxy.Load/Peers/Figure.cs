using System.Globalization;

namespace PushProxy.Load.Peers;

/// <summary>What several runs came to.</summary>
internal sealed record Figure(double Median, double Min, double Max)
{
    /// <exception cref="InvalidOperationException">There are no values.</exception>
    public static Figure Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0
            ? throw new InvalidOperationException("Nothing was measured.")
            : new Figure((sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>"median (lowest-highest)".</summary>
    /// <param name="format">Of each number.</param>
    public string ToString(string format)
    {
        return $"{Text(Median)} ({Text(Min)}-{Text(Max)})";

        string Text(double value) => value.ToString(format, CultureInfo.InvariantCulture);
    }
}
