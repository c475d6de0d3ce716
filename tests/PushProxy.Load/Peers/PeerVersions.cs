using System.Reflection;
using PushProxy.Testing;

namespace PushProxy.Load.Peers;

/// <summary>Which version of each peer was measured.</summary>
internal static class PeerVersions
{
    /// <summary>By name of the peer, the line in which each tells it.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IEnumerable<Peer> peers, CancellationToken cancellation)
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var peer in peers)
        {
            versions[peer.Name] = peer.Package is null ? BuiltHere(peer) : await AskAsync(peer, cancellation);
        }

        return versions;
    }

    private static string BuiltHere(Peer peer)
    {
        var assembly = AssemblyName.GetAssemblyName(ServerProcess.Program(peer == PeerCatalog.Stock ? "Yarp.ReverseProxy" : "pushproxy"));
        return $"{assembly.Name} {assembly.Version}";
    }

    private static async Task<string> AskAsync(Peer peer, CancellationToken cancellation)
    {
        var answer = await ExternalTool.RunAsync(peer.Program, [peer == PeerCatalog.Caddy ? "version" : "-v"], cancellation);
        // nginx tells it on standard error.
        return (answer.Output + answer.Error).Split('\n')[0].Trim();
    }
}
