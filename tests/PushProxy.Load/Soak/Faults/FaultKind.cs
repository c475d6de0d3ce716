namespace PushProxy.Load.Soak.Faults;

/// <summary>What is done to the proxy while it works.</summary>
internal enum FaultKind
{
    /// <summary>The origin's process is killed and started again on the same port.</summary>
    OriginRestart,

    /// <summary>The origin takes requests and does not answer.</summary>
    OriginHang,

    /// <summary>The origin resets connections instead of answering.</summary>
    OriginReset,

    /// <summary>The origin resets connections amid responses.</summary>
    OriginResetAmid,

    /// <summary>The origin ends connections before its bodies are complete.</summary>
    OriginTruncate,

    /// <summary>The origin's bodies come in small pieces.</summary>
    OriginSlow,

    /// <summary>The configuration file is rewritten: other policies, another header field, one more route.</summary>
    Reload,

    /// <summary>The configuration file is rewritten with something that can't be used.</summary>
    BadReload,

    /// <summary>Certificate and key are replaced.</summary>
    Certificate,

    /// <summary>Certificate and key are replaced with something that can't be used.</summary>
    BadCertificate,

    /// <summary>Clients that read a kilobyte a second, and then stop reading.</summary>
    SlowReaders,

    /// <summary>Clients that are gone while pushes are on their way to them.</summary>
    VanishingClients,

    /// <summary>Connections that speak garbage, on every layer.</summary>
    Garbage,

    /// <summary>Good requests with cookies that are not.</summary>
    BadCookies,

    /// <summary>The Redis of the two instances that share one stops answering, and goes on.</summary>
    RedisHalt,

    /// <summary>It is killed, and another one started that knows nothing.</summary>
    RedisRestart,

    /// <summary>It loses all it has.</summary>
    RedisFlush,
}

/// <summary>What the kinds have in common.</summary>
internal static class FaultKinds
{
    /// <summary>Whether requests may fail because of it, through any proxy.</summary>
    public static bool IsOfOrigin(this FaultKind kind) => kind <= FaultKind.OriginSlow;
}
