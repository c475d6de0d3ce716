using PushProxy.Http2.Bench;

// serve            the server alone; prints the port without and the port with the layer
// cpu [pairs]      CPU per request, small and 1 MiB, no push; h2load, port against port
// noise [pairs]    the same with the port without the layer on both sides: what the machine does to the figures
// push [pairs]     CPU of a pushed resource against the same one requested
// idle [count]     memory of an idle connection
return args switch
{
    ["serve"] => await BenchServer.ServeAsync(),
    ["cpu", .. var rest] => await CpuBench.RunAsync(Count(rest, 15)),
    ["noise", .. var rest] => await CpuBench.RunAsync(Count(rest, 15), noise: true),
    ["push", .. var rest] => await PushBench.RunAsync(Count(rest, 15)),
    ["idle", .. var rest] => await IdleBench.RunAsync(Count(rest, 2_000)),
    _ => Usage(),
};

static int Count(string[] rest, int otherwise) => rest.Length > 0 ? int.Parse(rest[0], System.Globalization.CultureInfo.InvariantCulture) : otherwise;

static int Usage()
{
    Console.Error.WriteLine("usage: PushProxy.Http2.Bench serve | cpu [pairs] | noise [pairs] | push [pairs] | idle [connections]");
    return 2;
}
