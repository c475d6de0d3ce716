namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>What a page needed, or was said to need, of its own origin.</summary>
/// <param name="Blocking">What blocked rendering.</param>
/// <param name="Fonts">The fonts it was displayed in.</param>
/// <param name="Hero">The image that was its largest contentful paint; empty for none.</param>
internal sealed record PageNeeds(IReadOnlySet<string> Blocking, IReadOnlySet<string> Fonts, IReadOnlySet<string> Hero)
{
    /// <summary>Whether both are the same.</summary>
    public bool Agrees(PageNeeds other) => Blocking.SetEquals(other.Blocking) && Fonts.SetEquals(other.Fonts) && Hero.SetEquals(other.Hero);

    /// <summary>What our analysis says.</summary>
    public static PageNeeds Of(PageAnalysis analysis) => new(
        analysis.Resources.Where(resource => resource.Blocking).Select(resource => resource.Url.AbsoluteUri).ToHashSet(),
        analysis.Resources.Where(resource => resource.Kind == ResourceKind.Font).Select(resource => resource.Url.AbsoluteUri).ToHashSet(),
        analysis.Resources.Where(resource => resource.FoundBy == FoundBy.HeroImage).Select(resource => resource.Url.AbsoluteUri).ToHashSet());
}
