namespace PushProxy.Model;

/// <summary>In what an answer differs from the shell that was sent, or would have been sent, before it.</summary>
internal enum ShellFault
{
    /// <summary>The shell is right.</summary>
    None,

    /// <summary>The answer is no page with status 200.</summary>
    Status,

    /// <summary>A header field differs.</summary>
    Field,

    /// <summary>The body has a content coding although none was asked for.</summary>
    Encoded,

    /// <summary>The bytes differ.</summary>
    Bytes,

    /// <summary>The body is shorter than the shell.</summary>
    Short,

    /// <summary>The origin did not answer.</summary>
    NoAnswer,
}
