namespace PushProxy.Http2.Streams;

/// <summary>What moves a stream on (RFC 9113 §5.1, figure 2).</summary>
internal enum StreamEvent : byte
{
    ClientEnd,
    ServerHeaders,
    ServerEnd,
    Reset,
}
