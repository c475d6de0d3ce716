namespace PushProxy.Http2.Streams;

/// <summary>
/// Tells the answers to our own PING from those to the client's. Kestrel answers in order (RFC 9113 §6.7), so counting is
/// enough, and a flood of the client's costs two additions each.
/// </summary>
internal sealed class PingLedger
{
    private const long None = -1;
    private long _asked;
    private long _answered;
    private long _ours = None;

    public bool OursIsUnderWay => _ours != None;

    public void ClientAsked() => _asked++;

    public void WeAsked() => _ours = _asked++;

    /// <summary>Kestrel answered one; true if it was ours, which the client must never see.</summary>
    public bool Answered()
    {
        if (_answered++ != _ours)
        {
            return false;
        }

        _ours = None;
        return true;
    }
}
