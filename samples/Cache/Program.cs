using PushProxy.Cache;
using Yarp.ReverseProxy.Configuration;

// A caching reverse proxy without configuration:  dotnet run --project samples/Cache -- --origin http://localhost:8000 --urls http://localhost:8080
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var origin = builder.Configuration["origin"] ?? "http://localhost:8000";
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "site", ClusterId = "site", Match = new RouteMatch { Path = "{**all}" } }],
    [
        new ClusterConfig
        {
            ClusterId = "site",
            Destinations = new Dictionary<string, DestinationConfig> { ["origin"] = new() { Address = origin } },
        },
    ]);
builder.Services.AddHttpCache();
builder.Services.AddSingleton<IHttpCachePolicy, Everything>();

var app = builder.Build();
app.UseRouting();
app.UseHttpCache();
app.MapReverseProxy();
app.Run();

// Documents, too, and every response says in Cache-Status what the cache did.
internal sealed class Everything : IHttpCachePolicy
{
    public HttpCacheRules RulesOf(HttpContext context) => new(HttpCacheScope.All, ShowsStatus: true);
}
