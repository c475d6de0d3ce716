namespace PushProxy.Analysis.Shells;

/// <summary>What ends a shell: why it is not longer.</summary>
public enum ShellEnd
{
    /// <summary>Nothing but the end of what was given. The pages differ there, or the limit is reached.</summary>
    Given,

    /// <summary>An element has a <c>nonce</c>, or a policy names one. It is made for one response.</summary>
    Nonce,

    /// <summary>
    /// Something is called a token, or looks like one: a long value in which letters and digits are mixed. It may be one visitor's, and
    /// the same for all who were seen.
    /// </summary>
    Token,

    /// <summary>The page sends its visitors on (<c>meta http-equiv=refresh</c>).</summary>
    Refresh,

    /// <summary>What follows is no ordinary content: frames or plain text, or what is so to a browser without scripts.</summary>
    NoContent,

    /// <summary>
    /// The encoding is stated neither by the header nor in the shell, or cannot be cut between tags: UTF-16 and ISO-2022-JP.
    /// </summary>
    Encoding,

    /// <summary>The elements are nested too deeply.</summary>
    TooDeep,
}
