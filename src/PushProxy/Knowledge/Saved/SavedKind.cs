namespace PushProxy.Knowledge.Saved;

/// <summary>What a record holds. The numbers stand in files.</summary>
internal enum SavedKind : byte
{
    /// <summary><see cref="SavedAbout"/>, the first record.</summary>
    About = 1,

    /// <summary><see cref="SavedResource"/>.</summary>
    Resource = 2,

    /// <summary><see cref="SavedPath"/>.</summary>
    Path = 3,

    /// <summary><see cref="SavedShell"/>.</summary>
    Shell = 4,

    /// <summary>The end: what comes before it is whole.</summary>
    End = 5,
}
