using System.Globalization;

namespace PushProxy.Load;

/// <summary>Which processors this process may use.</summary>
internal static class Processors
{
    /// <summary>The first for the server that is measured, all others for origin and load generator.</summary>
    /// <exception cref="InvalidOperationException">There is one only.</exception>
    public static (string Server, string Others) Split()
    {
        // "0-1,4": proc(5), status.
        var list = File.ReadLines("/proc/self/status").First(static l => l.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .Split(':')[1].Trim();
        var all = list.Split(',').Select(static r => r.Split('-')).SelectMany(static r =>
        {
            var first = int.Parse(r[0], CultureInfo.InvariantCulture);
            return Enumerable.Range(first, int.Parse(r[^1], CultureInfo.InvariantCulture) - first + 1);
        }).ToList();
        return all.Count > 1
            ? (all[0].ToString(CultureInfo.InvariantCulture), string.Join(',', all.Skip(1)))
            : throw new InvalidOperationException(
                "Two processors are needed: one for the server that is measured, one for origin and load generator.");
    }
}
