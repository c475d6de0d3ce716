namespace PushProxy.Http2.Frames;

/// <summary>Error codes of RFC 9113 §7 that mean something to a push.</summary>
internal enum Http2Error
{
    NoError = 0x0,
    ProtocolError = 0x1,
    FlowControlError = 0x3,
    StreamClosed = 0x5,
    FrameSizeError = 0x6,
    RefusedStream = 0x7,
    Cancel = 0x8,
    CompressionError = 0x9,
    EnhanceYourCalm = 0xb,
}
