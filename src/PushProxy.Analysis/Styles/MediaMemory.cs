using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Media;
using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Styles;

/// <summary>Which media queries match one client, each worked out once: stylesheets repeat the same few.</summary>
/// <param name="client">The screen.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class MediaMemory(ClientProfile client, AnalysisBudget budget)
{
    // What a query costs besides its text: in steps, and in bytes.
    private const int StepsPerQuery = 100;
    private const int BytesPerQuery = 100;

    private readonly Dictionary<RuleContext, bool> _contexts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, bool> _known = [];

    /// <summary>The screen.</summary>
    public ClientProfile Client => client;

    /// <summary>Whether all lists of a context match. Rules within the same brackets share theirs.</summary>
    public bool Matches(RuleContext context)
    {
        if (context.Media.IsEmpty)
        {
            return true;
        }

        if (!_contexts.TryGetValue(context, out var matches))
        {
            matches = AllMatch(context.Media);
            _contexts.Add(context, matches);
        }

        return matches;
    }

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
        // One longer than any real one matches never, and need not be remembered.
        if (list.Length > MediaText.MaxLength)
        {
            return false;
        }

        if (!_known.TryGetValue(list, out var matches))
        {
            if (!budget.Spend(AnalysisCost.Media, StepsPerQuery + (2 * list.Length))
                || !budget.Keep(AnalysisCost.Media, BytesPerQuery))
            {
                return false;
            }

            matches = !MediaQueryList.Parse(list, client).NeverMatches;
            _known.Add(list, matches);
        }

        return matches;
    }
}
