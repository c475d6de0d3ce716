using System.Globalization;

namespace PushProxy.Load.Peers;

/// <summary>Ours and the others, as they come from Debian.</summary>
internal static class PeerCatalog
{
    /// <summary>The name of <see cref="Before"/>.</summary>
    public const string BeforeName = "before";

    // 8 runs of 20,000 requests get all code compiled for good, as a count of the methods compiled after each run shows.
    private const int WarmUpsOfManagedCode = 8;

    /// <summary>What everything is a ratio to.</summary>
    public static readonly Peer Stock = new("yarp", "stock YARP", "dotnet", null, static s =>
        [ServerProcess.Program(
            "PushProxy.Load"), "stock", "--origin", s.Origin.ToString(), "--cert", s.Certificate, "--key", s.Key, "--address", s.Address])
    {
        WarmUps = WarmUpsOfManagedCode,
    };

    /// <summary>With the settings it has when nothing is said; but for the management port, which is a fixed one.</summary>
    public static readonly Peer Ours = Build("pushproxy", "PushProxy", new FileInfo(ServerProcess.Program("pushproxy")));

    /// <summary>With shells, which it sends after a few views of one client.</summary>
    public static readonly Peer Shells = Ours with
    {
        Name = "pushproxy-shell",
        Title = "PushProxy, shell",
        Arguments = static s =>
        [
            .. Ours.Arguments(s), "--PushProxy:Defaults:Shell=on", "--PushProxy:Shell:Views=2", "--PushProxy:Shell:After=1",
            "--PushProxy:Shell:Clients=1",
        ],
    };

    public static readonly Peer Nginx = new(
        "nginx", "nginx", "nginx", "nginx", static s => ["-p", s.Folder, "-c", s.Configuration, "-e", "stderr"])
    {
        Template = "nginx.conf",
    };

    /// <summary>nginx as an operator sets it up who wants a site to be fast: gzip and proxy_cache.</summary>
    public static readonly Peer NginxCache = Nginx with
    {
        Name = "nginx-cache",
        Title = "nginx-cache",
        Template = "nginx-cache.conf",
        Stores = true,
    };

    public static readonly Peer HAProxy = new("haproxy", "HAProxy", "haproxy", "haproxy", static s => ["-db", "-f", s.Configuration])
    {
        Template = "haproxy.cfg",
        // 103 at the request, before the origin is asked.
        Early = static e => $"  http-request early-hint Link \"{string.Join(", ", e.Links)}\" if {{ path {e.Page} }}",
    };

    public static readonly Peer H2O = new("h2o", "h2o", "h2o", "h2o", static s => ["-m", "worker", "-c", s.Configuration])
    {
        Template = "h2o.conf",
        // A handler that answers 399 passes the request on, and what its Link field names is pushed at once.
        Early = static e => $$"""
                    mruby.handler: |
                      links = "{{string.Join("\\n", e.Links)}}"
                      Proc.new do |env|
                        [399, env["PATH_INFO"] == "{{e.Page}}" ? {"link" => links} : {}, []]
                      end
            """,
    };

    public static readonly Peer Apache = new("apache", "Apache", "apache2", "apache2", static s => ["-f", s.Configuration, "-DFOREGROUND"])
    {
        Template = "apache.conf",
    };

    public static readonly Peer Caddy = new(
        "caddy", "Caddy", "caddy", "caddy", static s => ["run", "--adapter", "caddyfile", "--config", s.Configuration])
    {
        Template = "Caddyfile",
        Early = static e =>
            $"\t@page path {e.Page}\n\tpush @page {{\n{string.Concat(e.Resources.Select(static r => $"\t\tGET {r.Path}\n"))}\t}}",
    };

    /// <summary>No peer, but the site behind them; it is started as they are.</summary>
    public static readonly Peer Origin = new(
        "origin", "the origin", "dotnet", null, static _ => [ServerProcess.Program("PushProxy.Load"), "origin"]);

    /// <summary>All, in the order of tables.</summary>
    public static readonly IReadOnlyList<Peer> All = [Ours, Stock, Nginx, NginxCache, HAProxy, H2O, Apache, Caddy];

    /// <summary>
    /// These peers for measurements of forwarding: ours without its store and compression, and without others that are set up to store.
    /// What comes from a store would be other work.
    /// </summary>
    public static IEnumerable<Peer> Forwarding(IEnumerable<Peer> peers) => peers.Select(static p => p.Forwarder).OfType<Peer>();

    /// <summary>Another build of ours, to see what a change does.</summary>
    /// <param name="program">Its <c>pushproxy.dll</c>.</param>
    public static Peer Before(FileInfo program) => Build(BeforeName, BeforeName, program);

    /// <summary>The site of page loads, likewise.</summary>
    /// <param name="think">How long its page takes, ms.</param>
    public static Peer Shop(int think) => new("shop", "the origin", "dotnet", null, _ =>
        [ServerProcess.Program("PushProxy.Load"), "shop", "--think", think.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>A static site of the user's own in its place.</summary>
    /// <param name="folder">Its files.</param>
    /// <param name="think">How long its pages take, ms.</param>
    public static Peer Folder(string folder, int think) => new("folder", "the origin", "dotnet", null, _ =>
        [ServerProcess.Program("PushProxy.Load"), "folder", folder, "--think", think.ToString(CultureInfo.InvariantCulture)]);

    // Builds that are older than the store know no settings of it.
    private static Peer Build(string name, string title, FileInfo program) => new(name, title, "dotnet", null, s =>
        [
            program.FullName, "run", "--origin", s.Origin.ToString(), "--listen", $"https://{s.Address}:0",
            "--cert", s.Certificate, "--key", s.Key, "--PushProxy:Management:Listen=http://127.0.0.1:0", .. EverybodyIn(program),
        ])
    {
        Stores = File.Exists(Path.Combine(program.DirectoryName!, "PushProxy.Cache.dll")),
        ForwardingArguments = ForwardingOnly.Arguments,
        WarmUps = WarmUpsOfManagedCode,
    };

    // All are to get what is measured. Older builds do not know the setting.
    private static string[] EverybodyIn(FileInfo program)
    {
        var schema = Path.Combine(program.DirectoryName!, "config", "pushproxy.schema.json");
        return File.Exists(schema) && File.ReadAllText(schema).Contains("\"HoldOut\"", StringComparison.Ordinal)
            ? ["--PushProxy:Defaults:HoldOut=0"] : [];
    }
}
