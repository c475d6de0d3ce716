using Microsoft.Extensions.Options;
using PushProxy.Server.Configuration;
using PushProxy.Server.Hosting;
using PushProxy.Server.Tests.Settings;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Hosting;

/// <summary>The host checks the options of the program itself, whoever builds it.</summary>
public sealed class StartValidationTests : IDisposable
{
    private const string Invalid = """
        {
          "PushProxy": {
            "Origin": "legacy.example.com",
            "Listen": [ "http://127.0.0.1:0" ],
            "Certificates": [ { "Path": "/nowhere/cert.pem" } ],
            "Management": { "Listen": "https://127.0.0.1:0" }
          }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Host_refuses_to_start_with_the_errors_that_validate_prints()
    {
        var configuration = ProxyConfiguration.Load(_folder.Write("site.json", Invalid), []);

        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(configuration));

        Assert.Equal(await Validation.ErrorsOfAsync(Invalid), thrown.Failures);
        Assert.Equal(3, thrown.Failures.Count());
    }

    [Fact]
    public void Certificates_of_the_running_program_are_not_loaded_again()
    {
        var configuration = ProxyConfiguration.Load(_folder.Write("site.json", Invalid), []);
        var options = ServerOptions.From(configuration.Root.GetSection(ConfigurationValidator.Section));

        var all = new ServerOptionsValidator(inUse: []).Validate(null, options).Failures!;
        var rest = new ServerOptionsValidator(options.Certificates).Validate(null, options).Failures!;

        Assert.StartsWith("PushProxy:Certificates:0: ", Assert.Single(all.Except(rest)), StringComparison.Ordinal);
        Assert.Equal(all.Count() - 1, rest.Count());
    }

    private static async Task StartAsync(ProxyConfiguration configuration)
    {
        var (app, _) = ProxyHost.Build(configuration, new Uri("http://127.0.0.1:1"));
        await using (app)
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
    }
}
