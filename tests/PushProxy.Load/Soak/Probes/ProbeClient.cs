using System.Security.Cryptography;
using PushProxy.Load.Soak.Origin;
using PushProxy.Testing.Clients;

namespace PushProxy.Load.Soak.Probes;

/// <summary>Asks one proxy. Connections live for a few seconds, so that there are always new ones.</summary>
internal sealed class ProbeClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromSeconds(12);
    private readonly HttpClient _client;
    private readonly Uri _proxy;

    /// <param name="proxy">Whom to ask.</param>
    public ProbeClient(Uri proxy)
    {
        _proxy = proxy;
        var handler = Http2Client.NewHandler();
        handler.PooledConnectionLifetime = ConnectionLifetime;
        _client = new HttpClient(handler) { Timeout = Patience };
    }

    /// <summary>Sends a probe and reads the answer to its end.</summary>
    public async Task<ProbeAnswer> AskAsync(Probe probe, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (status, expected) = (0, (string?)null);
        try
        {
            using var message = probe.Message(_proxy);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
            status = (int)response.StatusCode;
            expected = status == 200
                && probe.Method != HttpMethod.Head
                && response.Headers.TryGetValues(FaultyOrigin.HashHeader, out var values)
                ? values.Single()
                : null;
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var buffer = new byte[32 * 1024];
            for (int read; (read = await body.ReadAsync(buffer, cancellation)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }

            return new ProbeAnswer(status, Digest(), expected, Broken: null);
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new ProbeAnswer(status, Digest(), expected, Describe(e));
        }

        string Digest() => Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Sends a probe and goes away before the answer is complete.</summary>
    public async Task AbandonAsync(Probe probe, TimeSpan after, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(after);
        try
        {
            using var message = probe.Message(_proxy);
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            await response.Content.CopyToAsync(Stream.Null, limit.Token);
        }
        catch (Exception e) when (
            e is HttpRequestException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // As intended, or because the origin was unwell.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string Describe(Exception e) => e switch
    {
        OperationCanceledException => "nothing more in time",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => http.HttpRequestError.ToString() + Inner(http),
        HttpIOException io => io.HttpRequestError.ToString(),
        _ => e.GetType().Name + ": " + e.Message,
    };

    private static string Inner(Exception e) => e.InnerException is { } inner ? $" ({inner.GetType().Name}: {inner.Message})" : "";
}
