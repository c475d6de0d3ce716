using System.CommandLine;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy validate</c>: everything wrong with a configuration, at once.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var command = new Command(
            "validate", "Check the configuration that run would use. Prints every error with its path; exit code 2 if there are errors.");
        CommonOptions.AddTo(command);
        command.SetAction(static async (result, _) =>
        {
            if (await CommonOptions.LoadAsync(result) is not { } configuration)
            {
                return CommonOptions.BadConfiguration;
            }

            await Terminal.PrintAsync($"{configuration.File?.FilePath ?? "The configuration"} is valid.");
            return 0;
        });
        return command;
    }
}
