using System.Security.Cryptography.X509Certificates;
using PushProxy.Server.Certificates;
using PushProxy.Server.Configuration;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

public sealed class CertificateFileTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly TempFolder _folder = new();
    private readonly X509Certificate2 _root = Certs.Authority("root");
    private readonly X509Certificate2 _intermediate;
    private readonly X509Certificate2 _leaf;

    public CertificateFileTests()
    {
        _intermediate = Certs.Authority("intermediate", _root);
        _leaf = Certs.Leaf(["shop.example"], _intermediate);
    }

    private string Chain => $"{_leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n";

    public void Dispose()
    {
        _root.Dispose();
        _intermediate.Dispose();
        _leaf.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void PEM_with_chain_and_key_in_another_file() => AssertLoads(new()
    {
        Path = _folder.Write("chain.pem", Chain),
        KeyPath = _folder.Write("key.pem", _leaf.KeyPem()),
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void PEM_with_key_in_the_same_file(bool keyFirst) => AssertLoads(new()
    {
        Path = _folder.Write("all.pem", keyFirst ? $"{_leaf.KeyPem()}\n{Chain}" : $"{Chain}\n{_leaf.KeyPem()}"),
    });

    [Fact]
    public void PEM_with_an_encrypted_key() => AssertLoads(new()
    {
        Path = _folder.Write("chain.pem", Chain),
        KeyPath = _folder.Write("key.pem", _leaf.EncryptedKeyPem(Password)),
        Password = Password,
    });

    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public void PFX_with_its_chain(string? password)
    {
        var all = new X509Certificate2Collection { _intermediate.PublicPart(), _leaf };
        File.WriteAllBytes(_folder["all.pfx"], all.Export(X509ContentType.Pkcs12, password)!);

        AssertLoads(new() { Path = _folder["all.pfx"], Password = password });
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Wrong_or_missing_password_of_a_PFX(string? password)
    {
        File.WriteAllBytes(_folder["all.pfx"], _leaf.Export(X509ContentType.Pkcs12, Password));

        AssertRefused(new() { Path = _folder["all.pfx"], Password = password }, $"can't load '{_folder["all.pfx"]}': ");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public void Wrong_or_missing_password_of_a_key(string? password)
    {
        var options = new CertificateOptions
        {
            Path = _folder.Write("chain.pem", Chain),
            KeyPath = _folder.Write("key.pem", _leaf.EncryptedKeyPem(Password)),
            Password = password,
        };

        AssertRefused(options, $"can't load '{options.Path}' with '{options.KeyPath}': ");
    }

    [Fact]
    public void Key_of_another_certificate()
    {
        using var other = Certs.Leaf(["other.example"]);

        AssertRefused(
            new() { Path = _folder.Write("chain.pem", Chain), KeyPath = _folder.Write("key.pem", other.KeyPem()) },
            $"can't load '{_folder["chain.pem"]}' with '{_folder["key.pem"]}': ");
    }

    [Theory]
    [InlineData("no certificate at all")]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n")]
    public void What_is_no_certificate(string text) =>
        AssertRefused(new() { Path = _folder.Write("cert.pem", text) }, $"can't load '{_folder["cert.pem"]}': ");

    [Fact]
    public void PFX_without_a_certificate()
    {
        File.WriteAllBytes(_folder["empty.pfx"], new X509Certificate2Collection().Export(X509ContentType.Pkcs12)!);

        AssertRefused(new() { Path = _folder["empty.pfx"] }, $"can't load '{_folder["empty.pfx"]}': it holds no certificate");
    }

    [Fact]
    public void PFX_without_a_key()
    {
        File.WriteAllBytes(_folder["public.pfx"], _leaf.PublicPart().Export(X509ContentType.Pkcs12));

        AssertRefused(new() { Path = _folder["public.pfx"] }, $"'{_folder["public.pfx"]}' has no private key; name its file in KeyPath (--key)");
    }

    [Fact]
    public void Encrypted_key_without_a_password_names_the_setting()
    {
        var options = new CertificateOptions { Path = _folder.Write("chain.pem", Chain), KeyPath = _folder.Write("key.pem", _leaf.EncryptedKeyPem(Password)) };
        File.WriteAllBytes(_folder["all.pfx"], _leaf.Export(X509ContentType.Pkcs12, Password));

        Assert.False(CertificateFile.TryLoad(options, out _, out var pem));
        Assert.False(CertificateFile.TryLoad(new() { Path = _folder["all.pfx"] }, out _, out var pfx));

        Assert.EndsWith(" The key is encrypted; set Password", pem, StringComparison.Ordinal);
        Assert.EndsWith(" If it has a password, set Password", pfx, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-2, "is not valid before ")]
    [InlineData(0, null)]
    [InlineData(31, "has expired on ")]
    public void Certificate_out_of_its_time_gets_a_warning(int days, string? warning)
    {
        Certs.Write(_folder, "one.pem", "one.example");
        var options = new CertificateOptions { Path = _folder["one.pem"] };

        var warnings = CertificateDates.Warnings([options, options], DateTimeOffset.UtcNow.AddDays(days)).Select(static w => w.ToString()).ToList();

        Assert.Equal(warning is null ? 0 : 2, warnings.Count);
        Assert.All(warnings.Index(), w => Assert.Matches(
            $"^PushProxy:Certificates:{w.Index}: '{options.Path}' {warning}[-0-9]{{10}} [:0-9]{{5}} UTC; .* Browsers refuse it$", w.Item));
    }

    private void AssertLoads(CertificateOptions options)
    {
        Assert.True(CertificateFile.TryLoad(options, out var loaded, out var error), error);
        using (loaded)
        {
            Assert.Equal(_leaf.Thumbprint, loaded.Leaf.Thumbprint);
            Assert.True(loaded.Leaf.HasPrivateKey);
            Assert.Equal([_intermediate.Thumbprint], loaded.Chain.Select(static c => c.Thumbprint));
        }
    }

    private static void AssertRefused(CertificateOptions options, string reason)
    {
        Assert.False(CertificateFile.TryLoad(options, out _, out var error));
        Assert.StartsWith(reason, error, StringComparison.Ordinal);
    }
}
