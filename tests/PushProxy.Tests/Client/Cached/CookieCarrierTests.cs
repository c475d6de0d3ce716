using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using PushProxy.Client.Cached;
using Xunit;

namespace PushProxy.Tests.Client.Cached;

public class CookieCarrierTests
{
    private const string Date = "Tue, 15 Nov 1994 12:00:00 GMT";

    [Theory]
    [InlineData("Allowed", "no-store, no-cache, must-revalidate")]
    [InlineData("Allowed", "private")]
    [InlineData("Allowed", "private, max-age=600")]
    [InlineData("AllowedOncePrivate", null)]
    [InlineData("AllowedOncePrivate", "no-cache")]
    [InlineData("AllowedOncePrivate", "max-age=0, must-revalidate")]
    [InlineData("AllowedOncePrivate", "no-cache, max-age=600")]
    [InlineData("AllowedOncePrivate", "private=\"Set-Cookie\"")]
    [InlineData("SharedByOrigin", "max-age=600")]
    [InlineData("SharedByOrigin", "max-age=x")]
    [InlineData("SharedByOrigin", "public")]
    [InlineData("SharedByOrigin", "public, private")]
    [InlineData("SharedByOrigin", "no-cache, s-maxage=60")]
    [InlineData("SharedByOrigin", "private, ext=\"never closed")]
    [InlineData("SharedByOrigin", "private, max-age=60, max-age=600, public")]
    public void Cache_Control_decides(string carrier, string? control) => Expect(carrier, Response(("Cache-Control", control)));

    [Theory]
    [InlineData("SharedByOrigin", "Tue, 15 Nov 1994 12:00:01 GMT")]
    [InlineData("AllowedOncePrivate", "Tue, 15 Nov 1994 12:00:00 GMT")]
    [InlineData("AllowedOncePrivate", "0")]
    public void Expires_is_a_lifetime_too(string carrier, string expires) => Expect(carrier, Response(("Expires", expires), ("Date", Date)));

    [Fact]
    public void Max_age_of_none_overrules_Expires() =>
        Expect("AllowedOncePrivate", Response(("Expires", "Tue, 15 Nov 1994 13:00:00 GMT"), ("Date", Date), ("Cache-Control", "max-age=0")));

    [Theory]
    [InlineData("CDN-Cache-Control", "no-store")]
    [InlineData("Surrogate-Control", "max-age=60")]
    public void An_origin_that_talks_to_shared_caches_is_left_alone(string name, string value) =>
        Expect("SharedByOrigin", Response((name, value), ("Cache-Control", "private")));

    [Theory]
    [InlineData("Allowed", "no-cache")]
    [InlineData("Allowed", "max-age=60")]
    [InlineData("SharedByOrigin", "max-age=60, must-revalidate")]
    [InlineData("SharedByOrigin", "public")]
    public void What_was_asked_for_with_credentials_is_not_shared_unless_the_origin_says_so(string carrier, string control) =>
        Expect(carrier, Response(("Cache-Control", control)), request: r => r.Headers.Authorization = "Basic eA==");

    [Theory]
    [InlineData("Allowed", 302, null)]
    [InlineData("Allowed", 500, "no-cache")]
    [InlineData("SharedByOrigin", 302, "max-age=60")]
    [InlineData("AllowedOncePrivate", 302, "max-age=0")]
    [InlineData("AllowedOncePrivate", 404, null)]
    [InlineData("AllowedOncePrivate", 301, null)]
    [InlineData("NotModified", 304, null)]
    [InlineData("NotModified", 304, "no-cache")]
    [InlineData("Allowed", 304, "private")]
    public void So_does_the_status(string carrier, int status, string? control) => Expect(carrier, Response(("Cache-Control", control)), status);

    [Theory]
    [InlineData("Via", "2 cdn")]
    [InlineData("CDN-Loop", "cdn")]
    [InlineData("Forwarded", "for=1")]
    [InlineData("X-Forwarded-For", "1")]
    public void Behind_what_may_cache_nothing_is_made_private(string name, string value)
    {
        Expect("BehindIntermediary", Response(), request: r => r.Headers[name] = value);
        Expect("Allowed", Response(("Cache-Control", "private")), request: r => r.Headers[name] = value);
    }

    [Fact]
    public void Only_secure_retrievals_carry_it()
    {
        Expect("NotSecure", Response(("Cache-Control", "no-store")), request: r => r.Scheme = "http");
        Expect("NotRetrieval", Response(("Cache-Control", "no-store")), request: r => r.Method = "POST");
        Expect("Allowed", Response(("Cache-Control", "no-store")), request: r => r.Method = "HEAD");
    }

    [Theory]
    [InlineData(null, "private")]
    [InlineData("", "private")]
    [InlineData(" , ", "private")]
    [InlineData("no-cache", "no-cache, private")]
    [InlineData("no-cache, ", "no-cache, private")]
    public void Made_private_it_may_carry_it(string? control, string made)
    {
        IHeaderDictionary response = Response(("Cache-Control", control));
        CookieCarrierRule.MakePrivate(response);
        Assert.Equal(made, response.CacheControl.ToString());
        Expect("Allowed", response);
    }

    /// <summary>Checked against the rule of RFC 9111 §3 itself, written down once more as the RFC has it.</summary>
    [Property(MaxTest = 5000)]
    public void None_that_a_shared_cache_may_store_is_allowed(byte directives, bool authorization, bool expires, byte statusAt)
    {
        string[] names = ["no-store", "private", "public", "s-maxage=1", "max-age=1", "max-age=0", "must-revalidate", "no-cache"];
        int[] statuses = [200, 206, 302, 304, 404, 500];
        var some = names.Where((_, i) => ((directives >> i) & 1) != 0).ToHashSet();
        var status = statuses[statusAt % statuses.Length];
        IHeaderDictionary response = Response(("Cache-Control", some.Count > 0 ? string.Join(", ", some) : null), ("Expires", expires ? Date : null));

        // A 304 is stored in place of the header fields of a 200.
        var mayStore = !some.Contains("no-store") && !some.Contains("private")
            && (!authorization || some.Overlaps(["must-revalidate", "public", "s-maxage=1"]))
            && (some.Overlaps(["public", "s-maxage=1", "max-age=1", "max-age=0"]) || expires || status is 200 or 206 or 304 or 404);
        var carrier = Of(response, status, r => r.Headers.Authorization = authorization ? "Basic eA==" : default(string));
        Assert.False(mayStore && carrier == CookieCarrier.Allowed, $"{status} {response.CacheControl}");

        if (carrier == CookieCarrier.AllowedOncePrivate)
        {
            CookieCarrierRule.MakePrivate(response);
            Assert.Equal(CookieCarrier.Allowed, Of(response, status, _ => { }));
        }
    }

    private static void Expect(string carrier, IHeaderDictionary response, int status = 200, Action<HttpRequest>? request = null) =>
        Assert.Equal(Enum.Parse<CookieCarrier>(carrier), Of(response, status, request));

    private static CookieCarrier Of(IHeaderDictionary response, int status, Action<HttpRequest>? change)
    {
        var request = new DefaultHttpContext().Request;
        request.Scheme = "https";
        request.Method = "GET";
        change?.Invoke(request);
        return CookieCarrierRule.Of(request, status, response);
    }

    private static HeaderDictionary Response(params (string Name, string? Value)[] headers)
    {
        var response = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                response[name] = value;
            }
        }

        return response;
    }
}
