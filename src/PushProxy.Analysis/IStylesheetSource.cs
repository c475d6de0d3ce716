namespace PushProxy.Analysis;

/// <summary>Where an analysis gets the stylesheets that a page names, and what else it needs to look into. Called by many threads at once.</summary>
public interface IStylesheetSource
{
    /// <summary>Gets a stylesheet.</summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>
    /// The stylesheet; null when it is not to be had: an error, another type than <c>text/css</c>, too large, too slow. What it
    /// names is then not known, which is no error.
    /// </returns>
    ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation);

    /// <summary>Gets a JavaScript module, whose static imports are looked for. By default there are none to be had.</summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The module, UTF-8; null when it is not to be had.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) => default;

    /// <summary>
    /// Gets the first bytes of an image, from which its size is read: without them, an image whose size the page does not state is
    /// taken for one of usual size. By default there are none to be had.
    /// </summary>
    /// <param name="url">Absolute, http or https, without fragment, of the page's own origin.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>As many as are at hand, 64 kB are plenty; null when they are not to be had.</returns>
    ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) => default;

    /// <summary>
    /// Whether a script of another site is to be had. Some pages have a substitute of their own for one that is not. By default it is.
    /// </summary>
    /// <param name="url">Absolute, http or https, without fragment, of another origin than the page's.</param>
    /// <param name="cancellation">Ends the work.</param>
    ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) => new(true);
}

/// <summary>A stylesheet as received.</summary>
/// <param name="Bytes">The text, without content coding. What exceeds <see cref="AnalysisOptions.MaxStylesheetBytes"/> is ignored.</param>
/// <param name="Charset">The charset parameter of its Content-Type; null when there is none.</param>
/// <param name="Version">
/// Tells versions of one URL apart, for instance its validator or a hash of its bytes: what was made of a stylesheet is kept, and
/// used again where URL, version and charset are the same. Null: it is not kept.
/// </param>
public sealed record StylesheetText(ReadOnlyMemory<byte> Bytes, string? Charset, string? Version);
