using System.Diagnostics;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>samples/Push: the example of the article about Go's http.Pusher, in C#.</summary>
public class SampleTests
{
    [Fact]
    public async Task Pushes_two_files_over_tls_and_none_over_http11()
    {
        var folder = Directory.CreateTempSubdirectory("push-sample");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "cert.pem"), Support.ServerCertificate.Value.ExportCertificatePem(), TestContext.Current.CancellationToken);
        using var key = System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(Support.ServerCertificate.Value)!;
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        var start = new ProcessStartInfo(ExternalTool.Require("dotnet"), [Path.Combine(AppContext.BaseDirectory, "PushProxy.Samples.Push.dll"), "--port", "0"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["ASPNETCORE_Kestrel__Certificates__Default__Path"] = Path.Combine(folder.FullName, "cert.pem");
        start.Environment["ASPNETCORE_Kestrel__Certificates__Default__KeyPath"] = Path.Combine(folder.FullName, "key.pem");
        using var sample = Process.Start(start)!;
        try
        {
            var url = await ListeningOnAsync(sample);
            var modern = await ExternalTool.RunAsync("nghttp", ["-v", "-n", "-y", url]);
            var old = await ExternalTool.RunAsync("curl", ["-skv", "--http1.1", url]);

            Assert.Contains(":path: /static/app.js", modern.Output, StringComparison.Ordinal);
            Assert.Contains(":path: /static/style.css", modern.Output, StringComparison.Ordinal);
            Assert.Contains("recv (stream_id=2) :status: 200", modern.Output, StringComparison.Ordinal);
            Assert.Contains("recv (stream_id=4) :status: 200", modern.Output, StringComparison.Ordinal);
            Assert.Contains("<h1>Pushed</h1>", old.Output, StringComparison.Ordinal);
        }
        finally
        {
            sample.Kill();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> ListeningOnAsync(Process sample)
    {
        const string Sign = "Now listening on: ";
        while (await sample.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(Sign, StringComparison.Ordinal))
            {
                return line[(line.IndexOf(Sign, StringComparison.Ordinal) + Sign.Length)..].Trim() + "/";
            }
        }

        throw new InvalidOperationException("The sample ended before it listened.");
    }
}
