using System.Globalization;

namespace PushProxy.Load.Soak.Watching;

/// <summary>The open descriptors of a process by what they are, as the kernel has them (proc(5)).</summary>
/// <param name="Clients">TCP connections that came in at one of its ports.</param>
/// <param name="Origin">TCP connections to the origin.</param>
/// <param name="OtherSockets">Sockets that are neither, its listeners among them.</param>
/// <param name="NoSockets">Files, pipes and the like.</param>
/// <param name="Code">Assemblies, which the runtime opens when they are first needed and keeps open.</param>
internal sealed record Descriptors(int Clients, int Origin, int OtherSockets, int NoSockets, int Code)
{
    private const string Listening = "0A";

    /// <summary>All of them but for code.</summary>
    public int All => Clients + Origin + OtherSockets + NoSockets;

    /// <param name="process">Its id.</param>
    /// <param name="clientPorts">Where clients come in.</param>
    /// <param name="originPort">Where the origin listens.</param>
    public static Descriptors Of(int process, IReadOnlyCollection<int> clientPorts, int originPort)
    {
        var connections = Connections();
        var (clients, origin, sockets, others, code) = (0, 0, 0, 0, 0);
        foreach (var link in Directory.EnumerateFiles($"/proc/{process}/fd"))
        {
            var target = TargetOf(link);
            if (target is null)
            {
                // Closed since the folder was listed.
                continue;
            }

            if (target.EndsWith(".dll", StringComparison.Ordinal))
            {
                code++;
            }
            else if (!target.StartsWith("socket:[", StringComparison.Ordinal))
            {
                others++;
            }
            else if (connections.TryGetValue(target[8..^1], out var ends) && !ends.Listens && clientPorts.Contains(ends.Local))
            {
                clients++;
            }
            else if (ends.Remote == originPort)
            {
                origin++;
            }
            else
            {
                sockets++;
            }
        }

        return new Descriptors(clients, origin, sockets, others, code);
    }

    private static string? TargetOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All TCP connections of the machine by the inode of their socket.</summary>
    private static Dictionary<string, (int Local, int Remote, bool Listens)> Connections()
    {
        var connections = new Dictionary<string, (int, int, bool)>();
        foreach (
            var line in new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(static f => File.ReadLines(f).Skip(1)))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            connections[words[9]] = (Port(words[1]), Port(words[2]), words[3] == Listening);
        }

        return connections;
    }

    private static int Port(string address) =>
        int.Parse(
            address.AsSpan(address.IndexOf(':', StringComparison.Ordinal) + 1),
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture);
}
