namespace PushProxy.Knowledge;

/// <summary>
/// The resources that pages name which are not learned yet, in the order in which they were named. Guarded by the registry's lock.
/// </summary>
internal sealed class ExpectedResources
{
    /// <summary>The maximum number of them.</summary>
    private const int Max = 1024;

    private readonly Queue<Uri> _all = new();

    /// <summary>Adds one. Returns the oldest if there are too many now; else null.</summary>
    public Uri? Push(Uri url)
    {
        _all.Enqueue(url);
        return _all.Count > Max ? _all.Dequeue() : null;
    }
}
