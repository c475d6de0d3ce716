using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Rules;

/// <summary>Scripts that block nothing and are needed all the same.</summary>
internal static class ScriptResources
{
    private const int StepsPerScript = 100;

    /// <summary>Adds them.</summary>
    /// <param name="walk">What the page names.</param>
    /// <param name="isAppShell">Whether it displays nothing until its scripts have run.</param>
    /// <param name="source">Fetches modules.</param>
    /// <param name="page">The page.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="budget">What it may cost.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static async Task AddAsync(
        PageWalk walk, bool isAppShell, ISubresourceSource source, HttpUrl page, AnalysisOptions options, AnalysisBudget budget,
        CancellationToken cancellation)
    {
        if (isAppShell)
        {
            foreach (var late in walk.Late.TakeWhile(_ => budget.Spend(AnalysisCost.Scripts, StepsPerScript)))
            {
                walk.Builder.Promote(late.Resource, late.Element);
            }
        }

        // A module that is not worth an early delivery makes none of what it imports worth one.
        var needed = walk.Modules.Where(module => walk.Builder.Has(module, ResourceKind.Script)).ToArray();
        await new ModuleLoader(source, walk.ImportMap, walk.Builder, page, options, budget)
            .AddAsync(needed, isAppShell ? walk.InlineModules : [], cancellation);
    }
}
