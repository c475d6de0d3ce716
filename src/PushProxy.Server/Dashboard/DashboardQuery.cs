namespace PushProxy.Server.Dashboard;

/// <summary>What a request for the page asks for.</summary>
/// <param name="IsLive">Whether only what changes by itself is wanted.</param>
/// <param name="Asked">What is searched for; null if nothing is.</param>
internal sealed record DashboardQuery(bool IsLive, string? Asked)
{
    /// <summary>The maximum length of a search, in characters: more than any URL that is kept.</summary>
    public const int MaxLength = 2048;

    /// <summary>Reads the query string.</summary>
    /// <param name="query">The query string.</param>
    /// <param name="error">What is wrong with it; empty if nothing is.</param>
    public static DashboardQuery? Read(IQueryCollection query, out string error)
    {
        error = query.Keys.FirstOrDefault(static k => k is not ("q" or "part")) is { } unknown ? $"'{unknown}' is not known."
            : query["q"].Count > 1 || query["part"].Count > 1 ? "Each can be given once."
            : query["part"] is [not "live"] ? "'part' can only be 'live'."
            : query["q"] is [{ Length: > MaxLength }] ? $"'q' has more than {MaxLength} characters."
            : "";
        if (error.Length > 0)
        {
            error += " The dashboard is at /; /?q=TEXT explains a URL, a path, or a part of one.";
            return null;
        }

        return new DashboardQuery(query["part"].Count > 0, query["q"] is [{ } text] && text.Trim() is { Length: > 0 } asked ? asked : null);
    }
}
