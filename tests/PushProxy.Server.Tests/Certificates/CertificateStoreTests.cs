using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Server.Certificates;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

public sealed class CertificateStoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("shop.example", "shop.pem")]
    [InlineData("SHOP.Example", "shop.pem")]
    [InlineData("www.shop.example", "shop.pem")]
    [InlineData("blog.example", "blog.pem")]
    [InlineData("a.blog.example", "blog.pem")]
    [InlineData("both.blog.example", "both.pem")] // an exact name before a wildcard
    [InlineData("a.b.blog.example", "shop.pem")] // a wildcard is one label
    [InlineData("example", "shop.pem")]
    [InlineData("other.example", "shop.pem")]
    [InlineData("", "shop.pem")]
    public void Name_asked_for_chooses_the_certificate_and_the_first_is_for_everyone_else(string name, string file)
    {
        var thumbprints = new Dictionary<string, string>
        {
            ["shop.pem"] = Certs.Write(_folder, "shop.pem", "shop.example", "www.shop.example"),
            ["blog.pem"] = Certs.Write(_folder, "blog.pem", "blog.example", "*.blog.example"),
            ["both.pem"] = Certs.Write(_folder, "both.pem", "both.blog.example"),
        };
        using var store = Store("shop.pem", "blog.pem", "both.pem");

        Assert.Equal(thumbprints[file], Chosen(store, name));
    }

    [Fact]
    public void Certificate_that_changes_on_disk_is_served_and_a_broken_change_keeps_the_old_one()
    {
        var first = Certs.Write(_folder, "a.pem", "a.example");
        using var store = Store("a.pem");
        Assert.Equal(first, Chosen(store, "a.example"));

        _folder.Write("a.pem", "half a fi");
        LookAgain();
        Assert.Equal(first, Chosen(store, "a.example"));

        File.Delete(_folder["a.pem"]);
        LookAgain();
        Assert.Equal(first, Chosen(store, "a.example"));

        var second = Certs.Write(_folder, "a.pem", "b.example");
        Assert.Equal(first, Chosen(store, "b.example"));
        LookAgain();
        Assert.Equal(second, Chosen(store, "b.example"));
    }

    [Fact]
    public void Certificate_and_key_may_be_replaced_one_after_the_other()
    {
        var options = new CertificateOptions { Path = _folder["cert.pem"], KeyPath = _folder["key.pem"] };
        using var old = Certs.Leaf(["a.example"]);
        using var renewed = Certs.Leaf(["a.example"]);
        _folder.Write("cert.pem", old.ExportCertificatePem());
        _folder.Write("key.pem", old.KeyPem());
        using var store = new CertificateStore([options], _time, NullLogger<CertificateStore>.Instance);

        _folder.Write("cert.pem", renewed.ExportCertificatePem());
        LookAgain();
        Assert.Equal(old.Thumbprint, Chosen(store, "a.example"));

        _folder.Write("key.pem", renewed.KeyPem());
        LookAgain();
        Assert.Equal(renewed.Thumbprint, Chosen(store, "a.example"));
    }

    [Fact]
    public void Change_behind_a_symbolic_link_is_seen()
    {
        // As orchestrators mount secrets: a link to a folder that is swapped whole.
        Certs.Write(_folder, "v1/a.pem", "a.example");
        var second = Certs.Write(_folder, "v2/a.pem", "a.example");
        Directory.CreateSymbolicLink(_folder["now"], _folder["v1"]);
        using var store = Store("now/a.pem");

        Directory.CreateSymbolicLink(_folder["next"], _folder["v2"]);
        Directory.Delete(_folder["now"]);
        Directory.Move(_folder["next"], _folder["now"]);
        LookAgain();

        Assert.Equal(second, Chosen(store, "a.example"));
    }

    private CertificateStore Store(params string[] files) => new(
        [.. files.Select(file => new CertificateOptions { Path = _folder[file] })], _time, NullLogger<CertificateStore>.Instance);

    private void LookAgain() => _time.Advance(TimeSpan.FromSeconds(2));

    private static string Chosen(CertificateStore store, string name) =>
        store.Select(name).ServerCertificateContext!.TargetCertificate.Thumbprint;
}
