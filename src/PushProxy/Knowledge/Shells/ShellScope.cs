namespace PushProxy.Knowledge.Shells;

/// <summary>Which pages a shell is for. <c>/pages</c> shows these values as words (<see cref="EnumWords"/>).</summary>
internal enum ShellScope
{
    /// <summary>One page, without query string.</summary>
    Page,

    /// <summary>One query string of a path.</summary>
    Query,

    /// <summary>All query strings of a path, for those that were never seen.</summary>
    Path,

    /// <summary>All pages of a folder, for those that were never seen.</summary>
    Folder,

    /// <summary>All pages of a route, for those that were never seen.</summary>
    Route,
}
