using System.Collections.Frozen;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;

namespace PushProxy.Analysis.Fonts;

/// <summary>The fonts that a document's stylesheets name, by family.</summary>
internal sealed class FontFamilies
{
    private const int PrivateUseFirst = 0xE000;
    private const int PrivateUseLast = 0xF8FF;

    // Families that every system has, itself or by another name, and so nothing behind them in a list is asked for.
    private static readonly FrozenSet<string> Installed = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "ui-serif", "ui-sans-serif", "ui-monospace", "ui-rounded",
        "math",
        "Arial", "Helvetica", "Times", "Times New Roman", "Courier", "Courier New");

    private readonly Dictionary<string, List<FontFace>> _faces = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<string>> _lists = [];

    /// <summary>Collects the fonts of stylesheets, which are given in the order in which they apply, for one client.</summary>
    public FontFamilies(IReadOnlyList<AppliedSheet> sheets, ClientProfile client)
    {
        var media = new MediaMemory(client);
        foreach (var sheet in sheets.Where(sheet => media.AllMatch(sheet.Media)))
        {
            foreach (var rule in sheet.Sheet.Fonts.Where(rule => media.AllMatch(rule.Context.Media)))
            {
                if (FontFace.Of(rule, sheet) is { } face)
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

    /// <summary>Whether a <c>font-family</c> names one of these families.</summary>
    public bool Concerns(string? list) => list is not null && _faces.Count > 0 && ListOf(list).Exists(_faces.ContainsKey);

    /// <summary>The fonts a browser loads for characters in a style.</summary>
    public IEnumerable<FontFace> For(string list, int weight, bool isItalic, CharacterSet characters)
    {
        var used = new HashSet<FontFace>(ReferenceEqualityComparer.Instance);
        var families = ListOf(list)
            .Select(family => _faces.TryGetValue(family, out var faces) ? Closest(faces, weight, isItalic)
                : Installed.Contains(family) ? []
                : null)
            .OfType<List<FontFace>>()
            .ToArray();
        foreach (var character in characters.All())
        {
            foreach (var faces in families)
            {
                // The last one named is the first one looked at.
                if (faces.FindLast(face => face.Ranges.Contains(character)) is { } face)
                {
                    used.Add(face);
                    break;
                }

                if (faces.Count == 0 && character is < PrivateUseFirst or > PrivateUseLast)
                {
                    break;
                }
            }
        }

        return used;
    }

    // Style goes before weight (CSS Fonts 4 §5.2). Several may be equally close, for different characters.
    private static List<FontFace> Closest(List<FontFace> faces, int weight, bool isItalic)
    {
        var styled = faces.FindAll(face => face.IsItalic == isItalic);
        styled = styled.Count > 0 ? styled : faces;
        var least = styled.Min(face => face.DistanceFrom(weight));
        return styled.FindAll(face => face.DistanceFrom(weight) == least);
    }

    private List<string> ListOf(string list)
    {
        if (!_lists.TryGetValue(list, out var families))
        {
            _lists.Add(list, families = CssText.FamilyNames(list));
        }

        return families;
    }
}
