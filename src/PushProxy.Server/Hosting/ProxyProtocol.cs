using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace PushProxy.Server.Hosting;

/// <summary>
/// Takes the address of clients from the PROXY protocol that a proxy in front of this one speaks, before TLS. A connection that begins
/// otherwise, or comes from elsewhere, is ended: nobody may choose whether to be believed.
/// </summary>
/// <param name="trusted">Whose connections they are.</param>
/// <param name="logger">Is told why connections are ended.</param>
internal sealed partial class ProxyProtocol(IReadOnlyList<IPNetwork> trusted, ILogger logger)
{
    private int _isLogged;

    /// <summary>Whether a request came over a connection that began with it.</summary>
    public static bool IsSpokenOn(HttpContext http) => http.Features.Get<ProxyProtocol>() is not null;

    /// <summary>A connection middleware that comes before all others.</summary>
    public ConnectionDelegate Middleware(ConnectionDelegate next) => async connection =>
    {
        // Behind a Unix socket only who may open its file can connect.
        if (connection.RemoteEndPoint is IPEndPoint peer && !ClientAddresses.IsOneOf(trusted, peer.Address))
        {
            Refuse($"{peer.Address} is not one of PushProxy:TrustedProxies");
            return;
        }

        if (await ReadAsync(connection) is { } header)
        {
            connection.Features.Set(this);
            if (header.Client is { } client)
            {
                connection.RemoteEndPoint = client;
            }

            await next(connection);
        }
    };

    private async ValueTask<ProxyHeader?> ReadAsync(ConnectionContext connection)
    {
        using var limit = FirstBytes.Limit(connection);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, ProxyHeader.MaxLength));
                var isRight = ProxyHeader.TryRead(start.IsSingleSegment ? start.FirstSpan : start.ToArray(), out var header);
                if (header is not null)
                {
                    input.AdvanceTo(read.Buffer.GetPosition(header.Length));
                    return header;
                }

                input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (!isRight)
                {
                    Refuse("it does not begin with the PROXY protocol");
                    return null;
                }

                if (read.IsCompleted)
                {
                    return null;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return null;
        }
    }

    // Anybody can cause it, so it is said once. After that it is for those who look for it.
    private void Refuse(string reason)
    {
        if (Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            LogRefused(reason);
        }
        else
        {
            LogRefusedAgain(reason);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "A connection was ended: {Reason}, as PushProxy:ProxyProtocol wants it. This is logged once")]
    private partial void LogRefused(string reason);

    [LoggerMessage(2, LogLevel.Debug, "A connection was ended: {Reason}")]
    private partial void LogRefusedAgain(string reason);
}
