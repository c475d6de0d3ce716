namespace PushProxy.Analysis;

/// <summary>
/// An origin worth a connection before it is asked for anything; a preconnect link (HTML §4.6.8.17).
/// </summary>
/// <param name="Origin"><c>scheme://host[:port]</c>, ASCII, the port only where it is not the scheme's own.</param>
/// <param name="CrossOrigin">
/// How it will be asked: requests with and without credentials go over different connections, so an origin asked both ways is
/// in the list twice. <see cref="CrossOriginMode.UseCredentials"/> shares the connection of <see cref="CrossOriginMode.None"/> and is given
/// as that.
/// </param>
public sealed record PreconnectOrigin(string Origin, CrossOriginMode CrossOrigin);
