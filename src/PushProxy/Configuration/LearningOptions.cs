using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>
/// Limits what PushProxy learns from traffic, and sets when it trusts what it learned. The values are read only at start. A value outside
/// its range is an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> at start.
/// </summary>
public sealed record LearningOptions
{
    /// <summary>
    /// The maximum memory for all learned pages together, in bytes. The size of each page is estimated. The default is 16 MiB. The range is
    /// 64 KiB to 4 GiB.
    /// </summary>
    [Range(64 * 1024L, 4L * 1024 * 1024 * 1024)]
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The time after which a page that nobody requests is forgotten. The default is 24 hours. The range is 1 minute to 30 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether what was learned is kept in <see cref="PushProxyOptions.DataDirectory"/>, so that a restart forgets nothing. The default is
    /// null: if that folder is set. The file has no page and no cookie, and only what may be told to everybody.
    /// </summary>
    public bool? Persist { get; init; }

    /// <summary>
    /// How often that file is written while pages are requested. It is written at the end in any case. If much is known, it is written less
    /// often. The default is 30 seconds. The range is 1 second to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PersistEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum number of bytes read of one page. It limits the body as received and also after content decoding. The default is 512
    /// KiB. The range is 4 KiB to 16 MiB.
    /// </summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int MaxPageBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// The maximum memory for all copies of passing pages together, in bytes. A copy grows with the bytes that come. If there is no room, a
    /// copy of a client that has stalled makes room, or one of a client that has more than others. A page without a copy still reaches the
    /// client, but is not learned. The default is 32 MiB. The range is 64 KiB to 1 GiB.
    /// </summary>
    [Range(64 * 1024L, 1024L * 1024 * 1024)]
    public long MaxBufferedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long a client may take next to nothing of a page. After that the copy of the page makes room when others need it. The
    /// default is 5 seconds. The range is 100 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan CopyStallTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a client may take for a page in all. After that the copy of the page makes room when others need it. The default is 30
    /// seconds. The range is 1 second to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan MaxCopyTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum number of pages that wait for analysis. When it is reached, a page of the client and the host that have most of them is
    /// not learned. Half of the places are for known pages that have changed. The default is 64. The range is 1 to 4,096.
    /// </summary>
    [Range(1, 4096)]
    public int MaxQueuedPages { get; init; } = 64;

    /// <summary>
    /// The maximum number of pages whose analysis has begun and waits for stylesheets. Each may take the memory of one analysis. One client
    /// or one host has at most half of the places, and one client at one host a quarter. The default is 8. The range is 1 to 64.
    /// </summary>
    [Range(1, 64)]
    public int MaxPagesInProgress { get; init; } = 8;

    /// <summary>
    /// The maximum number of stylesheets, modules and images that are fetched to analyse one view of a page. What goes beyond stays
    /// unknown. The default is 24. The range is 0 to 256.
    /// </summary>
    [Range(0, 256)]
    public int MaxFetches { get; init; } = 24;

    /// <summary>
    /// The maximum time for all fetches of one page together. A single one may take half of it. What has not come by then stays unknown.
    /// The default is 10 seconds. The range is 100 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan MaxFetchTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum number of resources that are fetched at the same time to analyse pages. One client's pages cause at most half of them.
    /// The default is 64. The range is 1 to 1,024.
    /// </summary>
    [Range(1, 1024)]
    public int MaxConcurrentFetches { get; init; } = 64;

    /// <summary>
    /// The maximum number of them that are fetched from one host. One client's pages cause at most half of them, and one page a quarter.
    /// The default is 24. The range is 1 to 256.
    /// </summary>
    [Range(1, 256)]
    public int MaxConcurrentFetchesPerHost { get; init; } = 24;

    /// <summary>
    /// The maximum number of variants kept of one path. Variants differ in the query string and in the request headers that the response's
    /// Vary names. When the maximum is reached, the variant unused for the longest time is removed. The default is 16. The range is 1 to
    /// 256.
    /// </summary>
    [Range(1, 256)]
    public int MaxVariants { get; init; } = 16;

