using System.Globalization;

namespace PushProxy.Load.Peers;

/// <summary>A process and all that descend from it: servers do their work in children of their own. proc(5).</summary>
/// <param name="root">The process it begins with.</param>
internal sealed class ProcessTree(int root)
{
    // USER_HZ, which Linux shows to programs as 100 whatever the kernel counts in.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// User and system time of all of them so far, in steps of 10 ms. Children that have ended and been waited for are in their parents'
    /// figures.
    /// </summary>
    public TimeSpan ProcessorTime => Members().Aggregate(TimeSpan.Zero, static (sum, process) => sum + (process.Ticks * Tick));

    /// <summary>
    /// Memory they have resident, in MiB, with a share of each page that several have (PSS). What ends meanwhile counts nothing.
    /// </summary>
    public double ProportionalMemory => Members().Sum(static p => ReadMemory(p.Id, "Pss:"));

    /// <summary>Memory they have resident, in MiB. What several have counts for each of them (RSS).</summary>
    public double ResidentMemory => Members().Sum(static p => ReadMemory(p.Id, "Rss:"));

    /// <summary>How many they are.</summary>
    public int Count => Members().Count;

    private List<(int Id, long Ticks)> Members()
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(static d => int.TryParse(Path.GetFileName(d), out var id) ? Read(id) : null)
            .OfType<Stat>().ToLookup(static s => s.Parent);
        var members = new List<(int, long)>();
        var pending = new Queue<int>([root]);
        if (Read(root) is { } first)
        {
            members.Add((root, first.Ticks));
        }

        while (pending.TryDequeue(out var parent))
        {
            foreach (var child in children[parent])
            {
                members.Add((child.Id, child.Ticks));
                pending.Enqueue(child.Id);
            }
        }

        return members;
    }

    private static Stat? Read(int id)
    {
        if (ReadFile(id, "stat") is not { Length: > 0 } text)
        {
            return null;
        }

        // The name stands in brackets and may hold anything. Behind it: state, parent (4th field), …, utime, stime, cutime, cstime (14th
        // to 17th).
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return new Stat(id, Number(1), Number(11) + Number(12) + Number(13) + Number(14));

        int Number(int index) => int.Parse(fields[index], CultureInfo.InvariantCulture);
    }

    private static double ReadMemory(int id, string field) => (ReadFile(id, "smaps_rollup") ?? "").Split('\n')
        .Where(l => l.StartsWith(field, StringComparison.Ordinal))
        .Sum(static l => double.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024);

    private static string? ReadFile(int id, string name)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{name}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's and so none of ours.
            return null;
        }
    }

    private sealed record Stat(int Id, int Parent, long Ticks);
}
