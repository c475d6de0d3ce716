using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>The ways in which a client reaches a proxy.</summary>
[Flags]
public enum Wires
{
    /// <summary>HTTP/1.1 over TCP.</summary>
    Http1 = 1,

    /// <summary>HTTP/1.1 over TLS.</summary>
    Http1Tls = 2,

    /// <summary>HTTP/2 over TLS.</summary>
    Http2 = 4,

    /// <summary>Where bytes are sent that HTTP/2 has no place for.</summary>
    OnlyHttp1 = Http1 | Http1Tls,

    /// <summary>All of them.</summary>
    All = Http1 | Http1Tls | Http2,
}

/// <summary>One thing that may pass through a proxy: what the origin does, and what the client asks.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Origin">The origin's script; null where no origin is reached.</param>
public sealed record PassThroughCase(string Name, Func<RawRequest, Task>? Origin)
{
    /// <summary>A case in which the origin answers with fixed bytes.</summary>
    public PassThroughCase(string name, string response)
        : this(name, request => request.WriteAsync(response))
    {
    }

    /// <summary>The request, given its path.</summary>
    public Func<string, ClientRequest> Request { get; init; } = path => new ClientRequest("GET", path);

    /// <summary>Where the case applies.</summary>
    public Wires On { get; init; } = Wires.All;

    /// <summary>The first segment of the path, which chooses the cluster: <see cref="Site"/>.</summary>
    public string Cluster { get; init; } = Site.Plain;

    /// <summary>How often it is asked: the first time the page is unknown, later it has been learned.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>Status and ending at a client of stock YARP, so that a case goes on showing what it is meant to show.</summary>
    public string Outcome { get; init; } = "200 complete";

    /// <summary>Status and ending where PushProxy does something else on purpose; null if it does as stock YARP.</summary>
    public string? OurOutcome { get; init; }

    /// <summary>The origin ends each exchange by noticing that the client has gone.</summary>
    public bool OriginNoticesTheEnd { get; init; }

    /// <summary>
    /// Whether the origin hears of the request is left to a race, also in stock YARP: the body is refused while the head is sent.
    /// What it saw is compared where it heard of both.
    /// </summary>
    public bool MayReachOrigin { get; init; }

    /// <summary>Its path: the name with what no path should have left out.</summary>
    public string Path => $"/{Cluster}/{string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'))}";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
