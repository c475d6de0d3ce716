namespace PushProxy.Inspection;

/// <summary>All known pages at a glance.</summary>
/// <param name="Count">How many paths are known, those that are not disclosed included.</param>
/// <param name="Saving">The pages with the most saved bytes, the largest first.</param>
/// <param name="Wasting">The pages with the most wasted bytes. Those that wasted nothing are left out.</param>
/// <param name="Slowest">The pages whose origin thinks longest.</param>
/// <param name="ThinkTimes">How many pages have a think time below each of <see cref="ThinkTimeLimits"/>, and at the end above.</param>
internal sealed record PageSurvey(
    long Count, IReadOnlyList<SurveyedPage> Saving, IReadOnlyList<SurveyedPage> Wasting, IReadOnlyList<KnownPage> Slowest,
    IReadOnlyList<int> ThinkTimes)
{
    /// <summary>In milliseconds.</summary>
    public static readonly IReadOnlyList<int> ThinkTimeLimits = [10, 50, 100, 200, 500, 1000];

    /// <summary>Nothing is known.</summary>
    public static readonly PageSurvey Empty = new(0, [], [], [], new int[ThinkTimeLimits.Count + 1]);
}

/// <summary>A page, and what a visitor without cookies gets of it.</summary>
/// <param name="Page">What is known about the page.</param>
/// <param name="Resources">What it names, as far as everybody may be told, in the order of delivery.</param>
internal sealed record SurveyedPage(KnownPage Page, IReadOnlyList<SurveyedResource> Resources);

/// <summary>A resource of a page, and what becomes of it.</summary>
/// <param name="Url">The absolute URL, or the text in the page if it is none.</param>
/// <param name="Kind">What it is, for instance <c>style</c>; null if the analysis left it out.</param>
/// <param name="FoundBy">Where the page names it, as the debug header writes it; null if the analysis left it out.</param>
/// <param name="Way">How it is delivered.</param>
/// <param name="Why">Why not, or why not sooner, as the debug header writes it; null if nothing is in the way.</param>
internal sealed record SurveyedResource(string Url, string? Kind, string? FoundBy, SurveyedWay Way, string? Why);

/// <summary>How a resource is delivered to a client that has nothing yet.</summary>
internal enum SurveyedWay
{
    /// <summary>A 103 or a push, and the page's Link.</summary>
    Early,

    /// <summary>The page's Link alone.</summary>
    Link,

    /// <summary>A push alone.</summary>
    Push,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>What is known about what somebody asks for.</summary>
/// <param name="PageCount">How many known pages it may mean.</param>
/// <param name="Pages">The first of them.</param>
/// <param name="Resources">The resources that it may mean, the first few.</param>
internal sealed record PageSearch(int PageCount, IReadOnlyList<SurveyedPage> Pages, IReadOnlyList<FoundResource> Resources);

/// <summary>A resource, and the known pages that name it.</summary>
/// <param name="Url">Its absolute URL.</param>
/// <param name="Known">What is known about it; null if the analysis left it out everywhere.</param>
/// <param name="PageCount">How many pages name it.</param>
/// <param name="Pages">The first of them, and what becomes of it there.</param>
internal sealed record FoundResource(
    string Url, KnownResource? Known, int PageCount, IReadOnlyList<(KnownPage Page, SurveyedResource Resource)> Pages);
