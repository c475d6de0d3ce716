using System.Collections.Immutable;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Sheets;

/// <summary>A stylesheet that the page uses, and those it imports.</summary>
internal sealed class SheetNode
{
    /// <summary>Where it is; null for a style element.</summary>
    public required HttpUrl? Url { get; init; }

    /// <summary>The one that imports it; null for one the page itself names.</summary>
    public required SheetNode? Importer { get; init; }

    /// <summary>The media query lists that must all match for it to apply.</summary>
    public required ImmutableArray<string> Media { get; init; }

    /// <summary>The layer it is imported into; null for none.</summary>
    public required string? Layer { get; init; }

    /// <summary>Whether it blocks rendering.</summary>
    public required bool IsBlocking { get; init; }

    /// <summary>What it says; null as long as that is not known.</summary>
    public Stylesheet? Sheet { get; set; }

    /// <summary>What its URLs are relative to.</summary>
    public PageBase? Base { get; set; }

    /// <summary>Those it imports, in order.</summary>
    public List<SheetNode> Imports { get; } = [];

    /// <summary>How many imports lead here.</summary>
    public int Depth => Importer is null ? 0 : Importer.Depth + 1;

    /// <summary>Whether it is this URL's, or is imported by what is: to import it again would never end.</summary>
    public bool Descends(HttpUrl url)
    {
        for (var node = this; node is not null; node = node.Importer)
        {
            if (node.Url == url)
            {
                return true;
            }
        }

        return false;
    }
}
