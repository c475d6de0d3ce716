using System.ComponentModel.DataAnnotations;

namespace PushProxy.Analysis;

/// <summary>Bounds on the work one page may cause.</summary>
public sealed record AnalysisOptions
{
    /// <summary>The defaults.</summary>
    public static AnalysisOptions Default { get; } = new();

    /// <summary>How many critical resources, and how many skipped ones, a page may have. 64; 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int MaxResources { get; init; } = 64;

    /// <summary>The longest URL taken from a page, in characters. 2,048; 64 to 16,384.</summary>
    [Range(64, 16_384)]
    public int MaxUrlLength { get; init; } = 2048;

    /// <summary>How much of a page is looked at, in decoded bytes; what follows is ignored. 1 MiB; 1 kB to 64 MiB.</summary>
    [Range(1024, 64 << 20)]
    public int MaxBytes { get; init; } = 1 << 20;

    /// <summary>How many elements of a page are looked at; what follows is ignored. 50,000; 100 to 1,000,000.</summary>
    [Range(100, 1_000_000)]
    public int MaxElements { get; init; } = 50_000;

    /// <summary>
    /// How many levels deep elements may be nested; where a page goes deeper, the rest of it is ignored, for the work grows
    /// with the square of the depth. 256; 16 to 512, which is where Chromium stops nesting.
    /// </summary>
    [Range(16, 512)]
    public int MaxDepth { get; init; } = 256;

    /// <summary>How many other origins are named to connect to. 8; 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxPreconnects { get; init; } = 8;

    /// <summary>How many policies in meta elements are returned, of up to 8,192 characters each. 8; 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxPolicies { get; init; } = 8;

    /// <summary>How much of one stylesheet is looked at, in bytes; what follows is ignored. 2 MiB; 1 kB to 64 MiB.</summary>
    [Range(1024, 64 << 20)]
    public int MaxStylesheetBytes { get; init; } = 2 << 20;

    /// <summary>
    /// How many selectors, fonts and imports of one stylesheet are kept; what follows is ignored. 50,000; 100 to 1,000,000.
    /// </summary>
    [Range(100, 1_000_000)]
    public int MaxSelectors { get; init; } = 50_000;

    /// <summary>How many stylesheets of a page are read, imports and all; more are delivered but not followed. 32; 0 to 1,000.</summary>
    [Range(0, 1000)]
    public int MaxStylesheets { get; init; } = 32;

    /// <summary>How many imports may lead to a stylesheet or a module. 5; 0 to 32.</summary>
    [Range(0, 32)]
    public int MaxImportDepth { get; init; } = 5;

    /// <summary>How many modules of a page are looked into or delivered early. 24; 0 to 1,000.</summary>
    [Range(0, 1000)]
    public int MaxModules { get; init; } = 24;

    /// <summary>
    /// How long the analysis of one page may take, without what it waits for others. 2 seconds; 10 ms to 1 minute. Work is also counted
    /// in steps, 15 million for each second, so that the same page ends at the same place. For the head alone
    /// (<see cref="PageScope.Head"/>) it is a tenth of the steps. What was found until then is the result
    /// (<see cref="PageAnalysis.RanOutOn"/>).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How much memory the analysis of one page may take, roughly, in bytes: its tree, its stylesheets, and what is worked out of them.
    /// 64 MiB; 4 MiB to 4 GiB. What was found until then is the result (<see cref="PageAnalysis.RanOutOn"/>).
    /// </summary>
    [Range(4L << 20, 4L << 30)]
    public long MaxMemory { get; init; } = 64 << 20;

    /// <summary>How many fonts of a page are delivered early. 8; 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxFonts { get; init; } = 8;

    /// <summary>
    /// How many large background images of the first screen are delivered early, besides the hero. 0; 0 to 16. A browser does not count
    /// those that fill the screen as contentful, and what counts is displayed later for them.
    /// </summary>
    [Range(0, 16)]
    public int MaxBackgrounds { get; init; }

    /// <summary>How many images of a page are asked for their size, four at a time, those that seem largest first. 12; 0 to 64.</summary>
    [Range(0, 64)]
    public int MaxImageSizes { get; init; } = 12;

    /// <summary>How much memory parsed stylesheets may take that are kept for other pages, roughly, in bytes. 64 MiB; 0 to 4 GiB.</summary>
    [Range(0, 4L << 30)]
    public long MaxCachedStylesheetBytes { get; init; } = 64 << 20;
}
