using System.Globalization;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>How what we say agrees with what Chromium says.</summary>
/// <param name="name">What is compared.</param>
internal sealed class Score(string name)
{
    private readonly List<string> _differences = [];
    private int _both;
    private int _ours;
    private int _theirs;

    /// <summary>Of what we say, the share that is so.</summary>
    public double Precision => _both + _ours == 0 ? 1 : (double)_both / (_both + _ours);

    /// <summary>Of what is so, the share that we say.</summary>
    public double Recall => _both + _theirs == 0 ? 1 : (double)_both / (_both + _theirs);

    /// <summary>One line for each page that differs.</summary>
    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Counts one page.</summary>
    public void Add(string page, IReadOnlySet<string> ours, IReadOnlySet<string> theirs)
    {
        var (extra, missing) = (ours.Except(theirs).ToArray(), theirs.Except(ours).ToArray());
        _both += ours.Count - extra.Length;
        _ours += extra.Length;
        _theirs += missing.Length;
        if (extra.Length + missing.Length > 0)
        {
            _differences.Add($"{name}, {page}: we alone [{string.Join(' ', extra)}], Chromium alone [{string.Join(' ', missing)}]");
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{name,-16} {_both,5} {_ours,8} {_theirs,13} {Precision,10:P1} {Recall,8:P1}");
}
