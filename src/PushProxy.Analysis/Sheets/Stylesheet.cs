using System.Collections.Immutable;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Selectors;

namespace PushProxy.Analysis.Sheets;

/// <summary>What matters of one stylesheet. Knows neither the client nor the document, so it serves all that use it.</summary>
internal sealed record Stylesheet
{
    private SheetIndex? _index;

    /// <summary>A stylesheet that says nothing.</summary>
    public static Stylesheet Empty { get; } = new();

    /// <summary>Its imports, in order.</summary>
    public ImmutableArray<ImportRule> Imports { get; init; } = [];

    /// <summary>Its fonts, in order.</summary>
    public ImmutableArray<FontFaceRule> Fonts { get; init; } = [];

    /// <summary>Its style rules, in order.</summary>
    public ImmutableArray<StyleRule> Rules { get; init; } = [];

    /// <summary>Its layers by full name, in the order in which they are first named.</summary>
    public ImmutableArray<string> Layers { get; init; } = [];

    /// <summary>A bound ended the work before its end.</summary>
    public bool IsCut { get; init; }

    /// <summary>The budget of the analysis ended the work before its end, so that another analysis may get further.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>Its selectors by what they are about; made when first asked for.</summary>
    public SheetIndex Index => _index ??= new(this);

    /// <summary>About how much memory it takes, in bytes.</summary>
    public int Size { get; init; } = 200;
}

/// <summary>An <c>@import</c> (CSS Cascade 5 §2).</summary>
/// <param name="Url">As written.</param>
/// <param name="Media">The media query list; empty for always.</param>
/// <param name="Layer">Its layer's full name; null for none.</param>
/// <param name="IsSupported">Whether a browser fulfils its <c>supports()</c>.</param>
internal sealed record ImportRule(string Url, string Media, string? Layer, bool IsSupported);

/// <summary>Under what conditions a rule applies, and where it stands in the cascade.</summary>
/// <param name="Media">Media query lists that all must match.</param>
/// <param name="Layer">Its layer's full name; null for none.</param>
internal sealed record RuleContext(ImmutableArray<string> Media, string? Layer)
{
    /// <summary>Always, and in no layer.</summary>
    public static RuleContext Root { get; } = new([], null);
}

/// <summary>A style rule with a declaration that matters.</summary>
/// <param name="Selectors">Its selectors.</param>
/// <param name="Declarations">Its declarations that matter, in order; at least one.</param>
/// <param name="Context">When it applies.</param>
internal sealed record StyleRule(ImmutableArray<Selector> Selectors, ImmutableArray<Declaration> Declarations, RuleContext Context)
{
    private Dictionary<string, string>? _variables;

    /// <summary>Whether one of them is a custom property.</summary>
    public bool DeclaresVariables { get; } = Declarations.Any(declaration => declaration.Property == CssProperty.Custom);

    /// <summary>The custom properties, by name; made when first asked for.</summary>
    public IReadOnlyDictionary<string, string> Variables => _variables ??= VariablesOf(Declarations);

    /// <summary>The custom properties among declarations, by name: of several with one name the last counts.</summary>
    public static Dictionary<string, string> VariablesOf(ImmutableArray<Declaration> declarations)
    {
        var variables = new Dictionary<string, string>();
        foreach (var declaration in declarations)
        {
            if (declaration.CustomName is { } name)
            {
                variables[name] = declaration.Value;
            }
        }

        return variables;
    }
}

/// <summary>An <c>@font-face</c> (CSS Fonts 4 §4), its descriptors as written; null where it has none.</summary>
internal sealed record FontFaceRule(string Family, string Source, RuleContext Context)
{
    private object? _read;

    /// <summary>The length of its texts, in bytes.</summary>
    public int Size => sizeof(char) * (Family.Length + Source.Length + (Weight?.Length ?? 0) + (Style?.Length ?? 0) + (Range?.Length ?? 0));

    /// <summary>What a reader makes of it, worked out once. All ask with the same reader.</summary>
    public T Read<T>(Func<FontFaceRule, T> reader)
        where T : class => (T)(_read ??= reader(this));

    /// <summary><c>font-weight</c>.</summary>
    public string? Weight { get; init; }

    /// <summary><c>font-style</c>.</summary>
    public string? Style { get; init; }

    /// <summary><c>unicode-range</c>.</summary>
    public string? Range { get; init; }

    /// <summary><c>font-display</c>.</summary>
    public string? Display { get; init; }
}
