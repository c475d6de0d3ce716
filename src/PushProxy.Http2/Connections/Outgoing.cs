namespace PushProxy.Http2.Connections;

/// <summary>A frame of this layer that waits for a frame boundary on the way to the client. They are written in order.</summary>
internal abstract record Outgoing(int Bytes);

/// <summary>A promise not yet written.</summary>
internal sealed record OutgoingPromise(ServerPush Push) : Outgoing(Push.Block.Length);

/// <summary>A 1xx response, and the task that tells whether it was sent.</summary>
internal sealed record OutgoingInformational(int KestrelId, byte[] Block, TaskCompletionSource<InformationalOutcome> Sent)
    : Outgoing(Block.Length);

/// <summary>The end of a push that the server gives up.</summary>
internal sealed record OutgoingWithdrawal(int PromisedId) : Outgoing(0);
