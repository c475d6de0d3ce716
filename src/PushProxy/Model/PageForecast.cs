namespace PushProxy.Model;

/// <summary>When the origin is expected to answer with a page, and how long the page will be.</summary>
/// <param name="ThinkTime">From the request to the head of the response; null when the head is there already.</param>
/// <param name="Bytes">Bytes of content as coded; null when that is not known.</param>
internal readonly record struct PageForecast(TimeSpan? ThinkTime, long? Bytes)
{
    /// <summary>Nothing is known: the page is expected at once.</summary>
    public static PageForecast Unknown { get; } = new(TimeSpan.Zero, null);

    /// <summary>The head of the response has come.</summary>
    /// <param name="length">Its Content-Length; null when it states none.</param>
    public static PageForecast Here(long? length) => new(null, length);
}
