using System.Globalization;

namespace PushProxy.Server.Demo;

/// <summary>How long the demo's server thinks before a page's first byte: where early delivery has its chance.</summary>
internal static class ThinkTime
{
    /// <summary>The longest wait a query can ask for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>What <c>/slow</c> takes when the query does not say.</summary>
    public static readonly TimeSpan OfSlowPage = TimeSpan.FromMilliseconds(800);

    /// <summary>The wait for a page: <c>?think=MILLISECONDS</c> if that is a number, and the page's own otherwise.</summary>
    public static TimeSpan Of(HttpRequest request)
    {
        if (double.TryParse(request.Query["think"], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return TimeSpan.FromMilliseconds(Math.Min(milliseconds, Longest.TotalMilliseconds));
        }

        return request.Path == "/slow" ? OfSlowPage : TimeSpan.Zero;
    }
}
