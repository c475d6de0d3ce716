using System.CommandLine;
using PushProxy.Load;
using PushProxy.Load.Attacks;
using PushProxy.Load.Link;
using PushProxy.Load.Origin;
using PushProxy.Load.PageLoad;
using PushProxy.Load.Peers;
using PushProxy.Load.Soak;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Views;

var root = new RootCommand("Load tests and benchmarks for PushProxy.");
root.Subcommands.Add(CompareCommand.Create());
root.Subcommands.Add(FirstByteCommand.Create());
root.Subcommands.Add(PeersCommand.Create());
root.Subcommands.Add(LinkCommand.Create());
root.Subcommands.Add(PageLoadCommand.Create());
root.Subcommands.Add(ShopServer.Create());
root.Subcommands.Add(FolderServer.Create());
root.Subcommands.Add(ViewsCommand.Create());
root.Subcommands.Add(SoakCommand.Create());
root.Subcommands.Add(AttacksCommand.Create());
root.Subcommands.Add(AttackOrigin.Create());
root.Subcommands.Add(OriginServer.Command());
root.Subcommands.Add(FaultyOrigin.Command());
root.Subcommands.Add(StockYarpCommand.Create());
// Who is told to end has processes to end and folders to remove first.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
