namespace PushProxy.Model;

/// <summary>Forecasts when the origin answers with a page and how long the page is.</summary>
/// <param name="ThinkTime">The expected time from the request to the head of the response; null if the head has come already.</param>
/// <param name="Bytes">The expected bytes of content, with its content coding; null if they are not known.</param>
internal readonly record struct PageForecast(TimeSpan? ThinkTime, long? Bytes)
{
    /// <summary>The forecast for a page of which nothing is known: it is expected at once.</summary>
    public static PageForecast Unknown { get; } = new(TimeSpan.Zero, null);

    /// <summary>Returns the forecast for a page whose response head has come.</summary>
    /// <param name="length">The Content-Length in bytes; null if the response does not state it.</param>
    public static PageForecast Here(long? length) => new(null, length);
}
