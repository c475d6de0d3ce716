using PushProxy.EndToEnd.Delivery;
using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// The program, with its debug header on, in front of a site of its own. Each test of a class has a folder of the site for itself.
/// </summary>
public class EarlySite : IAsyncLifetime
{
    private readonly string[] _options;
    private readonly TestCertificate _certificate = new();
    private readonly PageRequests _requests = new();
    private DistantServer? _distant;

    /// <summary>With the settings as they are delivered.</summary>
    public EarlySite()
        : this([])
    {
    }

    /// <summary>With some settings.</summary>
    protected EarlySite(params string[] options) => _options = options;

    /// <summary>What stands behind it.</summary>
    public ScriptedSite Origin { get; } = new();

    /// <summary>The program.</summary>
    public PushProxyProcess Proxy { get; private set; } = null!;

    /// <summary>Whether those who use <see cref="Url"/> have the program some way off.</summary>
    protected virtual bool IsDistant => false;

    /// <summary>
    /// The settings of most tests, whose clients all come from one address, with cookies of their own: each connection and each cookie
    /// counts as a client.
    /// </summary>
    protected virtual string[] Trust =>
        ["--PushProxy:Learning:SharedByAddresses=1", "--PushProxy:Learning:TrafficAddresses=1", "--PushProxy:Learning:TrustCookies=true"];

    /// <summary>What Chromium is told to trust.</summary>
    public string SpkiHash => _certificate.SpkiHash;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Proxy = await PushProxyProcess.StartAsync(
            _certificate,
            ["--origin", Origin.Url.AbsoluteUri,
            "--PushProxy:Defaults:DebugHeader=true",
            // Tests look at a page several times a second, and each look counts.
            "--PushProxy:Learning:RecheckPause=00:00:00", .. Trust, .. _options]);
        _distant = IsDistant ? new DistantServer(Proxy.Secure.Port) : null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _requests.Dispose();
        await (_distant?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Origin.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>A path as a client of the program asks for it.</summary>
    public Uri Url(string path) => new(_distant is null ? Proxy.Secure : new UriBuilder(Proxy.Secure) { Port = _distant.Port }.Uri, path);

    /// <summary>Asks for a path once, as a client that neither takes pushes nor 103.</summary>
    public Task<PageResponse> GetAsync(string path) => _requests.GetAsync(Url(path));

    /// <summary>Asks for a page, each time as another client, until it has been learned and others are told of it.</summary>
    public Task LearnAsync(string path) => UntilToldAsync(Url(path), () => Proxy.Log, "learned", "shared-by-clients");

    /// <summary>Asks for a page, each time as another client, until its decision begins with one of the words and nothing of it waits.</summary>
    public static async Task UntilToldAsync(Uri page, Func<string> log, params string[] wanted)
    {
        var decision = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var client = new PageRequests();
                decision = (await client.GetAsync(page)).Decision;
                return wanted.Any(word => decision.StartsWith(word, StringComparison.Ordinal)) && !Waits(decision);
            },
            () => $"{page} was never learned; at last it said '{decision}'.\n{log()}");
    }

    // Others are not told yet, because the answer was not seen whole. A page with names that too few clients were sent says "head".
    private static bool Waits(string decision) => decision.Contains("skip=not-answered", StringComparison.Ordinal) || decision.Contains("skip=size-unknown", StringComparison.Ordinal);

    /// <summary>Waits until nothing that has passed is still to be learned.</summary>
    public Task UntilReadAsync() => Eventually.TrueAsync(
        async () => await Proxy.MetricAsync("pushproxy_learning_buffered_bytes") == 0, () => $"Pages are still being learned.\n{Proxy.Log}");

    /// <summary>Sets a page that names stylesheets and scripts by their paths, and those, and waits until it has been learned.</summary>
    public async Task LearnAsync(string path, params string[] resources)
    {
        Origin.Files(resources);
        Origin.Page(path, Elements(resources));
        await LearnAsync(path);
    }

    /// <summary>The elements that load these, by their names.</summary>
    public static string Elements(params IEnumerable<string> resources) => string.Concat(resources.Select(
        path => path.EndsWith(".js", StringComparison.Ordinal) ? $"<script src={path}></script>" : $"<link rel=stylesheet href={path}>"));
}

/// <summary>The same, but every view of a page that is made for one client is looked at.</summary>
public sealed class EagerSite() : EarlySite("--PushProxy:Learning:MaxRelearnPause=00:00:00");

/// <summary>The same, but its visitors come from several addresses, and it trusts them only as far as the program does by itself.</summary>
public sealed class StrangersSite : EarlySite
{
    /// <inheritdoc/>
    protected override string[] Trust => [];
}

/// <summary>The same, but not as near as only a test's server is: for browsers that are to act on a 103.</summary>
public sealed class DistantSite : EarlySite
{
    /// <inheritdoc/>
    protected override bool IsDistant => true;
}

/// <summary>The same, but it trusts clients only as far as the program does by itself. Views of a page end soon.</summary>
public sealed class GuardedSite() : EarlySite(
    "--PushProxy:Learning:TrafficWindow=00:00:00.5", "--PushProxy:Learning:HoldOutEvery=1024",
    "--PushProxy:Learning:MaxRelearnPause=00:00:00")
{
    /// <inheritdoc/>
    protected override string[] Trust => [];
}
