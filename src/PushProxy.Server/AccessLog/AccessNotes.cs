using System.Net;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Forwarding;
using PushProxy.Http2;
using PushProxy.Model;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Server.AccessLog;

/// <summary>What is noted of one request on its way, for its line in the access log.</summary>
internal sealed class AccessNotes
{
    /// <summary>As nginx logs a client that went away before it was answered. Nobody is sent this status.</summary>
    private const int ClientClosedRequest = 499;

    private readonly HttpContext _http;
    private readonly TimeProvider _time;
    private readonly Action<AccessRecord> _add;
    private readonly IHttpResponseFeature _response;
    private readonly ByteCount _sent = new();
    private readonly DateTimeOffset _at;
    private readonly long _began;
    private long? _firstByte;
    private AccessEnd _end = AccessEnd.Broken;
    private bool _isUnanswered;

    private AccessNotes(HttpContext http, TimeProvider time, Action<AccessRecord> add)
    {
        (_http, _time, _add) = (http, time, add);
        (_at, _began) = (time.GetLocalNow(), time.GetTimestamp());

        // The server's own. Others stand in for it after a shell.
        _response = http.Features.GetRequiredFeature<IHttpResponseFeature>();
    }

    /// <summary>How the store answered, as a word; null as long as that is not known.</summary>
    public string? Cache { get; set; }

    /// <summary>Notes a request from now on. When it is over, its record is handed over.</summary>
    public static AccessNotes AddTo(HttpContext http, TimeProvider time, Action<AccessRecord> add)
    {
        var notes = new AccessNotes(http, time, add);
        http.Features.Set(notes);
        http.Features.Set<IHttpResponseBodyFeature>(
            new CountedResponse(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), notes._sent));
        CountedTunnel.AddTo(http, notes._sent);
        notes._response.OnStarting(
            static state =>
            {
                var notes = (AccessNotes)state;
                notes._firstByte = notes._time.GetTimestamp();
                return Task.CompletedTask;
            }, notes);
        notes._response.OnCompleted(
            static state =>
            {
                ((AccessNotes)state).Completed();
                return Task.CompletedTask;
            }, notes);
        return notes;
    }

    /// <summary>Notes that the pipeline is through. The end of the response may not have left yet.</summary>
    public void Passed()
    {
        // Looked at before the client can know that it has everything: who then goes has not aborted anything.
        _end = IsWhole() || !_http.RequestAborted.IsCancellationRequested ? AccessEnd.Complete
            : _http.Features.Get<IForwarderErrorFeature>() is { Error: var error } && IsOrigins(error) ? AccessEnd.Broken
            : AccessEnd.Aborted;
        _isUnanswered = _end == AccessEnd.Aborted && _firstByte is null;
    }

    /// <summary>Notes that the pipeline has thrown. If nothing was sent, the server answers 500.</summary>
    public void Threw()
    {
        Passed();
        _end = _end == AccessEnd.Complete && _firstByte is not null ? AccessEnd.Broken : _end;
    }

    // The client may have gone once it had all that was stated.
    private bool IsWhole() => _firstByte is not null
        && (HttpMethods.IsHead(_http.Request.Method) || _response.StatusCode is 101 or 204 or 304
            || HttpMethods.IsConnect(_http.Request.Method)
            || _response.Headers.ContentLength == _sent.Total);

    private static bool IsOrigins(ForwarderError error) => error is ForwarderError.ResponseBodyDestination
        or ForwarderError.UpgradeResponseDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.RequestBodyDestination;

    private void Completed()
    {
        var end = _time.GetTimestamp();
        var (request, proxied) = (_http.Request, ProxiedRequest.Find(_http));
        var address = _http.Connection.RemoteIpAddress;
        _add(new AccessRecord
        {
            Time = _at,
            Client = Text(address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address),
            Method = request.Method,
            Target = _http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            Version = request.Protocol.StartsWith("HTTP/", StringComparison.Ordinal) ? request.Protocol[5..] : request.Protocol,
            Scheme = request.Scheme,
            Status = _isUnanswered ? ClientClosedRequest : _response.StatusCode,
            Bytes = HttpMethods.IsHead(request.Method) ? 0 : _sent.Total,
            Host = request.Headers.Host,
            Referer = request.Headers.Referer,
            UserAgent = request.Headers.UserAgent,
            Cache = Cache,
            Early = EarlyOf(proxied),
            Arm = proxied?.Arm ?? Model.Arm.None,
            Duration = _time.GetElapsedTime(_began, end),
            FirstByte = _firstByte is { } first && !_isUnanswered ? _time.GetElapsedTime(_began, first) : null,
            IsPushed = HttpProtocol.IsHttp2(request.Protocol) && _http.ServerPush().Promised is not null,
            Route = _http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId,
            End = _end,
        });
    }

    // Clients that do not say what they ask for may be asking for a page. The answer tells.
    private EarlyShare? EarlyOf(ProxiedRequest? proxied)
    {
        if (proxied?.Page is not { } page)
        {
            return null;
        }

        var hinted = page.HintsSent ? page.HintedCount : (int?)null;
        var isShell = proxied.ShellResponse is not null;
        return page.IsAnswered || page.PushedCount > 0 || hinted is not null || isShell || HtmlType.Is(_response.Headers.ContentType)
            ? new EarlyShare(page.PushedCount, hinted, page.LinkedCount, isShell)
            : null;
    }

    // The scope of a link-local address names an interface of this machine.
    private static string? Text(IPAddress? address) => address?.ToString();
}
