namespace PushProxy.Load;

/// <summary>What the views of one page came to.</summary>
internal sealed record PageResult
{
    /// <summary>The page's URL.</summary>
    public string Page { get; init; } = "";

    /// <summary>Views by visitors who had never been here.</summary>
    public PageVisits First { get; init; } = new();

    /// <summary>Views by those who had.</summary>
    public PageVisits Returning { get; init; } = new();
}

/// <summary>Views of a page that finished without an error.</summary>
internal sealed record PageVisits
{
    /// <summary>How many.</summary>
    public long Finished { get; init; }

    /// <summary>Requests they sent.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes of bodies they had received when they were complete: with the pushes they took, without those they did not.</summary>
    public long Bytes { get; init; }

    /// <summary>How long they took.</summary>
    public ViewLatencies Times { get; init; } = new();
}
