namespace PushProxy.Analysis;

/// <summary>
/// What an analysis reads besides the page: its stylesheets, its modules and the first bytes of its images. Called by many threads at once.
/// An implementation decides how it fetches them, how long it waits and how much it keeps.
/// </summary>
public interface ISubresourceSource
{
    /// <summary>Gets a stylesheet.</summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>
    /// The stylesheet; null when it cannot be used: an error, another type than <c>text/css</c>, too large, too slow. The analysis then
    /// goes on without what it names.
    /// </returns>
    ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation);

    /// <summary>Gets a JavaScript module, whose static imports are looked for. The default returns null.</summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The module, UTF-8; null when it cannot be used.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) => default;

    /// <summary>
    /// Gets the first bytes of an image, from which its size is read. Without them, the analysis assumes a usual size for an image
    /// whose size the page does not state. The default returns null.
    /// </summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>As many bytes as are at hand, 64 kB are plenty; null when none are.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) => default;

    /// <summary>
    /// Tells whether a script of another site can be fetched. Some pages bring a substitute for one that cannot. The default returns true.
    /// </summary>
    /// <param name="url">Absolute, http or https, without fragment, of another origin than the page's.</param>
    /// <param name="cancellation">Ends the work.</param>
    ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) => new(true);
}

/// <summary>A stylesheet as received.</summary>
/// <param name="Bytes">The text, without content coding. What exceeds <see cref="AnalysisOptions.MaxStylesheetBytes"/> is ignored.</param>
/// <param name="Charset">The charset parameter of its Content-Type; null when it has none.</param>
/// <param name="Version">
/// Tells versions of one URL apart, for instance a validator or a hash of the bytes. The analyzer keeps the parsed stylesheet and uses it
/// again for the same URL, version and charset. Null: it is not kept.
/// </param>
public sealed record StylesheetText(ReadOnlyMemory<byte> Bytes, string? Charset, string? Version);
