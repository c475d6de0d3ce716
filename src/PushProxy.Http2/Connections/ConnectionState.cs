using PushProxy.Http2.HeaderBlocks;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>
/// What both directions of a connection share. Every member but the volatile ones is used under <see cref="Gate"/> only. The
/// gate is held for a few dozen instructions at a time, and never while code of Kestrel or the application runs.
/// </summary>
internal sealed class ConnectionState(ServerPushOptions options, PromiseBlock.Limits promiseLimits, PushLoad load)
{
    /// <summary>No identifier above this one is used for a push, so the client can use all of its own (RFC 9113 §5.1.1).</summary>
    internal const int LastSpendableId = 0x7f00_0000;

    private volatile ConnectionPhase _phase;
    private volatile bool _translates;
    private volatile bool _hasOutgoing;

    public Lock Gate { get; } = new();

    public ServerPushOptions Options => options;

    public PromiseBlock.Limits PromiseLimits => promiseLimits;

    /// <summary>The pushes of all connections.</summary>
    public PushLoad Load => load;

    public StreamTable Streams { get; } = new();

    public ClientSettings Client { get; } = new();

    public ServerLimits Server { get; } = new();

    public PingLedger Pings { get; } = new();

    /// <summary>What waits to be written to the client, oldest first.</summary>
    public Queue<Outgoing> ToClient { get; } = new(0);

    /// <summary>Promised requests that Kestrel has not been handed yet, oldest first.</summary>
    public Queue<ServerPush> ToKestrel { get; } = new(0);

    /// <summary>Pushed streams that Kestrel is to abort, in Kestrel's numbers.</summary>
    public Queue<int> Aborts { get; } = new(0);

    public ConnectionPhase Phase { get => _phase; set => _phase = value; }

    /// <summary>False until something is pushed: until then, client and Kestrel use the same stream numbers.</summary>
    public bool Translates { get => _translates; set => _translates = value; }

    /// <summary>Whether <see cref="ToClient"/> holds anything; may be read without the gate.</summary>
    public bool HasOutgoing { get => _hasOutgoing; private set => _hasOutgoing = value; }

    /// <summary>A GOAWAY was seen, in either direction.</summary>
    public bool GoingAway { get; set; }

    /// <summary>
    /// Kestrel refused a stream because it still keeps too many cancelled ones: applications here are slow to notice. No more pushes.
    /// </summary>
    public bool KestrelComplained { get; set; }

    /// <summary>
    /// The client sent a frame after which nothing can be read. Kestrel is about to say so, and nothing of ours may come before that.
    /// </summary>
    public bool ClientBroken { get; set; }

    /// <summary>The client is between HEADERS and its last CONTINUATION: Kestrel may get no other frame there.</summary>
    public bool ClientInHeaderBlock { get; set; }

    public int HighestClientId { get; set; }

    public int HighestKestrelId { get; set; }

    public int LastPromisedId { get; set; }

    /// <summary>
    /// An identifier that Kestrel skipped, and so regards as closed. Frames on streams that are no longer remembered get this one.
    /// </summary>
    public int DeadKestrelId { get; set; }

    /// <summary>The client's requests that count against Kestrel's limit.</summary>
    public int ClientRequests { get; set; }

    /// <summary>Pushes Kestrel is serving; they count against its limit too.</summary>
    public int PushesInKestrel { get; set; }

    /// <summary>Pushes that wait, are promised, or are being served.</summary>
    public int PushesInFlight { get; private set; }

    public int QueuedBytes { get; private set; }

    /// <summary>Octets of DATA that were not sent to the client although Kestrel spent connection window on them.</summary>
    public int WindowToReturn { get; set; }

    public CancellationBudget Cancellations { get; } = new();

    public void Enqueue(Outgoing item)
    {
        ToClient.Enqueue(item);
        QueuedBytes += item.Bytes;
        HasOutgoing = true;
    }

    public bool TryDequeue(out Outgoing? item)
    {
        var any = ToClient.TryDequeue(out item);
        QueuedBytes -= any ? item!.Bytes : 0;
        HasOutgoing = ToClient.Count > 0;
        return any;
    }

    /// <summary>Whether something of ours waits to be handed to Kestrel.</summary>
    public bool HasWorkForKestrel
        => ToKestrel.Count > 0 || Aborts.Count > 0 || WindowToReturn > 0 || (ToClient.Count > 0 && !Pings.OursIsUnderWay);

    /// <summary>
    /// Nothing will be written any more. Whatever the application awaits here ends: Kestrel waits for the application before it
    /// releases a connection, so the application must not wait for the connection.
    /// </summary>
    public void Abandon()
    {
        Phase = Phase == ConnectionPhase.PassThrough ? Phase : ConnectionPhase.Closed;
        while (TryDequeue(out var item))
        {
            if (item is OutgoingPromise promise)
            {
                PushEnded(servedByKestrel: false);
                promise.Push.End(PushFate.NotPromised);
            }

            (item as OutgoingInformational)?.Sent.TrySetResult(InformationalOutcome.StreamEnded);
        }

        for (var i = 0; i < Streams.Count; i++)
        {
            if (Streams[i].LivePush is { } push)
            {
                PushEnded(servedByKestrel: Streams.KestrelId(i) != 0);
                push.End(PushFate.Failed);
                Streams[i].State = StreamState.Closed;
            }
        }

        ToKestrel.Clear();
    }

    /// <summary>A push has begun: it will be promised.</summary>
    public void PushBegan()
    {
        PushesInFlight++;
        load.Began();
    }

    /// <summary>A push has ended, in whichever way. Not for a push that was never written, because it has no entry.</summary>
    public void PushEnded(bool servedByKestrel)
    {
        PushesInFlight--;
        load.Ended();
        PushesInKestrel -= servedByKestrel ? 1 : 0;
    }

    public StreamEntry NewClientStream(bool ended)
        => new() { State = ended ? StreamState.HalfClosedRemote : StreamState.Open, PreviousClientId = HighestClientId };
}
