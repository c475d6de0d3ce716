namespace PushProxy.Load.Peers;

/// <summary>A reverse proxy that can be measured.</summary>
/// <param name="Name">On the command line and in reports.</param>
/// <param name="Title">In tables.</param>
/// <param name="Program">The executable.</param>
/// <param name="Package">The Debian package that brings it; null for what is built here.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record Peer(string Name, string Title, string Program, string? Package, Func<PeerSetup, IEnumerable<string>> Arguments)
{
    /// <summary>The file in <c>Config</c> that is its configuration; null: it takes arguments and prints where it listens.</summary>
    public string? Template { get; init; }

    /// <summary>How its configuration says what to deliver early; null: it cannot, or needs not be told.</summary>
    public Func<EarlyResources, string>? Early { get; init; }

    /// <summary>Whether it answers from a store of its own what the origin lets it keep.</summary>
    public bool Stores { get; init; }

    /// <summary>The arguments by which it forwards only; null: it is set up to store, and has none.</summary>
    public IReadOnlyList<string>? ForwardingArguments { get; init; }

    /// <summary>It as one that forwards only; null: there is no such.</summary>
    public Peer? Forwarder => !Stores ? this
        : ForwardingArguments is { } more ? this with { Arguments = s => [.. Arguments(s), .. more], Stores = false } : null;

    /// <summary>
    /// Runs before the first that counts. .NET compiles code for good only in a quiet moment after it has been busy, and in several steps;
    /// what is compiled beforehand has only its connections and buffers to get.
    /// </summary>
    public int WarmUps { get; init; } = 2;

    /// <summary>Why it cannot be measured here, or null.</summary>
    public string? Missing => Package is null || Installed is not null ? null : $"{Name} is not installed (apt install {Package})";

    private string? Installed => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':')
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    /// <summary>The full path of the executable.</summary>
    /// <exception cref="InvalidOperationException">It is not installed.</exception>
    public string Executable => Installed ?? throw new InvalidOperationException(Missing ?? $"{Program} is not on PATH.");
}

/// <summary>What a peer is started with.</summary>
/// <param name="Folder">For its files; nobody else's.</param>
/// <param name="Address">The address it listens on.</param>
/// <param name="Origin">The site behind it.</param>
/// <param name="Certificate">PEM, as is <paramref name="Key"/>.</param>
/// <param name="Key">Its private key.</param>
internal sealed record PeerSetup(string Folder, string Address, Uri Origin, string Certificate, string Key)
{
    /// <summary>The processors it may use, as taskset has them; null: all.</summary>
    public string? Processors { get; init; }

    /// <summary>What it is to deliver early, as far as it has to be told; null: nothing.</summary>
    public EarlyResources? Early { get; init; }

    /// <summary>The rendered template.</summary>
    public string Configuration => Path.Combine(Folder, "server.conf");
}

/// <summary>What a page needs, as the operator of a server that has to be told would list it.</summary>
/// <param name="Page">The page's path.</param>
/// <param name="Resources">Path, and what a preload link says in <c>as</c>.</param>
internal sealed record EarlyResources(string Page, IReadOnlyList<(string Path, string As)> Resources)
{
    /// <summary>The values of a Link field.</summary>
    public IEnumerable<string> Links => Resources.Select(static r => $"<{r.Path}>; rel=preload; as={r.As}");
}
