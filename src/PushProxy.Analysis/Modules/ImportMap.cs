using System.Text.Json;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Modules;

/// <summary>
/// The import map of a page (HTML §8.1.5.2): what names that are no URLs stand for. Scopes and integrity are not looked at.
/// </summary>
internal sealed class ImportMap
{
    private const int MaxLength = 256 * 1024;

    private readonly Dictionary<string, string> _imports = [];

    /// <summary>
    /// Reads the content of <c>script type=importmap</c>; of several, an earlier one wins. One that can't be read says nothing.
    /// </summary>
    public void Add(string json)
    {
        if (json.Length > MaxLength)
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
                    _imports.TryAdd(entry.Name, entry.Value.GetString()!);
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
    public UrlResult Resolve(string specifier, PageBase module, PageBase document)
    {
        if (_imports.TryGetValue(specifier, out var exact))
        {
            return document.Resolve(exact);
        }

        var prefix = _imports.Keys.Where(key => key.EndsWith('/') && specifier.StartsWith(key, StringComparison.Ordinal))
            .MaxBy(key => key.Length);
        if (prefix is not null)
        {
            return document.Resolve(_imports[prefix] + specifier[prefix.Length..]);
        }

        return specifier is ['/', ..] || specifier.StartsWith("./", StringComparison.Ordinal)
            || specifier.StartsWith("../", StringComparison.Ordinal)
            || specifier.Contains("://", StringComparison.Ordinal)
            ? module.Resolve(specifier)
            : UrlResult.Invalid;
    }
}