    /// <summary>
    /// The longest pause between two analyses of a page that needs the same although its bytes, or those of its stylesheets, change with
    /// each response. The pause starts at one second and doubles after each analysis. The default is 1 minute. The range is 0 to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRelearnPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The maximum time for the analysis of one page, without the time for fetches. If it is over, the page is used as far as it was
    /// understood, and it is not analysed again before it changes. Work is also counted in steps, and the time that other programs have the
    /// processor does not count. So a busy machine hardly changes the result. The default is 2 seconds. The range is 10 ms to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan MaxAnalysisTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The maximum memory for the analysis of one page, in bytes, roughly. If it is used up, the page is used as far as it was understood.
    /// The default is 64 MiB. The range is 4 MiB to 1 GiB.
    /// </summary>
    [Range(4 * 1024 * 1024L, 1024L * 1024 * 1024)]
    public long MaxAnalysisBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long a page without validators is not checked again after its bytes were found unchanged. Each check costs a copy and a hash of
    /// the page, and a page requested a thousand times a second needs only one of them. The default is 1 second. The range is 0 to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RecheckPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The maximum size of a stylesheet or module that is read, in bytes. It limits the body as received and also after content decoding. A
    /// longer one is not read at all. The default is 2 MiB. The range is 4 KiB to 16 MiB.
    /// </summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int MaxStylesheetBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>
    /// The maximum memory for all fetched stylesheets together, in bytes. The default is 16 MiB. The range is 64 KiB to 1 GiB.
    /// </summary>
    [Range(64 * 1024L, 1024L * 1024 * 1024)]
    public long MaxStylesheetCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// The maximum size of a resource that clients are told of in advance, in bytes of content with its content coding. A larger one is
    /// left to the page, whatever the channel. The default is 4 MiB. The range is 4 KiB to 256 MiB.
    /// </summary>
    [Range(4 * 1024, 256L * 1024 * 1024)]
    public long MaxResourceBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// How many connections must have received a page that names a resource before clients are told of the resource in advance. A name that
    /// only one connection was sent may be that visitor's own: a session identifier in a URL, or something that the visitor's own request
    /// put there. It applies to all pages. The default is 2. The range is 1 to 8.
    /// </summary>
    [Range(1, 8)]
    public int NamedBy { get; init; } = 2;

    /// <summary>
    /// How many different clients must receive a page that names a resource before other clients are told of that resource. It applies to
    /// pages that are requested with <c>Cookie</c> or <c>Authorization</c>, or that set cookies. The default is 2. The range is 1 to 8.
    /// </summary>
    [Range(1, 8)]
    public int SharedBy { get; init; } = 2;

    /// <summary>
    /// From how many different addresses something must have come before it is told to others: the pages of those clients, and the pages
    /// that speak for query strings and pages never seen. An IPv6 address counts by its first 64 bits. The default is 2. The range is 1
    /// to 8. If all clients seem to come from one address, as behind a load balancer, set the clients' addresses from the forwarded
    /// fields. If that cannot be done, set this to 1; then one client can speak for others.
    /// </summary>
    [Range(1, 8)]
    public int SharedByAddresses { get; init; } = 2;

    /// <summary>
    /// Whether cookies and authorization that nothing proves count as clients, too. The default is false: a client counts only if the
    /// origin was seen to set one of its cookies or, with <c>Authorization</c>, if its page differs from everyone's. Set it to true if
    /// users sign in on another host. Then invented cookies count, and whoever can use several addresses decides what members are told.
    /// </summary>
    public bool TrustCookies { get; init; }

    /// <summary>
    /// How many pages of a folder or route must be known before a new page there is expected to need what they share. The default is 3. The
    /// range is 2 to 16.
    /// </summary>
    [Range(2, 16)]
    public int TemplatePages { get; init; } = 3;

    /// <summary>
    /// The percentage of those pages that must name a resource before a new page is expected to need it. The default is 100. The range is
    /// 50 to 100.
    /// </summary>
    [Range(50, 100)]
    public int TemplateAgreementPercent { get; init; } = 100;

    /// <summary>
    /// How long after the request for a page other requests count as made for that page. The default is 5 seconds. The range is 100 ms to 1
    /// minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan TrafficWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many views of a page must be watched before the browsers' requests confirm or correct what the analysis found. The default is 8.
    /// The range is 2 to 128.
    /// </summary>
    [Range(2, 128)]
    public int TrafficViews { get; init; } = 8;

    /// <summary>
    /// Clients of how many different networks must have requested a resource that the analysis did not find before it is delivered. A
    /// network is the first 24 bits of an IPv4 address or the first 48 of an IPv6 address. The default is 8. The range is 1 to 128.
    /// </summary>
    [Range(1, 128)]
    public int TrafficAddresses { get; init; } = 8;

    /// <summary>
    /// If browsers request a resource that the analysis did not find in at least this percentage of the watched views, it is delivered from
    /// then on. The default is 80. The range is 50 to 100.
    /// </summary>
    [Range(50, 100)]
    public int PromotePercent { get; init; } = 80;

    /// <summary>
    /// If browsers request a resource in at most this percentage of the views in which it was not delivered, it is no longer delivered. The
    /// default is 20. The range is 0 to 49.
    /// </summary>
    [Range(0, 49)]
    public int DemotePercent { get; init; } = 20;

    /// <summary>
    /// One of this many watched views leaves out one resource that nothing waits for, to see whether the browser requests it anyway. The
    /// default is 16. The range is 2 to 1,024.
    /// </summary>
    [Range(2, 1024)]
    public int HoldOutEvery { get; init; } = 16;
}
