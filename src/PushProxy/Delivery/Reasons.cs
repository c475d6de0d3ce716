using System.Collections.Frozen;
using PushProxy.Analysis;
using PushProxy.ClientCache;
using PushProxy.Diagnostics;
using PushProxy.Http2;
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

    private static readonly FrozenDictionary<Channel, string> Channels =
        Enum.GetValues<Channel>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    private static readonly FrozenDictionary<PushFate, string> Fates =
        Enum.GetValues<PushFate>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    private static readonly FrozenDictionary<InformationalOutcome, string> Informational =
        Enum.GetValues<InformationalOutcome>().ToFrozenDictionary(r => r, r => Kebab(r.ToString()));

    public static string Name(this InformationalOutcome outcome) => Informational[outcome];

    public static string Name(this Channel channel) => Channels[channel];

    public static string Name(this PushFate fate) => Fates[fate];

    public static string Name(this SkipReason reason) => Names[reason];

    public static string Name(this LearnOutcome outcome) => Outcomes[outcome];

    public static string Name(this ErrorStage stage) => Stages[stage];

    public static string Name(this FoundBy place) => Places[place];

    public static string Name(this PageSource source) => source switch
    {
        PageSource.Learned => "learned",
        PageSource.SharedPath => "shared-path",
        PageSource.SharedByClients => "shared-by-clients",
        PageSource.Template => "template",
        PageSource.Head => "head",
        _ => "none",
    };

    public static SkipReason ToSkipReason(this AnalysisSkip reason) => FromAnalysis[reason];

    /// <summary>That the client has it, as a reason; <see cref="SkipReason.None"/> when nothing is known.</summary>
    public static SkipReason ToSkipReason(this CacheEvidence evidence) => evidence switch
    {
        CacheEvidence.None => SkipReason.None,
        CacheEvidence.ServedOnConnection => SkipReason.ServedOnConnection,
        CacheEvidence.PushedOnConnection => SkipReason.PushedOnConnection,
        CacheEvidence.Validated => SkipReason.Validated,
        CacheEvidence.ConditionalRequest => SkipReason.ConditionalRequest,
        CacheEvidence.RefusedByClient => SkipReason.RefusedByClient,
        CacheEvidence.Cookie => SkipReason.InCookie,
        _ => throw new ArgumentOutOfRangeException(nameof(evidence)),
    };

    /// <summary>Why a push was not taken; <see cref="SkipReason.None"/> when it was.</summary>
    public static SkipReason ToSkipReason(this PushOutcome outcome) => outcome switch
    {
        PushOutcome.Pushed => SkipReason.None,
        PushOutcome.NotHttp2 => SkipReason.NotHttp2,
        PushOutcome.DisabledByClient => SkipReason.PushOff,
        PushOutcome.LimitReached => SkipReason.PushLimit,
        PushOutcome.ConnectionClosing or PushOutcome.IdentifiersUsedUp => SkipReason.ConnectionClosing,
        PushOutcome.ParentEnded => SkipReason.RequestEnded,
        PushOutcome.RequestIsPushed or PushOutcome.InvalidTarget or PushOutcome.InvalidHeader => SkipReason.InvalidPromise,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    private static string Kebab(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
