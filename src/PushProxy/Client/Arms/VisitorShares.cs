namespace PushProxy.Client.Arms;

/// <summary>
/// Keeps one network from being many visitors: a <c>User-Agent</c> is free to invent, a network is not. After its first visitors, all
/// further ones of a network count as one.
/// </summary>
internal sealed class VisitorShares
{
    /// <summary>How many visitors one network may be.</summary>
    public const int MaxOfNetwork = 32;

    /// <summary>How many visitors are remembered. When it is reached, counting starts anew.</summary>
    public const int MaxVisitors = 65_536;

    private readonly Lock _lock = new();
    private readonly HashSet<ulong> _visitors = [];
    private readonly Dictionary<ulong, int> _networks = [];

    /// <summary>Returns whom a view of a visitor counts for.</summary>
    public ulong Of(in Visitor visitor)
    {
        lock (_lock)
        {
            if (_visitors.Contains(visitor.Id))
            {
                return visitor.Id;
            }

            if (_visitors.Count >= MaxVisitors)
            {
                _visitors.Clear();
                _networks.Clear();
            }

            var count = _networks.GetValueOrDefault(visitor.Network);
            if (count >= MaxOfNetwork)
            {
                return visitor.Network;
            }

            _networks[visitor.Network] = count + 1;
            _visitors.Add(visitor.Id);
            return visitor.Id;
        }
    }
}
