using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PushProxy.Http2.Bench;

/// <summary>One Kestrel with two TLS ports, alike but for the layer, in a process of its own so that its CPU time is its own.</summary>
internal sealed class BenchServer : IDisposable
{
    private readonly Process _process;

    private BenchServer(Process process, int plain, int pushing)
    {
        _process = process;
        Plain = plain;
        Pushing = pushing;
    }

    public int Plain { get; }

    public int Pushing { get; }

    /// <summary>CPU the server has used so far, user and system.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<BenchServer> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(BenchServer).Assembly.Location);
        }

        start.ArgumentList.Add("serve");
        var process = Process.Start(start)!;
        var ports = (await process.StandardOutput.ReadLineAsync())!.Split(' ').Select(port => int.Parse(port, CultureInfo.InvariantCulture)).ToArray();
        return new BenchServer(process, ports[0], ports[1]);
    }

    public static async Task<int> ServeAsync()
    {
        var small = new byte[100];
        var large = new byte[1 << 20];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        using var certificate = Certificate();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(certificate).UseServerPush());
        });
        var app = builder.Build();
        app.Run(context =>
        {
            switch (context.Request.Path.Value)
            {
                case "/large":
                    context.Response.ContentLength = large.Length;
                    return context.Response.Body.WriteAsync(large).AsTask();
                case "/push":
                    var push = context.ServerPush();
                    for (var i = 0; i < PushBench.Resources; i++)
                    {
                        push.TryPush("/r");
                    }

                    goto default;
                case "/memory":
                    GC.Collect();
                    GC.WaitForPendingFinalizers();
                    return context.Response.WriteAsync(GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
                default:
                    context.Response.ContentLength = small.Length;
                    return context.Response.Body.WriteAsync(small).AsTask();
            }
        });
        await app.StartAsync();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Console.WriteLine(string.Join(' ', addresses.Select(address => new Uri(address).Port)));
        await app.WaitForShutdownAsync();
        return 0;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
