using PushProxy.Analysis.Shells;
using PushProxy.Http2;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests;

/// <summary>Reasons as they are written.</summary>
public class EnumWordsTests
{
    [Theory]
    [InlineData(PushOutcome.Pushed, PushSkip.None)]
    [InlineData(PushOutcome.NotHttp2, PushSkip.NotHttp2)]
    [InlineData(PushOutcome.DisabledByClient, PushSkip.PushOff)]
    [InlineData(PushOutcome.LimitReached, PushSkip.PushLimit)]
    [InlineData(PushOutcome.ConnectionClosing, PushSkip.ConnectionClosing)]
    [InlineData(PushOutcome.IdentifiersUsedUp, PushSkip.ConnectionClosing)]
    [InlineData(PushOutcome.ParentEnded, PushSkip.RequestEnded)]
    [InlineData(PushOutcome.InvalidTarget, PushSkip.InvalidPromise)]
    [InlineData(PushOutcome.InvalidHeader, PushSkip.InvalidPromise)]
    [InlineData(PushOutcome.RequestIsPushed, PushSkip.InvalidPromise)]
    internal void Of_pushing(PushOutcome outcome, PushSkip reason) => Assert.Equal(reason, outcome.ToSkip());

    [Theory]
    [InlineData("none,off,not-navigation,range-request,prefetch,frame,unknown,vary-any,personalised,invalid-page-url,not-html,attachment,unsupported-encoding,broken-body,busy,stalled,failed,analysed-recently,purged,too-costly,unsteady,nothing-critical,visitor-held-out,channel-off,hard-reload,hints-not-possible,nothing-to-hint", typeof(PageSkip))]
    [InlineData("none,off,not-critical,origin-link,over-link-limit,missing,private-resource,blocked-by-policy,text-does-not-wait,not-answered,other-type,not-kept,size-unknown,too-large,not-accepted,not-used,held-out,hard-reload", typeof(ResourceSkip))]
    [InlineData("none,depends-on-screen,not-http2,before-tls,push-off,push-limit,connection-closing,request-ended,invalid-promise,under-way,over-push-count,over-push-bytes,over-idle-time,needs-credentials,varies,has-stale-copy", typeof(PushSkip))]
    [InlineData("none,served-on-connection,pushed-on-connection,validated,conditional-request,refused-by-client,in-cookie,stale-copy", typeof(CacheEvidence))]
    [InlineData("none,learned,shared-path,shared-by-clients,template,head", typeof(PageSource))]
    [InlineData("none,link,early-hints,push", typeof(DeliveryChannel))]
    [InlineData("learned,confirmed,changed", typeof(LearnOutcome))]
    [InlineData("fetched,refused,too-large,too-slow,failed,over-limit", typeof(FetchOutcome))]
    [InlineData("auto,push,early-hints,link,off", typeof(DeliveryMode))]
    [InlineData("off,shadow,on", typeof(ShellMode))]
    [InlineData("none,off,shadow,not-navigation,unusual-field,crawler,cookies,unknown,not-proven,quick,encoded,stored,deploy,site-stopped", typeof(ShellSkip))]
    [InlineData("none,status,field,encoded,bytes,short,no-answer", typeof(ShellFault))]
    [InlineData("given,nonce,token,refresh,no-content,encoding,too-deep", typeof(ShellEnd))]
    public void Debug_header_log_and_metrics_keep_their_words(string words, Type type)
    {
        var name = typeof(EnumWords).GetMethod(nameof(EnumWords.Name))!.MakeGenericMethod(type);
        Assert.Equal(words, string.Join(',', Enum.GetValues(type).Cast<object>().Select(v => (string)name.Invoke(null, [v])!)));
    }

    [Theory]
    [InlineData("early-hints", DeliveryMode.EarlyHints)]
    [InlineData(" EARLYHINTS ", DeliveryMode.EarlyHints)]
    [InlineData("1", null)]
    [InlineData("", null)]
    public void A_word_is_read_whatever_its_case_and_a_number_is_not(string text, DeliveryMode? mode) => Assert.Equal(mode, EnumWords.Parse<DeliveryMode>(text));
}
