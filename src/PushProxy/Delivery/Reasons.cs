using System.Collections.Frozen;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Learning;

namespace PushProxy.Delivery;

/// <summary>The reasons as they are written: <c>MediaNeverMatches</c> is <c>media-never-matches</c> wherever a person reads it.</summary>
internal static class Reasons
{
    private static readonly FrozenDictionary<SkipReason, string> Names =
        Enum.GetValues<SkipReason>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    private static readonly FrozenDictionary<AnalysisSkip, SkipReason> FromAnalysis =
        Enum.GetValues<AnalysisSkip>().ToFrozenDictionary(r => r, r => Enum.Parse<SkipReason>(r.ToString()));

    private static readonly FrozenDictionary<LearnOutcome, string> Outcomes =
        Enum.GetValues<LearnOutcome>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    private static readonly FrozenDictionary<ErrorStage, string> Stages =
        Enum.GetValues<ErrorStage>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    private static readonly FrozenDictionary<FoundBy, string> Places =
        Enum.GetValues<FoundBy>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    public static string Name(this SkipReason reason) => Names[reason];

    public static string Name(this LearnOutcome outcome) => Outcomes[outcome];

    public static string Name(this ErrorStage stage) => Stages[stage];

    public static string Name(this FoundBy place) => Places[place];

    public static string Name(this PageSource source) => source switch
    {
        PageSource.Learned => "learned",
        PageSource.SharedPath => "shared-path",
        PageSource.Head => "head",
        _ => "none",
    };

    public static SkipReason ToSkipReason(this AnalysisSkip reason) => FromAnalysis[reason];

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
