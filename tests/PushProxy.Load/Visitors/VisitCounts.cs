namespace PushProxy.Load;

/// <summary>What visitors counted: in a second, or in all.</summary>
internal sealed record VisitCounts
{
    /// <summary>Views.</summary>
    public ViewCounts Views { get; init; } = new();

    /// <summary>Requests.</summary>
    public RequestCounts Requests { get; init; } = new();

    /// <summary>What was pushed.</summary>
    public PushCounts Pushes { get; init; } = new();

    /// <summary>What 103 responses named.</summary>
    public HintCounts EarlyHints { get; init; } = new();

    /// <summary>What <c>Link</c> fields of pages named, and no 103 before.</summary>
    public HintCounts Links { get; init; } = new();

    /// <summary>All that went wrong, by <see cref="VisitResult.Errors"/>.</summary>
    public long Errors { get; init; }
}

/// <summary>Views: those started have finished, failed or were cancelled.</summary>
internal sealed record ViewCounts
{
    /// <summary>Begun.</summary>
    public long Started { get; init; }

    /// <summary>Complete, without an error.</summary>
    public long Finished { get; init; }

    /// <summary>With at least one error.</summary>
    public long Failed { get; init; }

    /// <summary>Broken off by the visitor, as planned.</summary>
    public long Cancelled { get; init; }

    /// <summary>Due, but never begun: as many as may be were under way.</summary>
    public long Late { get; init; }

    /// <summary>Begun by visitors who had been here.</summary>
    public long Returning { get; init; }

    /// <summary>Connections opened.</summary>
    public long Connections { get; init; }
}

/// <summary>Requests: those sent were answered, failed, cancelled, or safely sent again.</summary>
internal sealed record RequestCounts
{
    /// <summary>Sent.</summary>
    public long Sent { get; init; }

    /// <summary>Answered completely, whatever the status.</summary>
    public long Answered { get; init; }

    /// <summary>Not, or not completely, answered.</summary>
    public long Failed { get; init; }

    /// <summary>Under way when their view was cancelled.</summary>
    public long Cancelled { get; init; }

    /// <summary>Not served at all (refused, or an idle connection was closed just then), and sent again as browsers do.</summary>
    public long Retried { get; init; }

    /// <summary>Answered with 304.</summary>
    public long NotModified { get; init; }

    /// <summary>Not sent, because the visitor's cache had it.</summary>
    public long FromCache { get; init; }

    /// <summary>Not sent, because it is of another site.</summary>
    public long Elsewhere { get; init; }

    /// <summary>Bytes of bodies, as they came over the wire; pushed ones not included.</summary>
    public long Bytes { get; init; }
}

/// <summary>Pushes: those promised were used, cancelled, unused, failed or abandoned.</summary>
internal sealed record PushCounts
{
    /// <summary>Promised.</summary>
    public long Promised { get; init; }

    /// <summary>Needed by the page and taken instead of a request.</summary>
    public long Used { get; init; }

    /// <summary>Refused, because the visitor's cache had it.</summary>
    public long Cancelled { get; init; }

    /// <summary>Needed by no view for as long as the connection was open.</summary>
    public long Unused { get; init; }

    /// <summary>Reset by the server.</summary>
    public long Failed { get; init; }

    /// <summary>Not yet used when the view was cancelled.</summary>
    public long Abandoned { get; init; }

    /// <summary>Bytes of bodies of those used.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes of bodies of all others.</summary>
    public long WastedBytes { get; init; }
}

/// <summary>Resources named in advance: used, unused, cached or abandoned.</summary>
internal sealed record HintCounts
{
    /// <summary>103 responses.</summary>
    public long Responses { get; init; }

    /// <summary>Resources named, that the page had not named itself by then.</summary>
    public long Resources { get; init; }

    /// <summary>Needed by the page.</summary>
    public long Used { get; init; }

    /// <summary>Loaded, but needed by nothing.</summary>
    public long Unused { get; init; }

    /// <summary>Fresh in the visitor's cache: named for nothing.</summary>
    public long Cached { get; init; }

    /// <summary>Not yet needed when the view was cancelled.</summary>
    public long Abandoned { get; init; }
}
