using System.CommandLine;
using PushProxy.Server.Commands;

var run = RunCommand.Create();
var root = new RootCommand("PushProxy: makes sites nobody wants to change load as fast as the network allows.");
RunCommand.AddTo(root);
root.Subcommands.Add(run);
root.Subcommands.Add(InspectCommand.Create());
root.Subcommands.Add(CertCommand.Create());
root.Subcommands.Add(ValidateCommand.Create());
root.Subcommands.Add(HealthcheckCommand.Create());
return await root.Parse(args).InvokeAsync();
