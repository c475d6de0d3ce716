namespace PushProxy.Load.Views;

/// <summary>What a figure counts.</summary>
internal enum FigureUnit
{
    /// <summary>Things.</summary>
    Number,

    /// <summary>Time.</summary>
    Milliseconds,

    /// <summary>Bytes of bodies.</summary>
    Bytes,

    /// <summary>Memory.</summary>
    Mebibytes,
}

/// <summary>One figure in two columns.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Delivery">With delivery; null if it is not known, or there are too few views for it.</param>
/// <param name="Off">With delivery off; null as above, or because there is no such column.</param>
internal sealed record ComparedFigure(string Name, FigureUnit Unit, double? Delivery, double? Off)
{
    /// <summary>What stands where there is no figure.</summary>
    public const string None = "–";

    /// <summary>What delivery adds; below zero it saves.</summary>
    public double? Difference => Delivery - Off;

    /// <summary>With delivery as a share of that without; null where that is nothing.</summary>
    public double? Ratio => Off is > 0 ? Delivery / Off : null;

    /// <summary>A value of this figure, with its unit.</summary>
    public string Text(double? value) => value switch
    {
        null => None,
        { } v when Unit == FigureUnit.Milliseconds => Words.Milliseconds(v),
        { } v when Unit == FigureUnit.Bytes => Words.Bytes(v),
        { } v when Unit == FigureUnit.Mebibytes => $"{Words.Figure(v)} MiB",
        { } v => Words.Figure(v),
    };

    /// <summary>The difference with its sign.</summary>
    public string DifferenceText()
    {
        var size = Text(Difference is { } difference ? Math.Abs(difference) : null);
        // What is too small to be shown has no sign.
        var nothing = Difference is null || size.All(static c => c is not (>= '1' and <= '9'));
        return nothing ? size : (Difference > 0 ? "+" : "−") + size;
    }

    /// <summary>The difference in percent of the value with delivery off, with its sign; empty where that is nothing.</summary>
    public string ChangeText() => Ratio is not { } ratio
        ? ""
        : Math.Round(100 * (ratio - 1)) switch
        {
            > 0 and var more => $"+{Words.Count(more)} %",
            < 0 and var less => $"−{Words.Count(-less)} %",
            _ => "0 %",
        };
}
