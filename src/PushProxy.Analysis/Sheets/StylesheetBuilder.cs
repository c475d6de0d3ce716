using System.Collections.Immutable;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Selectors;

namespace PushProxy.Analysis.Sheets;

/// <summary>Collects what a stylesheet says, rule by rule.</summary>
internal sealed class StylesheetBuilder
{
    // What objects take besides their text, roughly, with their places in lists and indexes.
    private const int BytesPerItem = 200;
    private const int BytesPerCompound = 160;
    private const int BytesPerDeclaration = 80;

    // The name of one that is longer, which no author writes. It counts as if it were named first.
    private const int MaxLayerName = 256;
    private const string LongLayer = "()";

    // What is in further ones counts as if it were named first.
    private const int MaxLayers = 1000;

    private readonly List<ImportRule> _imports = [];
    private readonly List<FontFaceRule> _fonts = [];
    private readonly List<StyleRule?> _rules = [];
    private readonly List<string> _layers = [];
    private readonly HashSet<string> _named = [];
    private bool _importsEnded;
    private int _anonymous;

    /// <summary>How much has been collected: selectors, fonts, imports and layers.</summary>
    public int Count { get; private set; }

    /// <summary>A bound ended the work.</summary>
    public bool IsCut { get; set; }

    /// <summary>The budget of the analysis ended the work, so that another analysis may get further.</summary>
    public bool IsUnfinished { get; set; }

    /// <summary>How much memory it takes, roughly, in bytes.</summary>
    public int Size { get; private set; } = BytesPerItem;

    /// <summary>What has been collected.</summary>
    public Stylesheet Build() => new()
    {
        Imports = [.. _imports],
        Fonts = [.. _fonts],
        Rules = [.. _rules.OfType<StyleRule>()],
        Layers = [.. _layers],
        IsCut = IsCut,
        IsUnfinished = IsUnfinished,
        Size = Size,
    };

    /// <summary>How much memory the selectors of a rule will take, roughly, in bytes, judged by their text.</summary>
    public static int SizeOf(ReadOnlySpan<char> prelude)
    {
        var (selectors, compounds, last, isSpaced) = (1, 1, ',', false);
        foreach (var c in prelude)
        {
            if (c is ' ' or '\t' or '\n' or '\f' or '\r')
            {
                isSpaced = true;
                continue;
            }

            selectors += c == ',' ? 1 : 0;
            compounds += c is ',' or '>' or '+' or '~' || (isSpaced && last is not (',' or '>' or '+' or '~' or '(') && c != ')') ? 1 : 0;
            (last, isSpaced) = (c, false);
        }

        return (BytesPerItem * selectors) + (BytesPerCompound * compounds);
    }

    /// <summary>A place in the order of rules: a rule comes before those nested in it, but is complete after them.</summary>
    public int Reserve()
    {
        EndImports();
        _rules.Add(null);
        Size += IntPtr.Size;
        return _rules.Count - 1;
    }

    /// <summary>Charges a declaration, which becomes part of a rule later.</summary>
    public void Charge(Declaration declaration) =>
        Size += BytesPerDeclaration + (sizeof(char) * (declaration.Value.Length + (declaration.CustomName?.Length ?? 0)));

    /// <summary>A style rule at its place. One without a declaration that matters is not kept.</summary>
    public void Add(int place, ImmutableArray<Selector> selectors, ImmutableArray<Declaration> declarations, RuleContext context)
    {
        Count += Math.Max(1, selectors.Length);
        if (declarations.Length > 0 && selectors.Length > 0)
        {
            foreach (var selector in selectors)
            {
                Size += BytesPerItem + (BytesPerCompound * selector.Compounds.Length);
            }

            _rules[place] = new(selectors, declarations, context);
        }
    }

    /// <summary>A font.</summary>
    public void Font(FontFaceRule? font)
    {
        Count++;
        if (font is not null)
        {
            Size += (2 * BytesPerItem) + font.Size;
            _fonts.Add(font);
        }
    }

    /// <summary>Imports come before all other rules but <c>@layer</c> statements.</summary>
    public void EndImports(ReadOnlySpan<char> exceptFor = default) =>
        _importsEnded |= !exceptFor.Equals("charset", StringComparison.OrdinalIgnoreCase);

    /// <summary>An at-rule without a block.</summary>
    public void Statement(ReadOnlySpan<char> name, ReadOnlySpan<char> prelude)
    {
        if (name.Equals("import", StringComparison.OrdinalIgnoreCase))
        {
            if (!_importsEnded && ImportReader.Read(prelude.ToString(), () => NewLayer(null)) is { } import)
            {
                Count++;
                Size += BytesPerItem + (sizeof(char) * (import.Url.Length + import.Media.Length));
                _imports.Add(import);
                Register(import.Layer);
            }
        }
        else if (name.Equals("layer", StringComparison.OrdinalIgnoreCase))
        {
            CssText.SplitAtCommas(prelude.ToString()).ForEach(layer => Register(layer.Length > 0 ? layer : null));
        }
        else
        {
            EndImports(exceptFor: name);
        }
    }

    /// <summary>The context within an at-rule's block; null where nothing in it ever applies.</summary>
    public RuleContext? Enter(ReadOnlySpan<char> name, ReadOnlySpan<char> prelude, RuleContext context)
    {
        switch (name.ToString().ToLowerInvariant())
        {
            case "media":
                Size += BytesPerItem + (sizeof(char) * prelude.Length) + (IntPtr.Size * context.Media.Length);
                return context with { Media = context.Media.Add(prelude.Trim().ToString()) };
            case "supports":
                return SupportsCondition.IsFulfilled(prelude.ToString()) ? context : null;
            case "layer":
                var layer = prelude.Trim() is { Length: > 0 } named ? Within(context.Layer, named.ToString()) : NewLayer(context.Layer);
                Register(layer);
                Size += BytesPerItem + (sizeof(char) * layer.Length);
                return context with { Layer = layer };
            default:
                // @keyframes, @page, @container, @scope, @starting-style, @-moz-document: not the way the page looks at first, or
                // not to be told from here.
                return null;
        }
    }

    private static string Within(string? parent, string name) =>
        name.Length + (parent?.Length ?? 0) > MaxLayerName ? LongLayer : parent is null ? name : $"{parent}.{name}";

    // A name that no author can write.
    private string NewLayer(string? parent) => Within(parent, $"({_anonymous++})");

    private void Register(string? layer)
    {
        if (layer is null or LongLayer or { Length: > MaxLayerName } || _layers.Count >= MaxLayers)
        {
            return;
        }

        Count++;
        if (_named.Add(layer))
        {
            _layers.Add(layer);
        }
    }
}
