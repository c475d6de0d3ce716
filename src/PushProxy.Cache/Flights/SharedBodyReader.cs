namespace PushProxy.Cache.Flights;

/// <content>What one client has of it.</content>
internal sealed partial class SharedBody
{
    /// <summary>Reads a <see cref="SharedBody"/> from its beginning to its end.</summary>
    public sealed class Reader(SharedBody body) : IDisposable
    {
        internal long Position { get; private set; }

        /// <summary>Whether a read returns at once.</summary>
        public bool IsReady
        {
            get
            {
                lock (body._lock)
                {
                    return body._isComplete || body.Length > Position;
                }
            }
        }

        /// <summary>Returns the next bytes; empty at the end.</summary>
        /// <exception cref="IOException">The body has broken off.</exception>
        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
        {
            while (true)
            {
                Task wait;
                lock (body._lock)
                {
                    if (body.Length > Position)
                    {
                        return body._bytes.From(Position);
                    }

                    if (body._isComplete)
                    {
                        return body._error is null ? ReadOnlyMemory<byte>.Empty
                            : throw new IOException("The response broke off.", body._error);
                    }

                    wait = (body._changed ??= NewSignal()).Task;
                }

                await wait.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>Says that bytes were used, so that they need not be kept for this reader.</summary>
        public void Advance(int bytes)
        {
            lock (body._lock)
            {
                Position += bytes;
                if (body.IsTooLong)
                {
                    body.Signal();
                }
            }
        }

        public void Dispose()
        {
            lock (body._lock)
            {
                body._readers.Remove(this);
                body.ClearIfUnread();
                body.Signal();
            }
        }
    }
}
