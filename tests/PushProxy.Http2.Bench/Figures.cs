namespace PushProxy.Http2.Bench;

/// <summary>Medians, and how far apart the runs lie.</summary>
internal static class Figures
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median and the middle half, as "1.012 (0.998-1.031)".</summary>
    public static string Spread(IReadOnlyCollection<double> values, string format)
    {
        var sorted = values.Order().ToArray();
        string At(double part) => sorted[(int)(part * (sorted.Length - 1))].ToString(format, System.Globalization.CultureInfo.InvariantCulture);
        return $"{Median(values).ToString(format, System.Globalization.CultureInfo.InvariantCulture)} ({At(0.25)}-{At(0.75)})";
    }
}
