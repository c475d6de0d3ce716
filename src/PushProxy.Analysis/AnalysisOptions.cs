namespace PushProxy.Analysis;

/// <summary>Bounds on the work one page may cause.</summary>
public sealed record AnalysisOptions
{
    /// <summary>The defaults.</summary>
    public static AnalysisOptions Default { get; } = new();

    /// <summary>How many critical resources, and how many skipped ones, a page may have. 64; 1 to 1,000.</summary>
    public int MaxResources { get; init; } = 64;

    /// <summary>The longest URL taken from a page, in characters. 2,048; 64 to 16,384.</summary>
    public int MaxUrlLength { get; init; } = 2048;
}
