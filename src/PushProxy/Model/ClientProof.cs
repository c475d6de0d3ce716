namespace PushProxy.Model;

/// <summary>
/// Says what shows that the site knows a client. Anybody can invent a cookie or an Authorization field, and the site may answer it with
/// 200.
/// </summary>
internal enum ClientProof
{
    /// <summary>Nothing shows it. The client's pages are not counted for others.</summary>
    None,

    /// <summary>The client sends Authorization. It counts if its page differs from what everyone gets.</summary>
    IfAnswerDiffers,

    /// <summary>The origin was seen to set one of the client's cookies, or cookies are trusted.</summary>
    Shown,
}
