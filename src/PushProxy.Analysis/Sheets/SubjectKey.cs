namespace PushProxy.Analysis.Sheets;

/// <summary>By what the subjects of selectors are found.</summary>
internal enum SubjectKind
{
    /// <summary>Nothing: any element may be one.</summary>
    None,

    /// <summary>An id.</summary>
    Id,

    /// <summary>A class.</summary>
    Class,

    /// <summary>A type.</summary>
    Type,

    /// <summary>An attribute, by name.</summary>
    Attribute,

    /// <summary>An attribute, by value.</summary>
    Value,
}

/// <summary>What the subjects of some selectors must have.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct SubjectKey(SubjectKind Kind, string Name)
{
    /// <summary>Nothing.</summary>
    public static SubjectKey None { get; } = new(SubjectKind.None, "");
}
