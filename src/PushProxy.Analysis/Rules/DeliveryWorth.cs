namespace PushProxy.Analysis.Rules;

/// <summary>
/// What the early delivery of a resource gains, and in what order resources are delivered. What blocks rendering comes first; of
/// the rest, what a browser finds late is worth more than what its own scanner finds at once.
/// </summary>
internal static class DeliveryWorth
{
    /// <summary>A resource's <see cref="CriticalResource.Worth"/>.</summary>
    public static int Of(CriticalResource resource) => resource.FoundBy switch
    {
        FoundBy.ImportedStylesheet => resource.Blocking ? 100 : 20,
        FoundBy.WrittenByScript => 90,
        FoundBy.HeadStylesheet => 80,
        FoundBy.HeadScript => 70,
        FoundBy.BlockingRender => 60,
        FoundBy.HeroImage => 45,
        FoundBy.StylesheetFont => 40,
        FoundBy.BackgroundImage => 30,
        FoundBy.AppScript => 30,
        FoundBy.Preload or FoundBy.LinkField => resource.Blocking ? 50 : 25,
        FoundBy.ModuleImport => 20,
        FoundBy.ModulePreload => 15,
        _ => 0,
    };

    /// <summary>Its place in the order of delivery; resources of one place are in document order.</summary>
    public static int RankOf(CriticalResource resource) => resource switch
    {
        { FoundBy: FoundBy.HeadStylesheet } or { FoundBy: FoundBy.WrittenByScript, Kind: ResourceKind.Style } => 0,
        { FoundBy: FoundBy.HeadScript or FoundBy.BlockingRender or FoundBy.WrittenByScript }
            or { FoundBy: FoundBy.Preload or FoundBy.LinkField, Blocking: true } => 1,
        { FoundBy: FoundBy.ImportedStylesheet, Blocking: true } => 2,
        { FoundBy: FoundBy.StylesheetFont } => 3,
        { FoundBy: FoundBy.HeroImage } => 4,
        { FoundBy: FoundBy.BackgroundImage } => 5,
        { FoundBy: FoundBy.AppScript } => 6,
        { FoundBy: FoundBy.Preload or FoundBy.LinkField or FoundBy.ImportedStylesheet } => 7,
        _ => 8,
    };
}
