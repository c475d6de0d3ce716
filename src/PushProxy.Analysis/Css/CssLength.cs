using System.Globalization;

namespace PushProxy.Analysis.Css;

/// <summary>What lengths are relative to, in CSS pixels.</summary>
/// <param name="FontSize">The font size of the element, for <c>em</c>.</param>
/// <param name="RootSize">The font size of the root element, for <c>rem</c>.</param>
/// <param name="ViewportWidth">The viewport's width, for <c>vw</c>.</param>
/// <param name="ViewportHeight">The viewport's height, for <c>vh</c>.</param>
internal readonly record struct LengthContext(double FontSize, double RootSize, double ViewportWidth, double ViewportHeight);

/// <summary>A length or percentage, or a computation of them (CSS Values 4 §5, §6 and §10).</summary>
internal abstract record CssLength
{
    private const int MaxNesting = 16;

    // How many values a computation may be made of; nobody writes more.
    private const int MaxParts = 64;

    /// <summary>The length in CSS pixels.</summary>
    /// <param name="context">What it is relative to.</param>
    /// <param name="percentBase">What is 100 %.</param>
    public abstract double Resolve(in LengthContext context, double percentBase);

    /// <summary>Whether it contains a percentage, which has no meaning without a base.</summary>
    public abstract bool HasPercentage { get; }

    /// <summary>How many values it is computed from.</summary>
    public virtual int Parts => 1;

    /// <summary>Reads a length; null when it is another value, such as <c>auto</c>, or computed from too many.</summary>
    public static CssLength? Parse(string text) => Parse(text, 0) is { } length && length.Parts <= MaxParts ? length : null;

    private static CssLength? Parse(string text, int depth)
    {
        text = text.Trim();
        if (depth > MaxNesting || text.Length == 0)
        {
            return null;
        }

        if (text[^1] != ')')
        {
            return Plain(text);
        }

        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
        {
            return null;
        }

        var inner = text[(open + 1)..^1];
        var name = text[..open].ToLowerInvariant();
        if (name is "" or "calc" or "-webkit-calc" or "-moz-calc")
        {
            return Sum(inner, depth + 1);
        }

        if (name is not ("min" or "max" or "clamp"))
        {
            return null;
        }

        var arguments = CssText.SplitAtCommas(inner).Take(MaxParts + 1).Select(argument => Sum(argument, depth + 1)).ToArray();
        return arguments.Any(argument => argument is null) ? null : name switch
        {
            "min" => new Chosen(arguments!, values => values.Min()),
            "max" => new Chosen(arguments!, values => values.Max()),
            "clamp" when arguments.Length == 3 => new Chosen(arguments!, values => Math.Max(values[0], Math.Min(values[1], values[2]))),
            _ => null,
        };
    }

    // "+" and "-" have white space around them, "*" and "/" need none.
    private static CssLength? Sum(string text, int depth)
    {
        var words = CssText.Words(text.Replace("*", " * ", StringComparison.Ordinal));
        CssLength? sum = null;
        for (var (at, sign) = (0, 1.0); at < words.Count; at++)
        {
            if (words[at] is "+" or "-")
            {
                sign = words[at] == "-" ? -1 : 1;
                continue;
            }

            var term = Parse(words[at], depth);
            for (; at + 2 < words.Count && words[at + 1] is "*" or "/"; at += 2)
            {
                var factor = Parse(words[at + 2], depth);
                term = term is null || factor is null || term.Parts + factor.Parts > MaxParts ? null
                    : words[at + 1] == "*" ? new Product(term, factor)
                    : new Product(term, new Inverse(factor));
            }

            if (term is null || term.Parts + (sum?.Parts ?? 0) > MaxParts)
            {
                return null;
            }

            term = sign < 0 ? new Product(term, new Simple(-1, "")) : term;
            sum = sum is null ? term : new Chosen([sum, term], values => values[0] + values[1]);
        }

        return sum;
    }

    private static Simple? Plain(string text)
    {
        var end = text.Length;
        while (end > 0 && (char.IsAsciiLetter(text[end - 1]) || text[end - 1] == '%'))
        {
            end--;
        }

        return double.TryParse(
            text.AsSpan(0, end), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number)
            && double.IsFinite(number)
            && Simple.IsUnit(text[end..].ToLowerInvariant())
            ? new Simple(number, text[end..].ToLowerInvariant())
            : null;
    }

    /// <summary>A number and its unit. Without a unit, pixels: what a browser says of a number other than 0 is not asked here.</summary>
    private sealed record Simple(double Number, string Unit) : CssLength
    {
        public override bool HasPercentage => Unit == "%";

        public static bool IsUnit(string unit) =>
            unit is "" or "px" or "%" or "em" or "rem" or "ex" or "ch" or "vw" or "vh" or "vmin" or "vmax"
            or "svh" or "lvh" or "dvh" or "svw" or "lvw" or "dvw" or "vi" or "vb" or "cm" or "mm" or "q" or "in" or "pt" or "pc" or "lh"
            or "rlh" or "ic";

        public override double Resolve(in LengthContext context, double percentBase) => Number * Unit switch
        {
            "%" => percentBase / 100,
            "em" or "ic" => context.FontSize,
            "rem" => context.RootSize,
            "ex" or "ch" => context.FontSize / 2,
            "lh" => context.FontSize * 1.2,
            "rlh" => context.RootSize * 1.2,
            "vw" or "svw" or "lvw" or "dvw" or "vi" => context.ViewportWidth / 100,
            "vh" or "svh" or "lvh" or "dvh" or "vb" => context.ViewportHeight / 100,
            "vmin" => Math.Min(context.ViewportWidth, context.ViewportHeight) / 100,
            "vmax" => Math.Max(context.ViewportWidth, context.ViewportHeight) / 100,
            "cm" => 96 / 2.54,
            "mm" => 96 / 25.4,
            "q" => 96 / 101.6,
            "in" => 96,
            "pt" => 96 / 72.0,
            "pc" => 16,
            _ => 1,
        };
    }

    private sealed record Product(CssLength One, CssLength Other) : CssLength
    {
        public override bool HasPercentage { get; } = One.HasPercentage || Other.HasPercentage;

        public override int Parts { get; } = One.Parts + Other.Parts;

        public override double Resolve(in LengthContext context, double percentBase) =>
            One.Resolve(context, percentBase) * Other.Resolve(context, percentBase);
    }

    private sealed record Inverse(CssLength Of) : CssLength
    {
        public override bool HasPercentage { get; } = Of.HasPercentage;

        public override int Parts { get; } = Of.Parts;

        public override double Resolve(in LengthContext context, double percentBase) =>
            Of.Resolve(context, percentBase) is not 0 and var value ? 1 / value : 0;
    }

    private sealed record Chosen(CssLength[] Values, Func<double[], double> Choose) : CssLength
    {
        public override bool HasPercentage { get; } = Values.Any(value => value.HasPercentage);

        public override int Parts { get; } = Values.Sum(value => value.Parts);

        public override double Resolve(in LengthContext context, double percentBase)
        {
            var values = new double[Values.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Values[i].Resolve(context, percentBase);
            }

            return Choose(values);
        }
    }
}
