using PushProxy.Testing;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>
/// Applications that are installed and used through the program by a browser, and know the public address only. A database, a web server
/// and a browser at work for a minute: beside them, others' browsers would be late.
/// </summary>
[Collection(nameof(ApplicationsTests))]
[CollectionDefinition(nameof(ApplicationsTests), DisableParallelization = true)]
public sealed class ApplicationsTests
{
    [Fact]
    public async Task WordPress_MediaWiki_DokuWiki_gitweb_and_phpMyAdmin_name_the_public_address_only()
    {
        // In a network of its own, whose port 443 is free. What the script has started ends with it. It takes root, because Apache and the
        // database run as users of their own.
        string[] command =
            ["unshare", "--net", "--pid", "--fork", "--kill-child", Repository.File("tests/applications/install.sh")];
        if (!Environment.IsPrivilegedProcess)
        {
            command = ["sudo", "-n", "env", $"PATH={Environment.GetEnvironmentVariable("PATH")}", .. command];
        }

        var end = await ExternalTool.RunAsync(command[0], command[1..], TimeSpan.FromMinutes(5), Repository.Folder);
        Assert.True(end.ExitCode == 0, $"{end.Output}\n{end.Error}");

        // Each application was operated to its end, and a page that does all that is wrong was noticed.
        string[] last = ["WordPress: log out", "MediaWiki: log out", "DokuWiki: log out", "gitweb: commit", "phpMyAdmin: log out", "control: "];
        Assert.All(last, step => Assert.Contains($"ok   {step}", end.Output, StringComparison.Ordinal));
    }
}
