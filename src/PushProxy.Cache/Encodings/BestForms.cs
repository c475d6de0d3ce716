using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Encodings;

/// <summary>Makes the smallest forms of a body, and picks one for a request.</summary>
internal sealed class BestForms(IEnumerable<IContentEncoder> encoders)
{
    /// <summary>A form that saves less than this share is not worth its memory.</summary>
    private const double MinSaving = 0.05;

    private readonly IContentEncoder[] _encoders = [.. encoders];

    /// <summary>Returns the forms that are worth keeping, the smallest first.</summary>
    public EncodedForm[] Make(byte[] body) =>
        [.. _encoders.Select(e => new EncodedForm(e.Name, e.Best(body)))
            .Where(f => f.Bytes.Length <= body.Length * (1 - MinSaving)).OrderBy(static f => f.Bytes.Length)];

    /// <summary>Returns the form that a client wants most, and of these the smallest; null if it wants the body as it is.</summary>
    public static EncodedForm? Choose(EncodedForm[] forms, IHeaderDictionary request) =>
        AcceptedCodings.Choose(request, forms, static f => f.Coding);
}
