using System.Globalization;

namespace PushProxy.Load.Views.Report;

/// <summary>The ticks of an axis: from zero, in steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class Axis
{
    private readonly double _step;
    private readonly int _digits;

    /// <param name="most">The largest value on it.</param>
    /// <param name="parts">At most into how many parts it is divided.</param>
    /// <param name="whole">Whether what is counted comes in whole numbers only, so that no tick may stand between them.</param>
    public Axis(double most, int parts, bool whole)
    {
        (_step, _digits) = most > 0 ? Step(most / parts) : (1, 0);
        if (whole && _step < 1)
        {
            (_step, _digits) = (1, 0);
        }

        // What is as good as on a tick, by the rounding of doubles, needs no further one.
        var last = (int)Math.Ceiling((most / _step) - 1e-9);
        Ticks = [.. Enumerable.Range(0, Math.Max(1, last) + 1).Select(i => Math.Round(i * _step, _digits))];
    }

    /// <summary>Where ticks are; the last is the first that is no smaller than the largest value.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The last tick.</summary>
    public double End => Ticks[^1];

    /// <summary>What stands at a tick: no more decimals than the steps have.</summary>
    public string Label(double tick) => tick.ToString("#,0." + new string('0', _digits), CultureInfo.InvariantCulture);

    private static (double Step, int Digits) Step(double least)
    {
        var power = (int)Math.Floor(Math.Log10(least));
        // A step of 10 is one of 1 with the next power.
        var factor = new[] { 1, 2, 5, 10 }.First(f => f * Math.Pow(10, power) >= least * (1 - 1e-9));
        return (factor * Math.Pow(10, power), Math.Max(0, factor == 10 ? -power - 1 : -power));
    }
}
