using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

/// <summary>
/// Runs inside the proxies that are watched, before their own code (DOTNET_STARTUP_HOOKS): tells over a Unix socket what only the
/// process itself can know. The name, and that it is in no namespace, are the runtime's contract; only the framework's own types may
/// be used.
/// </summary>
internal static class StartupHook
{
    /// <summary>The environment variable with the path of the socket.</summary>
    public const string SocketVariable = "PUSHPROXY_SOAK_SOCKET";

    private static readonly ConcurrentDictionary<string, StrongBox<long>> Gauges = new();
    private static readonly ConcurrentQueue<string> Unobserved = new();
    private static MeterListener? _listener;

    /// <summary>What the runtime calls.</summary>
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is not { } path)
        {
            return;
        }

        TaskScheduler.UnobservedTaskException += static (_, e) =>
        {
            if (Unobserved.Count < 20)
            {
                Unobserved.Enqueue(e.Exception.GetBaseException().ToString());
            }
        };

        // Gauges that go up and down with each connection and request; from the beginning, or they would be wrong forever.
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name is "kestrel.active_connections" or "kestrel.active_tls_handshakes"
                    or "http.server.active_requests" or "http.client.active_requests")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<long>(static (instrument, value, tags, _) =>
        {
            var name = instrument.Name;
            foreach (var tag in tags)
            {
                name += tag.Key == "server.port" && instrument.Name.StartsWith("kestrel", StringComparison.Ordinal) ? ":" + tag.Value : "";
            }

            Interlocked.Add(ref Gauges.GetOrAdd(name, static _ => new StrongBox<long>()).Value, value);
        });
        _listener.Start();
        new Thread(() => Serve(path)) { IsBackground = true, Name = "soak" }.Start();
    }

    // One connection for the whole life of the process: what is asked is a line, what is answered is a line.
    private static void Serve(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        using var writer = new StreamWriter(stream) { AutoFlush = true };
        while (reader.ReadLine() is { } question)
        {
            if (question == "collect")
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
            }

            writer.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["heap"] = GC.GetTotalMemory(forceFullCollection: false),
                ["collections"] = GC.CollectionCount(2),
                ["poolThreads"] = ThreadPool.ThreadCount,
                ["gauges"] = Gauges.ToDictionary(static g => g.Key, static g => Interlocked.Read(ref g.Value.Value)),
                ["unobserved"] = Unobserved.ToArray(),
            }));
        }
    }
}
