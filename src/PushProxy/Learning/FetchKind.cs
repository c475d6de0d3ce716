namespace PushProxy.Learning;

/// <summary>How a kind of resource is fetched to be read.</summary>
/// <param name="Accept">The Accept field of the request.</param>
/// <param name="Type">What the content type of the answer must contain.</param>
/// <param name="MaxBytes">The maximum number of bytes read; null for <see cref="LearningOptions.MaxStylesheetBytes"/>.</param>
/// <param name="IsBeginning">Whether the beginning of a longer body is enough.</param>
internal sealed record FetchKind(string Accept, string Type, int? MaxBytes = null, bool IsBeginning = false)
{
    public static readonly FetchKind Style = new("text/css,*/*;q=0.1", "css");
    public static readonly FetchKind Module = new("*/*", "script");

    /// <summary>The size of an image is in its first bytes.</summary>
    public static readonly FetchKind Image = new("image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8", "image", 64 * 1024, true);
}
