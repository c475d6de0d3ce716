namespace PushProxy.Model;

/// <summary>How a fetch of a stylesheet, module or image ended that the proxy made to learn. The metrics show these values.</summary>
internal enum FetchOutcome
{
    /// <summary>It came.</summary>
    Fetched,

    /// <summary>The answer was not 200.</summary>
    Refused,

    /// <summary>It is longer than what is read.</summary>
    TooLarge,

    /// <summary>It did not come in time, or it was its host's turn too late.</summary>
    TooSlow,

    /// <summary>The connection or the coding of the answer broke.</summary>
    Failed,

    /// <summary>It was not fetched, because the page needed too many others.</summary>
    OverLimit,
}
