using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PushProxy.Server.Certificates;

/// <summary>
/// The certificates in use, by the name a client asks for (SNI, RFC 6066 §3). When the files change, they are loaded again without a
/// restart.
/// </summary>
internal sealed partial class CertificateStore : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<CertificateOptions> _options;
    private readonly ILogger<CertificateStore> _logger;
    private readonly FileWatch _watch;
    private volatile Loaded _current;

    public CertificateStore(IReadOnlyList<CertificateOptions> options, TimeProvider time, ILogger<CertificateStore> logger)
    {
        _options = options;
        _logger = logger;
        _current = Load(out var error) ?? throw new InvalidOperationException(error);
        var paths = options.SelectMany(o => new[] { o.Path, o.KeyPath }).OfType<string>().Distinct().ToList();
        _watch = new FileWatch(paths, LookEvery, time, Reload);
    }

    /// <summary>What to answer a client that asks for <paramref name="name"/>; the first certificate if none has that name.</summary>
    public SslServerAuthenticationOptions Select(string name)
    {
        var current = _current;
        if (name.Length == 0 || current.ByName.Count == 0)
        {
            return current.Default;
        }

        if (current.ByName.TryGetValue(name, out var exact))
        {
            return exact;
        }

        // A wildcard stands for exactly one label (RFC 6125 §6.4.3).
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && current.ByName.TryGetValue("*" + name[dot..], out var wildcard) ? wildcard : current.Default;
    }

    public void Dispose() => _watch.Dispose();

    private Task Reload()
    {
        // The garbage collector frees the old certificates: handshakes may still be using them.
        if (Load(out var error) is { } loaded)
        {
            _current = loaded;
            LogReloaded();
        }
        else
        {
            LogRefused(error);
        }

        return Task.CompletedTask;
    }

    private Loaded? Load(out string error)
    {
        error = "";
        SslServerAuthenticationOptions? first = null;
        var byName = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        foreach (var options in _options)
        {
            if (!CertificateFile.TryLoad(options, out var file, out error))
            {
                return null;
            }

            var authentication = new SslServerAuthenticationOptions
            {
                // One context for all connections: it holds the chain and lets sessions be resumed.
                ServerCertificateContext = SslStreamCertificateContext.Create(file.Leaf, file.Chain, offline: true),
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            };
            first ??= authentication;
            foreach (var name in file.Leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()))
            {
                byName.TryAdd(name, authentication);
            }
        }

        return new Loaded(first!, byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    [LoggerMessage(1, LogLevel.Information, "Certificate files changed: new connections get the new certificate")]
    private partial void LogReloaded();

    [LoggerMessage(2, LogLevel.Error, "Certificate files changed but are not used, the old certificate stays: {Error}")]
    private partial void LogRefused(string error);

    private sealed record Loaded(SslServerAuthenticationOptions Default, FrozenDictionary<string, SslServerAuthenticationOptions> ByName);
}
