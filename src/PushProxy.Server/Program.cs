using System.CommandLine;
using PushProxy.Server.Commands;

var run = RunCommand.Create();
var root = new RootCommand("PushProxy: a reverse proxy that makes web sites load faster without changing them.");
RunCommand.AddTo(root);
root.Subcommands.Add(run);
root.Subcommands.Add(InspectCommand.Create());
root.Subcommands.Add(CertCommand.Create());
root.Subcommands.Add(ValidateCommand.Create());
root.Subcommands.Add(HealthcheckCommand.Create());
root.Subcommands.Add(PurgeCommand.Create());
SettingsHelp.AddTo(root);
var result = root.Parse(args);
if (UsageErrors.Of(result) is { Count: > 0 } errors)
{
    foreach (var error in errors)
    {
        await Terminal.ComplainAsync(error);
    }

    return CommonOptions.BadConfiguration;
}

// On SIGTERM and Ctrl+C the host lets requests under way end; the parser's own handler would cut them off after two seconds.
try
{
    return await result.InvokeAsync(
        new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    return 1;
}
catch (Exception e)
{
    // A sentence for whoever typed the command, and the place for whoever mends it.
    await Terminal.ComplainAsync($"A fault of this program: {e.GetType().Name}: {e.Message} ({e.StackTrace?.Split('\n')[0].Trim()})");
    return 1;
}
