using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Caching.Memory;

namespace PushProxy.Analysis.Sheets;

/// <summary>Identifies a parsed stylesheet: where it is, which version it is, and the encoding it was read in.</summary>
internal sealed record SheetKey(string Url, string Version, string Charset);

/// <summary>
/// Parsed stylesheets, so that each version is parsed once. When they take more than <paramref name="maxSize"/> bytes, the least recently
/// used ones go. Safe for use by many threads at once.
/// </summary>
/// <param name="maxSize">How much memory they may take, by <see cref="Stylesheet.Size"/>, in bytes.</param>
[SuppressMessage("Design", "CA1001", Justification = "The cache holds memory only, and lives as long as its analyzer.")]
internal sealed class SheetCache(long maxSize)
{
    private readonly MemoryCache _sheets = new(new MemoryCacheOptions { SizeLimit = maxSize });

    /// <summary>How many stylesheets are kept.</summary>
    public int Count => _sheets.Count;

    /// <summary>The stylesheet of a key; null when it is not kept.</summary>
    public Stylesheet? Find(SheetKey key) => _sheets.Get<Stylesheet>(key);

    /// <summary>Keeps a stylesheet. One that does not fit is not kept; it makes the cache drop others, so that the next one fits.</summary>
    public void Add(SheetKey key, Stylesheet sheet) => _sheets.Set(key, sheet, new MemoryCacheEntryOptions { Size = sheet.Size });
}
