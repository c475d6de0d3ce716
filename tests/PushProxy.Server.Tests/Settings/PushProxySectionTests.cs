namespace PushProxy.Server.Tests.Settings;

public class PushProxySectionTests
{
    [Fact]
    public async Task Every_error_is_told_at_once_each_with_its_path()
    {
        var errors = await Validation.ErrorsOfAsync("""
            {
              "PushProxy": {
                "Orign": "http://127.0.0.1:8000",
                "Listen": ["https://localhost:8443", "ftp://x", "https://localhost:8443/path"],
                "Defaults": { "MaxLinkBytes": 9999, "DebugHeader": "maybe" },
                "Policies": {
                  "small": { "MaxLinkBytes": -1, "Delivery": "pull" },
                  "Off": {}
                },
                "Learning": { "MaxVariants": "many", "MaxQueuedPages": 0 },
                "Certificates": [{ "Path": "/nowhere/cert.pem" }, { "Path": "/nowhere/cert.pem", "Pasword": "x" }, {}],
                "Management": { "Listen": "https://localhost:8081" }
              },
              "ReverseProxy": { "Routes": { "a": { "ClusterId": "gone", "Match": { "Path": "/" } } } }
            }
            """);

        Assert.Equal(
            [
                "PushProxy:Certificates:0: can't load '/nowhere/cert.pem': Could not find a part of the path '/nowhere/cert.pem'.",
                "PushProxy:Certificates:1: can't load '/nowhere/cert.pem': Could not find a part of the path '/nowhere/cert.pem'.",
                "PushProxy:Certificates:1:Pasword: unknown setting; did you mean Password?",
                "PushProxy:Certificates:2: Path is missing",
                "PushProxy:Defaults:DebugHeader: 'maybe' is neither true nor false",
                "PushProxy:Defaults:MaxLinkBytes: must be between 0 and 3072, but is 9999",
                "PushProxy:Learning:MaxQueuedPages: must be between 1 and 4096, but is 0",
                "PushProxy:Learning:MaxVariants: 'many' is not a whole number in range",
                "PushProxy:Listen:1: 'ftp://x' is not an address to listen on; write https://localhost:8443, http://*:8080 or http://unix:/run/pushproxy.sock",
                "PushProxy:Listen:2: 'https://localhost:8443/path' has a path; an address to listen on must not have one",
                "PushProxy:Management:Listen: 'https://localhost:8081': the management listener speaks http only",
                "PushProxy:Orign: unknown setting; did you mean Origin?",
                "PushProxy:Policies:Off: 'Off' is the name of a built-in policy; choose another",
                "PushProxy:Policies:small:Delivery: 'pull' is not one of auto, push, early-hints, link, off",
                "PushProxy:Policies:small:MaxLinkBytes: must be between 0 and 3072, but is -1",
                "ReverseProxy:Routes:a:ClusterId: there is no cluster 'gone'",
            ],
            errors.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{ "Defaults": { "MaxLinkBytes": 0 } }""")]
    [InlineData("""{ "Defaults": { "MaxLinkBytes": 3072, "Delivery": "Early-Hints" }, "Policies": { "a": { "Delivery": "OFF" }, "b": { "Delivery": "push", "MaxPushes": 0 } } }""")]
    [InlineData("""{ "Learning": { "Expiry": "30.00:00:00", "CacheBytes": 4294967296, "MaxRelearnPause": "00:00:00" } }""")]
    [InlineData("""{ "Origin": null, "Listen": [], "Certificates": [], "Policies": {}, "Defaults": {} }""")]
    [InlineData("""{ "Listen": "https://*:8443; http://*:8080", "Management": { "Listen": "None" } }""")]
    [InlineData("""{ "listen": ["http://unix:/run/pushproxy.sock", "https://[::1]:8443"], "management": { "listen": "http://127.0.0.1:0" } }""")]
    [InlineData("""{ "Origin": "https://legacy.example.com/base/" }""")]
    [InlineData("""{ "Listen": ["https://127.0.0.1:8443", "https://127.0.0.2:8443", "https://[::1]:8443", "http://127.0.0.1:0", "http://127.0.0.1:0"] }""")]
    [InlineData("""{ "Management": { "Hosts": ["pushproxy.monitoring.svc", "10.0.0.1"] } }""")]
    [InlineData("""{ "Management": { "Hosts": "a.example; b.example" } }""")]
    [InlineData("""{ "DrainTime": "00:10:00" }""")]
    [InlineData("""{ "Shared": { "Redis": "redis.example.com:6379,password=secret,ssl=true", "Prefix": "{site}:" } }""")]
    [InlineData("""{ "Shared": { "Redis": null } }""")]
    public async Task Good_settings_pass(string section) => Assert.Empty(await Validation.ErrorsOfSectionAsync(section));

    [Theory]
    [InlineData("""{ "Defaults": { "MaxLinkBytes": 1.5 } }""", "Defaults:MaxLinkBytes: '1.5' is not a whole number in range")]
    [InlineData("""{ "Defaults": { "MaxLinkBytes": null } }""", "Defaults:MaxLinkBytes: null is not a whole number in range; leave the setting out")]
    [InlineData("""{ "Defaults": { "MaxLinkBytes": [1] } }""", "Defaults:MaxLinkBytes: must be a single value")]
    [InlineData("""{ "Defaults": { "Delivery": "1" } }""", "Defaults:Delivery: '1' is not one of auto, push, early-hints, link, off")]
    [InlineData("""{ "Defaults": "on" }""", "Defaults: must be a group of settings, but is 'on'")]
    [InlineData("""{ "Policies": "none" }""", "Policies: must be named groups of settings, but is 'none'")]
    [InlineData("""{ "Certificates": "cert.pem" }""", "Certificates: must be a list, but is 'cert.pem'")]
    [InlineData("""{ "Learning": { "Expiry": "1 hour" } }""", "Learning:Expiry: '1 hour' is not a time span (hh:mm:ss)")]
    [InlineData("""{ "Learning": { "Expiry": 3600 } }""", "Learning:Expiry: '3600' would be 3600 days; write 01:00:00 for 3600 seconds, or 3600.00:00:00")]
    [InlineData("""{ "Learning": { "MaxFetchTime": "5" } }""", "Learning:MaxFetchTime: '5' would be 5 days; write 00:00:05 for 5 seconds, or 5.00:00:00")]
    [InlineData("""{ "Learning": { "Expiry": "24:00:00" } }""", "Learning:Expiry: '24:00:00' would be 24 days; write 1.00:00:00 for 24 hours")]
    [InlineData("""{ "Learning": { "Expiry": "36:30" } }""", "Learning:Expiry: '36:30' would be 36 days; write 1.12:30 for 36 hours")]
    [InlineData("""{ "Listen": { "a": "https://*:8443" } }""", "Listen: must be a list [ … ], but is a group { … }")]
    [InlineData("""{ "Certificates": { "Path": "/nowhere/cert.pem" } }""", "Certificates: must be a list [{ … }], but is a group { … }")]
    [InlineData("""{ "Listen": ["https://*:8443", "https://*:8443"] }""", "Listen:1: 'https://*:8443' and 'https://*:8443' open the same port, which can be opened once, for http or for https")]
    [InlineData("""{ "Listen": ["https://*:8443", "http://localhost:8443"] }""", "Listen:1: 'http://localhost:8443' and 'https://*:8443' open the same port, which can be opened once, for http or for https")]
    [InlineData("""{ "Listen": ["http://unix:/run/a.sock", "http://unix:/run/a.sock"] }""", "Listen:1: 'http://unix:/run/a.sock' and 'http://unix:/run/a.sock' open the same port, which can be opened once, for http or for https")]
    [InlineData("""{ "Learning": { "Expiry": "00:00:59" } }""", "Learning:Expiry: must be between 00:01:00 and 30.00:00:00, but is 00:00:59")]
    [InlineData("""{ "Learning": { "CacheBytes": 4294967297 } }""", "Learning:CacheBytes: must be between 65536 and 4294967296, but is 4294967297")]
    [InlineData("""{ "DrainTime": "00:10:01" }""", "DrainTime: must be between 00:00:00 and 00:10:00, but is 00:10:01")]
    [InlineData("""{ "DrainTime": "-00:00:01" }""", "DrainTime: must be between 00:00:00 and 00:10:00, but is -00:00:01")]
    [InlineData("""{ "DrainTime": "5" }""", "DrainTime: '5' would be 5 days; write 00:00:05 for 5 seconds, or 5.00:00:00")]
    [InlineData("""{ "DrainTime": "soon" }""", "DrainTime: 'soon' is not a time span (hh:mm:ss)")]
    [InlineData("""{ "Colour": "blue" }""", "Colour: unknown setting")]
    [InlineData("""{ "Defaults": { "debugheadr": true } }""", "Defaults:debugheadr: unknown setting; did you mean DebugHeader?")]
    [InlineData("""{ "Origin": "127.0.0.1:8000" }""", "Origin: '127.0.0.1:8000' is not the address of a site; write http://host:port or https://host")]
    [InlineData("""{ "Origin": "ftp://legacy" }""", "Origin: 'ftp://legacy' is not the address of a site; write http://host:port or https://host")]
    [InlineData("""{ "Origin": "http://legacy/?a=1" }""", "Origin: 'http://legacy/?a=1' has a query or fragment; the address of a site must not have one")]
    [InlineData("""{ "Origin": "http://me:secret@legacy/" }""", "Origin: the address of a site must not have a user name or password; add an Authorization header by a transform instead")]
    [InlineData("""{ "Listen": ["http://localhost:0"] }""", "Listen:0: 'http://localhost:0': localhost is two addresses, which can't share a port that the system chooses; write 127.0.0.1")]
    [InlineData("""{ "Listen": ["http://*:8081"], "Management": { "Listen": "http://127.0.0.1:8081" } }""", "Management:Listen: 'http://127.0.0.1:8081' is a public port; the management listener needs its own")]
    [InlineData("""{ "Shared": { "Redis": "redis:6379,sssl=true" } }""", "Shared:Redis: Keyword 'sssl' is not supported")]
    [InlineData("""{ "Shared": { "Redis": "redis://:secret@redis" } }""", "Shared:Redis: it is no URL; write host:port, and after commas password=… and ssl=true")]
    [InlineData("""{ "Shared": { "Redis": "redis,password=se,cret" } }""", "Shared:Redis: what follows the password is no setting; write addresses before it. A password can't have a comma")]
    [InlineData("""{ "Shared": { "Redis": "password=secret" } }""", "Shared:Redis: it has no address; write host:port")]
    [InlineData("""{ "Shared": { "Redis": "redis", "Prefix": "a b" } }""", "Shared:Prefix: 'a b' must be 1 to 128 printable characters without spaces, such as pushproxy:")]
    [InlineData("""{ "Shared": { "Redsi": "redis" } }""", "Shared:Redsi: unknown setting; did you mean Redis?")]
    [InlineData("""{ "Shared": "redis" }""", "Shared: must be a group of settings, but is 'redis'")]
    [InlineData("""{ "Management": { "Hosts": ["a.example", "a.example:8081"] } }""", "Management:Hosts:1: 'a.example:8081' is not a host name; write it without scheme and port, such as proxy.example.com")]
    public async Task Each_error_says_where_and_what(string section, string error) =>
        Assert.Equal([$"PushProxy:{error}"], await Validation.ErrorsOfSectionAsync(section));

    [Theory]
    [InlineData("localhost:8443")]
    [InlineData("https://localhost:99999")]
    [InlineData("https://")]
    [InlineData("")]
    public async Task What_is_not_an_address_to_listen_on_is_an_error(string listen)
    {
        var errors = await Validation.ErrorsOfSectionAsync($$"""{ "Listen": ["{{listen}}"] }""");

        Assert.StartsWith($"PushProxy:Listen:0: '{listen}' is not an address to listen on", Assert.Single(errors), StringComparison.Ordinal);
    }
}
