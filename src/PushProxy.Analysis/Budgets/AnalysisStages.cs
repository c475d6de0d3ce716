namespace PushProxy.Analysis.Budgets;

/// <summary>
/// How far into the budget the stages of an analysis may go, each as a share of the whole. A stage that runs out leaves the rest to those
/// behind it, which then follow what it has found.
/// </summary>
internal static class AnalysisStages
{
    /// <summary>Parsing the page.</summary>
    public const double Html = 0.25;

    /// <summary>Going through its elements.</summary>
    public const double Walk = 0.3;

    /// <summary>Making its tree.</summary>
    public const double Tree = 0.35;

    /// <summary>Parsing its stylesheets.</summary>
    public const double Stylesheets = 0.5;

    /// <summary>Finding out which of their rules apply at all.</summary>
    public const double Rules = 0.55;

    /// <summary>Scripts and modules, at the end.</summary>
    public const double Scripts = 1;

    // The screens come between the stylesheets and the scripts. The first one bears the matching for all.
    private const double FirstStyles = 0.75;
    private const double Screens = 0.95;

    /// <summary>The styles of a screen.</summary>
    public static double Styles(int screen, int screens) => Place(screen, screens, 0);

    /// <summary>The fonts of a screen.</summary>
    public static double Fonts(int screen, int screens) => Place(screen, screens, 1);

    /// <summary>The boxes and images of a screen.</summary>
    public static double Images(int screen, int screens) => Place(screen, screens, 2);

    private static double Place(int screen, int screens, int part) =>
        FirstStyles + ((Screens - FirstStyles) * ((3 * screen) + part) / ((3 * screens) - 1));
}
