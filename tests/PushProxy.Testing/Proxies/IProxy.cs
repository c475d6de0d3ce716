namespace PushProxy.Testing.Proxies;

/// <summary>A running reverse proxy, ours or the one it is compared with.</summary>
public interface IProxy : IAsyncDisposable
{
    /// <summary>Its cleartext listener: HTTP/1.1.</summary>
    Uri Cleartext { get; }

    /// <summary>Its TLS listener: HTTP/1.1 and HTTP/2 by ALPN.</summary>
    Uri Secure { get; }

    /// <summary>What it printed or logged, for the message of a test that fails.</summary>
    string Log { get; }
}
