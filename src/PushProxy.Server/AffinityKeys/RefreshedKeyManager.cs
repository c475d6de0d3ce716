using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace PushProxy.Server.AffinityKeys;

/// <summary>
/// Manages keys as .NET does. .NET keeps those that it has read for a day; here they are read again as soon as another instance's key has
/// come.
/// </summary>
/// <param name="services">Where .NET's own key manager finds what it needs.</param>
internal sealed class RefreshedKeyManager(IServiceProvider services) : IKeyManager, IDisposable
{
    private readonly XmlKeyManager _manager = ActivatorUtilities.CreateInstance<XmlKeyManager>(services);
    private CancellationTokenSource _refresh = new();

    /// <summary>All keys are read again when one is used the next time. Until they were read, those that are known are used.</summary>
    public void Refresh() => Interlocked.Exchange(ref _refresh, new()).Cancel();

    /// <inheritdoc/>
    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate)
    {
        var key = _manager.CreateNewKey(activationDate, expirationDate);
        Refresh();
        return key;
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<IKey> GetAllKeys() => _manager.GetAllKeys();

    /// <inheritdoc/>
    public CancellationToken GetCacheExpirationToken() => Volatile.Read(ref _refresh).Token;

    /// <inheritdoc/>
    public void RevokeKey(Guid keyId, string? reason = null)
    {
        _manager.RevokeKey(keyId, reason);
        Refresh();
    }

    /// <inheritdoc/>
    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null)
    {
        _manager.RevokeAllKeys(revocationDate, reason);
        Refresh();
    }

    /// <inheritdoc/>
    public void Dispose() => _refresh.Dispose();
}
