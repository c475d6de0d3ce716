using System.Net;
using PushProxy.Http2;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
    WebRootPath = "static",
});
var port = builder.Configuration.GetValue("port", 8443);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint => endpoint.UseHttps().UseServerPush()));

var app = builder.Build();
app.UseStaticFiles("/static");
app.MapGet("/", context =>
{
    context.ServerPush().TryPush("/static/app.js");
    context.ServerPush().TryPush("/static/style.css");
    return context.Response.WriteAsync("""
        <link rel="stylesheet" href="/static/style.css"><script src="/static/app.js"></script><h1>Pushed</h1>
        """);
});
app.Run();
