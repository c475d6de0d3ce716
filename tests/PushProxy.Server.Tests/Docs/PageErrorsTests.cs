namespace PushProxy.Server.Tests.Docs;

/// <summary>The walk over the pages finds what it is there to find.</summary>
public class PageErrorsTests
{
    [Theory]
    [InlineData("    dotnet run --project src/PushProxy.Serve", "there is no project src/PushProxy.Serve")]
    [InlineData("    dotnet run --projekt src/PushProxy.Server", "--projekt is not known")]
    [InlineData("    dotnet run -c Relase --project src/PushProxy.Server", "there is no configuration Relase")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- --orign http://x", "the program has no option --orign")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- inspekt http://x", "there is no verb inspekt")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- inspect --jsn http://x", "inspect has no option --jsn")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- cert --json", "cert has no option --json")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Load -- view", "there is no verb view")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Load -- views --rat 5", "views has no option --rat")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Load \\\n      -- views --rat 5", "views has no option --rat")]
    [InlineData("    dotnet run --project tests/PushProxy.Bench -- --filter '*Nonsense*'", "tests/PushProxy.Bench has no *Nonsense*")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Http2.Bench -- gpu 30", "tests/PushProxy.Http2.Bench has no gpu")]
    [InlineData("    dotnet /opt/pushproxy/pushproxy.dll --konfig x", "the program has no option --konfig")]
    [InlineData("    dotnet publish src/PushProxy.Serve -c Release", "there is no src/PushProxy.Serve")]
    [InlineData("    dotnet explode", "dotnet explode is not known")]
    [InlineData("    docker build -f deploy/Dockerfil -t pushproxy .", "there is no deploy/Dockerfil")]
    [InlineData("    dotnet run \\\n      --project src/PushProxy.Serve", "there is no project src/PushProxy.Serve")]
    [InlineData("    tests/walk.sh", "there is no tests/walk.sh")]
    [InlineData("```sh\ndotnet run --project src/PushProxy.Serve\n```", "there is no project src/PushProxy.Serve")]
    [InlineData("```\n.ci/rum\n```", "there is no .ci/rum")]
    [InlineData("Run `pushproxy cert --aut DIR`.", "cert has no option --aut")]
    [InlineData("Run `pushproxy\ncert --aut DIR`.", "cert has no option --aut")]
    [InlineData("| `--rat` | 20 |", "no program has the option --rat")]
    [InlineData("See `tests/PushProxy.Lod`.", "there is no tests/PushProxy.Lod")]
    [InlineData("Set `PushProxy:Defaults:Delivry`.", "PushProxy:Defaults:Delivry is no setting")]
    [InlineData("Set PushProxy:Default:Delivery.", "PushProxy:Default:Delivery is no setting")]
    [InlineData("Set `Learning:CacheByte`.", "PushProxy:Learning:CacheByte is no setting")]
    [InlineData("```yaml\nPushProxy__Management__Listens: x\n```", "PushProxy__Management__Listens is no setting")]
    [InlineData("`--PushProxy:Certificates:0:Pth=x`", "PushProxy:Certificates:0:Pth is no setting")]
    [InlineData("```json\n{ \"PushProxy\": { \"Orign\": \"http://x\" } }\n```", "PushProxy:Orign")]
    [InlineData("```json\n{ \"PushProxy\": \n```", "JSON after line 1")]
    [InlineData("[more](nowhere.md)", "the link nowhere.md leads nowhere")]
    [InlineData("[more](../READM.md#run)", "the link ../READM.md#run leads nowhere")]
    [InlineData("[more](../README.md#walk)", "the link ../README.md#walk leads nowhere")]
    [InlineData("[more](#walk)", "the link #walk leads nowhere")]
    public async Task What_does_not_exist_is_found(string text, string error) =>
        Assert.Contains(await ErrorsAsync(text), e => e.Contains(error, StringComparison.Ordinal));

    [Theory]
    [InlineData("    dotnet run --project src/PushProxy.Server")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- --origin http://127.0.0.1 --listen=https://localhost:8443 # comment")]
    [InlineData("    dotnet run --project src/PushProxy.Server -- run --PushProxy:Defaults:Delivery=link")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Load -- VERB")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Load -- pageload --browser 103 nginx yarp")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Bench -- --filter '*LookupAndPlan*' '*'")]
    [InlineData("    dotnet run -c Release --project tests/PushProxy.Http2.Bench -- cpu 30")]
    [InlineData("    tests/run.sh --filter-class '*PassThrough*'")]
    [InlineData("Under a list:\n\n- one\n\n    dotnet explode")]
    [InlineData("`PushProxy:Policies:careful:MaxLinkBytes`, `PushProxy__learning__expiry`")]
    [InlineData("`PushProxy__Certificates__0__Path`, `PushProxy:Certificates:N:KeyPath`")]
    [InlineData("`Logging:LogLevel:PushProxy=Debug`, `\"PushProxy.Policy\"`, PushProxy: what it does")]
    [InlineData("```json\n// a comment\n{ \"PushProxy\": { \"Origin\": \"http://127.0.0.1:8000\", } }\n```")]
    [InlineData("[run](../README.md#run), [site](https://example.org/), [here](#a-heading-with-code-more), ![](../README.md)")]
    public async Task What_exists_is_not_found(string text) =>
        Assert.Empty(await ErrorsAsync(text + "\n\n## A heading, with `code`: more\n"));

    private static Task<IReadOnlyList<string>> ErrorsAsync(string text) => PageErrors.OfAsync(
        new MarkdownPage("docs/page.md", text),
        static path => path == "README.md" ? new MarkdownPage("README.md", "# PushProxy\n\n## Run\n") : null);
}
