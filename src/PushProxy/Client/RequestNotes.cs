namespace PushProxy.Client;

/// <summary>
/// What the proxy notes about one GET on its way. It is the only request feature that PushProxy sets, under this type: looking for a
/// missing feature costs more than most decisions made here.
/// </summary>
internal class RequestNotes
{
    /// <summary>The notes of a request that the proxy makes itself, to learn.</summary>
    public static readonly RequestNotes Learning = new() { IsLearning = true };

    /// <summary>Whether the proxy makes the request itself.</summary>
    public bool IsLearning { get; private init; }
}
