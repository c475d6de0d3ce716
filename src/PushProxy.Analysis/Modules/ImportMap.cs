using System.Text.Json;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Modules;

/// <summary>
/// The import map of a page (HTML §8.1.5.2): what names that are no URLs stand for. Scopes and integrity are not looked at.
/// </summary>
internal sealed class ImportMap
{
    private const int MaxLength = 256 * 1024;

    // What a map costs besides its text, in steps, for it may be none; an entry, in bytes; and the characters read for one step.
    private const int StepsPerMap = 2000;
    private const int BytesPerEntry = 150;
    private const int CharactersAStep = 2;

    private readonly Dictionary<string, string> _imports = [];

    // The lengths of names that stand for all that begins with them.
    private readonly SortedSet<int> _prefixes = new(Comparer<int>.Create(static (one, other) => other.CompareTo(one)));

    /// <summary>
    /// Reads the content of <c>script type=importmap</c>; of several, an earlier one wins. One that can't be read says nothing.
    /// </summary>
    /// <param name="json">The content.</param>
    /// <param name="budget">What it may cost.</param>
    public void Add(string json, AnalysisBudget budget)
    {
        if (json.Length > MaxLength || !budget.Spend(AnalysisCost.Scripts, StepsPerMap + (json.Length / CharactersAStep)))
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("imports", out var imports) && imports.ValueKind == JsonValueKind.Object)
            {
                foreach (var entry in imports.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.String))
                {
                    var (name, value) = (entry.Name, entry.Value.GetString()!);
                    if (!budget.Keep(AnalysisCost.Scripts, BytesPerEntry + (sizeof(char) * (name.Length + value.Length))))
                    {
                        return;
                    }

                    if (_imports.TryAdd(name, value) && name.EndsWith('/'))
                    {
                        _prefixes.Add(name.Length);
                    }
                }
            }
        }
        catch (JsonException)
        {
            // A browser reports it and goes on without.
        }
    }

    /// <summary>The URL a specifier stands for.</summary>
    /// <param name="specifier">As written in the module.</param>
    /// <param name="module">What relative URLs in the module are relative to.</param>
    /// <param name="document">What those in the map are relative to.</param>
    /// <param name="budget">What it may cost.</param>
    public UrlResult Resolve(string specifier, PageBase module, PageBase document, AnalysisBudget budget)
    {
        if (!budget.Spend(AnalysisCost.Scripts, 1 + (specifier.Length / CharactersAStep)))
        {
            return UrlResult.Invalid;
        }

        if (_imports.TryGetValue(specifier, out var exact))
        {
            return document.Resolve(exact);
        }

        // The longest name that it begins with.
        foreach (var length in _prefixes)
        {
            if (!budget.Spend(AnalysisCost.Scripts))
            {
                return UrlResult.Invalid;
            }

            if (length <= specifier.Length && specifier[length - 1] == '/' && budget.Spend(AnalysisCost.Scripts, length / CharactersAStep)
                && _imports.TryGetValue(specifier[..length], out var start))
            {
                return document.Resolve(start + specifier[length..]);
            }
        }

        return specifier is ['/', ..] || specifier.StartsWith("./", StringComparison.Ordinal)
            || specifier.StartsWith("../", StringComparison.Ordinal)
            || specifier.Contains("://", StringComparison.Ordinal)
            ? module.Resolve(specifier)
            : UrlResult.Invalid;
    }
}
