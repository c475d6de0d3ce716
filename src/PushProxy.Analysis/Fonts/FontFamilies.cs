using System.Collections.Frozen;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;

namespace PushProxy.Analysis.Fonts;

/// <summary>The fonts that a document's stylesheets name, by family.</summary>
internal sealed class FontFamilies
{
    // What a font and a list of families cost besides their text: in steps, and in bytes.
    private const int StepsPerFont = 100;
    private const int BytesPerFont = 600;

    private const int BytesPerList = 200;

    // How many characters are read for one step.
    private const int CharactersAStep = 1;

    // Families that every system has, itself or by another name, and so nothing behind them in a list is asked for.
    private static readonly FrozenSet<string> Installed = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded",
        "math",
        "Arial", "Helvetica", "Times", "Times New Roman", "Courier", "Courier New");

    private readonly Dictionary<string, List<FontFace>> _faces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, FamilyList> _lists = [];
    private readonly Dictionary<string, FamilyList> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(List<FontFace> Faces, int Weight, bool IsItalic), List<FontFace>> _closest = [];
    private readonly AnalysisBudget _budget;

    /// <summary>Collects the fonts of stylesheets, which are given in the order in which they apply, for one client.</summary>
    /// <param name="sheets">The stylesheets.</param>
    /// <param name="media">Which media queries match the client.</param>
    /// <param name="budget">What it may cost.</param>
    public FontFamilies(IReadOnlyList<AppliedSheet> sheets, MediaMemory media, AnalysisBudget budget)
    {
        _budget = budget;
        foreach (var sheet in sheets.Where(sheet => media.AllMatch(sheet.Media)))
        {
            foreach (var rule in sheet.Sheet.Fonts)
            {
                if (!budget.Spend(AnalysisCost.Fonts, StepsPerFont + (rule.Size / CharactersAStep))
                    || !budget.Keep(AnalysisCost.Fonts, BytesPerFont))
                {
                    return;
                }

                if (media.Matches(rule.Context) && FontFace.Of(rule, sheet) is { } face)
                {
                    if (!_faces.TryGetValue(rule.Family, out var faces))
                    {
                        _faces.Add(rule.Family, faces = []);
                    }

                    faces.Add(face);
                }
            }
        }
    }

    /// <summary>All fonts, in the order of their families.</summary>
    public IEnumerable<FontFace> All => _faces.Values.SelectMany(faces => faces);

    /// <summary>The families of a <c>font-family</c>; null where it names none of these here.</summary>
    public FamilyList? Named(string? list)
    {
        // Elements inherit the very same text, which need not be read again to be found.
        if (list is null || _faces.Count == 0)
        {
            return null;
        }

        if (!_seen.TryGetValue(list, out var families))
        {
            if (!_budget.Spend(AnalysisCost.Fonts, 1 + list.Length) || !_budget.Keep(AnalysisCost.Fonts, BytesPerList + (8L * list.Length)))
            {
                return null;
            }

            if (!_lists.TryGetValue(list, out families))
            {
                IReadOnlyList<string> names = [.. CssText.FamilyNames(list).Distinct(StringComparer.OrdinalIgnoreCase)];
                _lists.Add(list, families = new(names, names.Any(_faces.ContainsKey)));
            }

            _seen.Add(list, families);
        }

        return families.IsNamed ? families : null;
    }

    /// <summary>The fonts a browser loads for characters in a style, those of the lower characters first.</summary>
    public IEnumerable<FontFace> For(FamilyList list, int weight, bool isItalic, CharacterSet characters)
    {
        // Each character is displayed by the first family that has a font for it, in the one of its fonts that is named last.
        var open = new OpenCharacters(characters, _budget);
        var used = new List<(int First, FontFace Face)>();
        foreach (var family in list.Names)
        {
            if (open.IsEmpty || _budget.IsSpent)
            {
                break;
            }

            if (_faces.TryGetValue(family, out var faces))
            {
                var closest = Closest(faces, weight, isItalic);
                for (var i = closest.Count - 1; i >= 0 && !open.IsEmpty; i--)
                {
                    if (open.Take(closest[i].Ranges) is { } first)
                    {
                        used.Add((first, closest[i]));
                    }
                }
            }
            else if (Installed.Contains(family))
            {
                open.TakeInstalled();
            }
        }

        return used.OrderBy(both => both.First).Select(both => both.Face);
    }

    // Style goes before weight (CSS Fonts 4 §5.2). Several may be equally close, for different characters.
    private List<FontFace> Closest(List<FontFace> faces, int weight, bool isItalic)
    {
        if (_closest.TryGetValue((faces, weight, isItalic), out var known))
        {
            return known;
        }

        if (!_budget.Spend(AnalysisCost.Fonts, faces.Count) || !_budget.Keep(AnalysisCost.Fonts, 8L * faces.Count))
        {
            return [];
        }

        var styled = faces.FindAll(face => face.IsItalic == isItalic);
        styled = styled.Count > 0 ? styled : faces;
        var least = styled.Min(face => face.DistanceFrom(weight));
        return _closest[(faces, weight, isItalic)] = styled.FindAll(face => face.DistanceFrom(weight) == least);
    }
}

/// <summary>A <c>font-family</c>.</summary>
/// <param name="names">Its families, in order, each once.</param>
/// <param name="isNamed">Whether a stylesheet of the document names a font of one of them.</param>
internal sealed class FamilyList(IReadOnlyList<string> names, bool isNamed)
{
    /// <summary>Its families, in order, each once.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether a stylesheet of the document names a font of one of them.</summary>
    public bool IsNamed => isNamed;
}
