using PushProxy.Http2.Tests.Fuzz;
using SharpFuzz;

// One target a direction: "client" for what clients send, "server" for what Kestrel writes.
switch (args.FirstOrDefault())
{
    case "client":
        Fuzzer.LibFuzzer.Run(FuzzTargets.FromClient);
        break;
    case "server":
        Fuzzer.LibFuzzer.Run(FuzzTargets.FromServer);
        break;
    default:
        Console.Error.WriteLine("usage: PushProxy.Http2.Fuzz client|server");
        return 2;
}

return 0;
