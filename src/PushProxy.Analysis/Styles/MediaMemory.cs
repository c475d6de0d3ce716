using System.Collections.Immutable;
using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Styles;

/// <summary>Which media queries match one client, each worked out once: stylesheets repeat the same few.</summary>
internal sealed class MediaMemory(ClientProfile client)
{
    private readonly Dictionary<string, bool> _known = [];

    /// <summary>Whether all of the lists match.</summary>
    public bool AllMatch(ImmutableArray<string> lists)
    {
        foreach (var list in lists)
        {
            if (!Matches(list))
            {
                return false;
            }
        }

        return true;
    }

    private bool Matches(string list)
    {
        if (!_known.TryGetValue(list, out var matches))
        {
            matches = !MediaQueryList.Parse(list, client).NeverMatches;
            _known.Add(list, matches);
        }

        return matches;
    }
}
