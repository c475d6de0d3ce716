namespace PushProxy.Analysis.Css;

/// <summary>A declaration whose property matters here.</summary>
/// <param name="Property">The property.</param>
/// <param name="CustomName">The name of a custom property, else null.</param>
/// <param name="Value">The value as written, without comments at its ends and without <c>!important</c>.</param>
/// <param name="IsImportant">It says <c>!important</c>.</param>
internal sealed record Declaration(CssProperty Property, string? CustomName, string Value, bool IsImportant)
{
    private object? _parsed;

    /// <summary>Whether the value depends on custom properties, and so on the element.</summary>
    public bool HasVariables { get; } = Value.Contains("var(", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a parser makes of the value, worked out once: what depends on the element must not be parsed by this.</summary>
    public T? Parsed<T>(Func<string, T?> parse)
        where T : class
    {
        _parsed ??= parse(Value) ?? (object)DBNull.Value;
        return _parsed as T;
    }
}
