using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PushProxy.Load.Soak.Origin;
using PushProxy.Testing;

namespace PushProxy.Load.Soak.Faults;

/// <summary>The files that PushProxy runs with, and what they are replaced by.</summary>
internal sealed class ProxyFiles(string folder, Uri origin)
{
    /// <summary>The response header field that says which configuration is in force.</summary>
    public const string RevisionHeader = "X-Soak-Revision";

    // The steady pages are pushed in each configuration; these are what the others get by turns.
    private static readonly string[] Deliveries = ["auto", "early-hints", "push", "link", "off"];

    /// <summary>The configuration file.</summary>
    public string Configuration { get; } = Path.Combine(folder, "soak.json");

    /// <summary>PEM.</summary>
    public string Certificate { get; } = Path.Combine(folder, "cert.pem");

    /// <summary>PEM.</summary>
    public string Key { get; } = Path.Combine(folder, "key.pem");

    /// <summary>Writes a configuration: three routes with policies of their own, and one more that every revision has for itself.</summary>
    /// <param name="revision">Told in <see cref="RevisionHeader"/>, and in the path of the route that is added.</param>
    public Task WriteAsync(int revision) =>
        ReplaceAsync(Configuration, Json(revision).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));

    /// <summary>Writes one that can't be used.</summary>
    /// <param name="revision">It would tell, if it were used.</param>
    /// <param name="number">In which way.</param>
    /// <returns>What is wrong with it.</returns>
    public async Task<string> WriteBadAsync(int revision, int number)
    {
        var json = Json(revision);
        var (what, text) = (number % 4) switch
        {
            0 => ("no JSON", json.ToJsonString()[..200]),
            1 => ("a setting that there is not", With(json, j => j["PushProxy"]!["Defaults"]!["NoSuchSetting"] = 1)),
            2 => (
                "a route to a cluster that there is not",
                With(json, j => j["ReverseProxy"]!["Routes"]!["steady"]!["ClusterId"] = "nowhere")),
            _ => ("a value out of range", With(json, j => j["PushProxy"]!["Defaults"]!["MaxPushes"] = -5)),
        };
        await ReplaceAsync(Configuration, text);
        return what;
    }

    /// <summary>Writes a new key pair: first the key, a moment later its certificate, as tools that renew them do.</summary>
    /// <returns>The hash of the certificate.</returns>
    public async Task<string> WriteCertificateAsync()
    {
        using var made = new TestCertificate();
        await ReplaceAsync(Key, await File.ReadAllTextAsync(made.KeyFile));
        await Task.Delay(100);
        await ReplaceAsync(Certificate, await File.ReadAllTextAsync(made.CertificateFile));
        return made.Certificate.GetCertHashString();
    }

    /// <summary>Replaces the certificate by something that can't be used.</summary>
    /// <param name="number">In which way.</param>
    /// <returns>What is wrong with it.</returns>
    public async Task<string> WriteBadCertificateAsync(int number)
    {
        if (number % 2 == 0)
        {
            await ReplaceAsync(Certificate, "-----BEGIN CERTIFICATE-----\nMIIB");
            return "half a file";
        }

        using var made = new TestCertificate();
        await ReplaceAsync(Certificate, await File.ReadAllTextAsync(made.CertificateFile));
        return "the certificate of another key";
    }

    /// <summary>Both as they are, to put them back.</summary>
    public (string Certificate, string Key) Keep() => (File.ReadAllText(Certificate), File.ReadAllText(Key));

    /// <summary>Puts back what <see cref="Keep"/> kept.</summary>
    public async Task RestoreAsync((string Certificate, string Key) kept)
    {
        await ReplaceAsync(Key, kept.Key);
        await ReplaceAsync(Certificate, kept.Certificate);
    }

    private JsonObject Json(int revision)
    {
        JsonArray Transforms(params JsonObject[] more) =>
            [new JsonObject { ["ResponseHeader"] = RevisionHeader, ["Set"] = revision.ToString(CultureInfo.InvariantCulture) }, .. more];
        JsonObject Route(string path, string? policy, params JsonObject[] transforms) => new()
        {
            ["ClusterId"] = "site",
            ["Match"] = new JsonObject { ["Path"] = path },
            ["Transforms"] = Transforms(transforms),
            ["Metadata"] = policy is null ? null : new JsonObject { ["PushProxy.Policy"] = policy },
        };
        return new JsonObject
        {
            ["PushProxy"] = new JsonObject
            {
                ["Defaults"] = new JsonObject { ["Delivery"] = "auto", ["MaxPushes"] = 8 + (revision % 8) },
                ["Policies"] = new JsonObject
                {
                    ["turning"] = new JsonObject
                    {
                        ["Delivery"] = Deliveries[revision % Deliveries.Length],
                        ["DebugHeader"] = revision % 2 == 1,
                    },
                },
            },
            ["ReverseProxy"] = new JsonObject
            {
                ["Routes"] = new JsonObject
                {
                    ["steady"] = Route("/{**rest}", null),
                    ["turning"] = Route(SoakSite.Turning + "{**rest}", "turning"),
                    ["plain"] = Route("/assets/{**rest}", "default"),
                    [$"added-{revision}"] = Route($"/added/{revision}", null, new JsonObject { ["PathSet"] = "/assets/0.css" }),
                },
                ["Clusters"] = new JsonObject
                {
                    ["site"] = new JsonObject
                    {
                        ["Destinations"] = new JsonObject { ["only"] = new JsonObject { ["Address"] = origin.AbsoluteUri } },
                    },
                },
            },
        };
    }

    private static string With(JsonObject json, Action<JsonObject> change)
    {
        change(json);
        return json.ToJsonString();
    }

    // Never seen half written.
    private static async Task ReplaceAsync(string path, string text)
    {
        await File.WriteAllTextAsync(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }
}
