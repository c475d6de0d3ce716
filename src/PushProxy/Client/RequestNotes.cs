namespace PushProxy.Client;

/// <summary>
/// What is kept of one GET on its way through the proxy. A feature of the request under this type, and the only one of ours: looking for a
/// feature that is missing costs more than most of what is decided here.
/// </summary>
internal class RequestNotes
{
    /// <summary>A request that the proxy makes itself, to learn.</summary>
    public static readonly RequestNotes Learning = new() { IsLearning = true };

    /// <summary>Whether the proxy makes the request itself.</summary>
    public bool IsLearning { get; private init; }
}
